"""Records what clients of every kind are told, side by side, as text that is the same whenever it is told again.

A step is one thing that somebody says, and everything that anybody hears because of it. It ends when everybody has
heard what it brought about, so nothing here depends on speed.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import re
from collections.abc import Sequence
from typing import Any

from websockets.exceptions import InvalidStatus

from tests.realtime.client import subprotocols
from tests.realtime.lines import ANSWERS, Line, Socket, Stream, told_headers
from tests.servers import DEADLINE, Server

#: What differs from one recording to the next: a kind, and where it stands. What is written in capitals has no number,
#: since it may or may not be what it was before.
_VARYING = (
    ("id", r"\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b"),
    ("TIME", r'"type":"playlist\.reordered","revision":\d+,"at":"([^"]+)"'),
    ("NOW", r'"type":"ping","ts":"([^"]+)"'),
    ("time", r'"(\d{4}-\d\d-\d\dT[\d:.]+Z)"'),
    ("NOW", r'"server_time_ms":(\d+)'),
    ("NOW", r'"t": ?(\d{13})\b'),
    ("ms", r'"started_at_ms":(\d+)'),
    ("WAIT", r'"retry_ms":(\d+)'),
    ("WAIT", r"^Retry-After: (\d\d+)$"),
    ("SECONDS", r'"position_seconds":(\d+\.\d*[1-9]\d*)'),
    ("playlist", r'"id":(\d+),"slug"'),
    ("artist", r'"artist_id":(\d+)'),
    ("album", r'"album_id":(\d+)'),
    ("person", r'"id":(\d+)'),
    ("person", r"/participants/(\d+)"),
    ("token", r'"token":"([^"]+)"'),
    ("INSTALLATION", r"^Set-Cookie: [a-z]+_([0-9a-f]{8})="),
    ("COOKIE", r"^Set-Cookie: [^=]+=([^;]+)"),
    ("EXPIRES", r"expires=([^;]+)"),
    # It names a row by its number, of which the database has given some to other tests.
    ("CURSOR", r"/history\?limit=1&cursor=(\w+)"),
    ("SERVER", r"(http://\d+\.\d+\.\d+\.\d+:\d+)"),
    ("stamp", r'(?:"stamp": ?"|\b[Ii][Dd]: \d+\.|"\d+-)([0-9a-f]{16})\b'),
    ("adder", r'"adder": ?"([0-9a-f]{24})"'),
    ("caller", r"-([0-9a-f]{12})\b"),
)
_PATTERNS = [(kind, re.compile(pattern, re.MULTILINE)) for kind, pattern in _VARYING]


class Placeholders:
    """Replaces what varies by names, numbered in the order in which they appear."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def know(self, value: str, name: str) -> None:
        self._known[value] = f"<{name}>"

    def put_into(self, text: str) -> str:
        for value, name in self._known.items():
            text = text.replace(value, name)
        for kind, pattern in _PATTERNS:
            text = pattern.sub(lambda match, kind=kind: self._replaced(kind, match), text)  # type: ignore[misc]
        return text

    def _replaced(self, kind: str, match: re.Match[str]) -> str:
        start, end = (place - match.start() for place in match.span(1))
        return match[0][:start] + self._name(kind, match[1]) + match[0][end:]

    def _name(self, kind: str, value: str) -> str:
        if kind.isupper():
            return f"<{kind.lower()}>"
        if (kind, value) not in self._names:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._names[kind, value] = f"<{kind} {self._counts[kind]}>"
        return self._names[kind, value]


