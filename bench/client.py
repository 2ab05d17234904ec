"""python3 run.py bench client: a room of a thousand songs in Chromium, while twenty changes a second come in.

Somebody drags a row up and down all the while. Reported are tasks that held the page for more than 50 ms, how long
frames took, and how the memory grew; `--minutes 5` shows whether it stays flat. Apart from that, how long it takes to
tell of every song when it plays and why, and one plain pass over the songs; `--explain` measures only this.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import subprocess
import time
import urllib.request
from statistics import median
from typing import Any

from msgspec import Struct
from playwright.async_api import CDPSession, Page, async_playwright

from bench._report import Row, unmeasured
from bench._servers import Lab, Running, Spec
from tests.servers import PRODUCT, ROOT
from toolchain import built_files

SONGS = 1000
CHANGES_A_SECOND = 20

_WATCH = """() => {
    window.long = [];
    new PerformanceObserver(list => window.long.push(...list.getEntries().map(entry => entry.duration)))
        .observe({ type: 'longtask' });
    window.frames = [];
    let last = performance.now();
    const frame = now => { window.frames.push(now - last); last = now; requestAnimationFrame(frame) };
    requestAnimationFrame(frame);
}"""


#: A queue of fifty people in fair order, with votes. Returns milliseconds: of each explanation, and of each pass.
_EXPLAIN = """count => {
    const track = { duration_ms: 200000, audio_version: 1, missing: false };
    const at = '2026-01-01T20:00:00.000Z';
    const items = Array.from({ length: count }, (_, n) => ({
        id: `item-${n}`, track, position: n, votes: (n * 7) % 11, adder: `p-${n % 50}`, because: null,
        is_playing: n === 0, played_at: n === 0 ? at : null, boosted_at: n % 100 === 1 ? at : null,
    }));
    const state = {
        items: new Map(items.map(item => [item.id, item])),
        playlist: { order: 'fair', fair: { round: 3, turns: { 'p-0': 4 } } },
        playback: { state: 'playing', item_id: 'item-0', position_seconds: 0, started_at_ms: 0 },
    };
    const timed = work => Array.from({ length: 50 }, () => {
        const began = performance.now();
        work();
        return performance.now() - began;
    });
    const pass = () => new Map([...state.items.values()].map(item => [item.id, { ...item }]));
    if (explaining.explained(state, false).size !== count - 1) throw new Error('not all of them');
    return [timed(() => explaining.explained(state, false)), timed(pass)];
}"""


class Caller:
    """Acts over REST, with the token of the room's host."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}/api/"
        self._token = ""
        self._token = self("POST", "user/register", {"username": "bench", "password": "a long enough one"})["token"]

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, method=method, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read()
        return json.loads(text) if text else None


def fill(call: Caller, songs: int) -> tuple[str, list[str]]:
    """A room with so many songs: its slug, and their ids."""
    slug = call("POST", "playlists", {"name": "A thousand songs", "visibility": "public"})["slug"]
    ids = []
    for number in range(songs):
        track = {"title": f"Song {number}", "artist": f"Artist {number % 50}", "duration_seconds": 200}
        ids.append(call("POST", f"playlists/{slug}/items", {"track_id": call("POST", "tracks", track)["id"]})["id"])
    return slug, ids


def change(call: Caller, slug: str, ids: list[str], choice: random.Random) -> None:
    """A vote, a move, or a removal that is taken back."""
    item = f"playlists/{slug}/items/{choice.choice(ids)}"
    what = choice.random()
    if what < 0.6:
        call("POST", f"{item}/vote", {"direction": choice.choice(("up", "down", "none"))})
    elif what < 0.9:
        call("PATCH", item, {"position": choice.uniform(0, 1000)})
    else:
        call("DELETE", item)
        call("POST", f"{item}/restore")


async def keep_changing(call: Caller, slug: str, ids: list[str], until: float) -> int:
    choice, done, started = random.Random(7), 0, time.monotonic()
    while time.monotonic() < until:
        await asyncio.to_thread(change, call, slug, ids, choice)
        done += 1
        await asyncio.sleep(max(0.0, started + done / CHANGES_A_SECOND - time.monotonic()))
    return done


async def keep_dragging(page: Page, until: float) -> None:
    handle = page.get_by_role("list", name="Queue").get_by_role("button", name="Move ").nth(4)
    while time.monotonic() < until:
        box = await handle.bounding_box()
        if box is None:
            await asyncio.sleep(0.1)
            continue
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        await page.mouse.move(x, y)
        await page.mouse.down()
        for step in range(60):
            await page.mouse.move(x, y + 200 * abs(((step / 20) % 2) - 1))
            await asyncio.sleep(0.016)
        await page.keyboard.press("Escape")
        await page.mouse.up()