class Recording:
    """Steps, as they are compared and kept: what was said, and what each line heard of it."""

    def __init__(self) -> None:
        self._steps: list[tuple[str, dict[str, list[str]]]] = []
        self._placeholders = Placeholders()
        self.lines: dict[str, Line] = {}
        self.tokens: dict[str, str] = {}
        #: Slug → the newest revision.
        self.heads: dict[str, int] = {}
        #: What REST said last: the status, the headers that count, the body.
        self.answer: list[str] = []

    def know(self, value: str, name: str) -> None:
        """A text that differs from one recording to the next, and that only this one can recognise."""
        self._placeholders.know(value, name)

    def note(self, said: str, **answers: list[str]) -> None:
        heard = {name: line.noted() for name, line in self.lines.items() if line.heard}
        self._steps.append((said, {**answers, **heard}))

    def steps(self) -> list[dict[str, Any]]:
        """All of it, with placeholders."""
        put = self._placeholders.put_into
        return [
            {"said": put(said), "heard": {name: [put(text) for text in texts] for name, texts in heard.items()}}
            for said, heard in self._steps
        ]

    async def settled(self, slug: str, revision: int, votes_of: Sequence[str] = ()) -> None:
        """Everybody who follows this room has heard of it up to this revision, and these of their votes."""
        self.heads[slug] = max(revision, self.heads.get(slug, 0))
        for name, line in self.lines.items():
            if line.slug == slug and line.revision is not None:
                await line.until(lambda line=line: line.has_heard_of(revision), f"{name}: {revision}")  # type: ignore[misc]
            if name in votes_of:
                await line.until(lambda line=line: "my_votes" in line.kinds, f"{name}: my_votes")  # type: ignore[misc]

    # ── What can be said ─────────────────────────────────────────────────────────────────────────────────────────────

    async def call(
        self,
        server: Server,
        who: str,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        *,
        grows: dict[str, int] | None = None,
        votes_of: Sequence[str] = (),
        closes: Sequence[str] = (),
    ) -> Any:
        """A request to the API; its JSON. `grows`: slug → how many events it brings; `closes`: whose lines it ends."""
        bearer = {"Authorization": f"Bearer {self.tokens[who]}"} if who in self.tokens else {}
        text = body if isinstance(body, str) else None if body is None else json.dumps(body)
        given = {"Content-Type": "application/json", **(headers or {})}
        self.answer = await asyncio.to_thread(_request, server, method, path, text, {**bearer, **given})
        for slug, events in (grows or {}).items():
            await self.settled(slug, self.heads.get(slug, 0) + events, votes_of)
        await self.until_closed(*closes)
        said = " ".join([who, method, f"/api/{path}", *(f"{name}: {value}" for name, value in (headers or {}).items())])
        self.note(f"{said} {text}" if text is not None else said, answer=self.answer)
        body = self.answer[-1]
        return json.loads(body) if body.startswith(("{", "[")) else None

    async def opens(
        self, server: Server, name: str, path: str, slug: str = "main", *, v1: bool = False, **options: Any
    ) -> None:
        """A socket; `name` is whose it is, and whose token goes with it."""
        offered = subprotocols(self.tokens.get(name)) if v1 else None
        said = f"{name} opens /{path}" + (" for playlist.v1" if v1 else "")
        try:
            socket = await Socket.open(server, path, slug, offered, **options)
        except InvalidStatus as refused:
            self.note(said, answer=[f"{refused.response.status_code}"])
            return
        self.lines[name] = socket
        self.note(said, answer=[f"subprotocol {socket.subprotocol}"])

    async def listens(
        self,
        server: Server,
        name: str,
        path: str,
        slug: str = "main",
        headers: dict[str, str] | None = None,
        *,
        at: int,
    ) -> None:
        """An event stream, until it has told of a revision."""
        stream = await Stream.open(server, path, slug, headers or {})
        self.lines[name] = stream
        head = await stream.head()
        await stream.until(lambda: stream.revision == at, f"{name}: {at}")
        given = "".join(f" {key}: {value}" for key, value in (headers or {}).items())
        self.note(f"{name} listens to /{path}{given}", answer=head)

    def _socket(self, name: str) -> Socket:
        line = self.lines[name]
        assert isinstance(line, Socket), f"{name} only listens"
        return line

    async def says(self, name: str, said: dict[str, Any] | str | bytes, until: str) -> list[dict[str, Any]]:
        """A frame on a socket, until it has heard one of this kind. Returns what it heard."""
        line = self._socket(name)
        text = json.dumps(said) if isinstance(said, dict) else said
        await line.say(text)
        await line.until(lambda: until in line.kinds, f"{name}: {until}")
        heard = [json.loads(frame) for frame in line.heard if frame.startswith("{")]
        shown = text if isinstance(text, str) else repr(text)
        self.note(f"{name} {shown if len(shown) < 1000 else f'{shown[:40]} and so on, {len(shown)} long'}")
        return heard

    async def commands(
        self, name: str, op_id: str, command: str, /, *, votes_of: Sequence[str] = (), **arguments: Any
    ) -> Any:
        """A command on a socket, until it is answered and everybody has heard of it. Returns the result.

        `votes_of`: the people that are told of their votes again because of it, beside the voter.
        """
        line = self._socket(name)
        said = json.dumps({"type": "command", "op_id": op_id, "command": command, **arguments})
        await line.say(said)
        await line.until(lambda: ANSWERS & set(line.kinds), f"{name}: an answer")
        answers = [json.loads(text) for kind, text in zip(line.kinds, line.heard, strict=True) if kind in ANSWERS]
        answer = answers[0]
        if answer["type"] == "ack":
            voted = command == "track.vote" and answer["revision"] > self.heads.get(line.slug, 0)
            await self.settled(line.slug, answer["revision"], [name] if voted else votes_of)
        self.note(f"{name} {said}")
        return answer.get("result")

    async def waits(self, name: str, until: str) -> None:
        """For what comes by itself."""
        line = self.lines[name]
        await line.until(lambda: until in line.kinds, f"{name}: {until}")
        self.note(f"{name} waits")

    async def until_closed(self, *names: str) -> None:
        for name in names:
            line = self.lines[name]
            await line.until(lambda line=line: line.is_closed, f"{name}: the end")  # type: ignore[misc]

    async def sees(self, name: str, online: int) -> None:
        """Note the presence as it is told, once so many are online."""
        line = self.lines[name]
        await line.until(lambda: line.presence.get("online") == online, f"{name}: {online} online")
        self.note(f"{name} sees who is here", answer=[line.presence_text])

    async def leaves(self, *names: str) -> None:
        for name in names:
            await self.lines.pop(name).end()


def _request(server: Server, method: str, path: str, text: str | None, headers: dict[str, str]) -> list[str]:
    """Status, the headers that count, and the body as it came."""
    caller = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)
    caller.request(method, f"/api/{path}", None if text is None else text.encode(), headers)
    response = caller.getresponse()
    body = response.read().decode()
    caller.close()
    return [str(response.status), *told_headers(response.getheaders()), body]