async def heap_bytes(session: CDPSession) -> int:
    await session.send("HeapProfiler.collectGarbage")
    return int((await session.send("Runtime.getHeapUsage"))["usedSize"])


async def measure(server: Running, seconds: float, songs: int = SONGS) -> Seen:
    call = Caller(server.port)
    slug, ids = await asyncio.to_thread(fill, call, songs)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.goto(f"http://localhost:{server.port}/r/{slug}")
        await page.get_by_role("button", name="Join").click()
        await page.get_by_role("button", name="Move ").first.wait_for()
        await page.wait_for_timeout(1000)
        session = await page.context.new_cdp_session(page)
        before = await heap_bytes(session)
        await page.evaluate(_WATCH)
        until = time.monotonic() + seconds
        done, _ = await asyncio.gather(keep_changing(call, slug, ids, until), keep_dragging(page, until))
        long, frames = await page.evaluate("[window.long, window.frames]")
        after = await heap_bytes(session)
        drawn = await page.get_by_role("list", name="Queue").get_by_role("listitem").count()
        await browser.close()
    frames.sort()
    return Seen(done / seconds, long, frames, drawn, before, after)


async def explanation_ms(songs: int = SONGS) -> tuple[float, float]:
    """The medians of explaining a whole queue in Chromium, and of one pass over it."""
    rolldown = ROOT / "frontend" / "node_modules" / ".bin" / "rolldown"
    source = ROOT / "frontend" / "src" / "room" / "explain.ts"
    bundle = subprocess.run(
        [str(rolldown), str(source), "--format", "iife", "--name", "explaining", "--log-level", "silent"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = await browser.new_page()
        explained, passed = await page.evaluate(f"(() => {{ {bundle}; return ({_EXPLAIN})({songs}) }})()")
        await browser.close()
    return median(explained), median(passed)


class Seen(Struct, frozen=True):
    """What the page went through. `long` and `frames`: milliseconds, the frames in order of length."""

    changes_per_second: float
    long: list[float]
    frames: list[float]
    drawn: int
    heap_before: int
    heap_after: int

    @property
    def most_frames_ms(self) -> float:
        """Within which 99 % of the frames were there."""
        return self.frames[int(len(self.frames) * 0.99)]


def first_load_bytes() -> int:
    """What a browser fetches of scripts and styles, compressed: of all pages together, so a bound for each."""
    return sum((ROOT / "frontend" / "dist" / f"{name}.gz").stat().st_size for name in built_files())


SPECS = (Spec(PRODUCT, on="another"),)


def rows(lab: Lab, seconds: float = 30, songs: int = SONGS) -> list[Row]:
    """The goals of the client. Needs Chromium, and the built client."""
    goal = f"client: tasks over 50 ms, {CHANGES_A_SECOND} changes/s"
    load = first_load_bytes() / 1000
    size = Row("client: first load, compressed", load, "kB", None, "≤ 200 kB", 0 < load <= 200)
    if not shutil.which("chromium"):
        return [unmeasured(goal, "none", "needs chromium"), size]
    seen = asyncio.run(measure(lab.server(SPECS[0]), seconds, songs))
    longest = f", the longest {max(seen.long):.0f} ms" if seen.long else ""
    note = f"{songs} songs, {seconds:g} s{longest}; 99 % of frames within {seen.most_frames_ms:.0f} ms"
    whole, once = asyncio.run(explanation_ms(songs))
    why = Row("client: when and why of the queue", whole, "ms", whole / once, "≤ 5 ms", whole <= 5, "beside one pass")
    return [Row(goal, len(seen.long), "", None, "none", not seen.long, note), why, size]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--explain", action="store_true", help="only how long it takes to explain the queue")
    options = parser.parse_args()
    whole, once = asyncio.run(explanation_ms())
    print(f"  when and why of {SONGS} songs  {whole:.2f} ms, one pass over them {once:.2f} ms")
    if options.explain:
        return
    seconds = 60 * options.minutes
    with Lab() as lab:
        seen = asyncio.run(measure(lab.server(SPECS[0]), seconds))
    print(f"{SONGS} songs, {seen.changes_per_second:.1f} changes/s for {seconds:.0f} s, with a row being dragged")
    print(f"  tasks over 50 ms       {len(seen.long)}{f', the longest {max(seen.long):.0f} ms' if seen.long else ''}")
    print(f"  frames                 {len(seen.frames) / seconds:.0f}/s, 99 % within {seen.most_frames_ms:.0f} ms")
    print(f"  rows in the document   {seen.drawn}")
    print(f"  memory (JavaScript)    {seen.heap_before / 1e6:.1f} MB before, {seen.heap_after / 1e6:.1f} MB after")


if __name__ == "__main__":
    main()
