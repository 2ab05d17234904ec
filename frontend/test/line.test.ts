// A line that is cut or slow, and comes back.
import { describe, expect, it, vi } from "vitest";
import type { ServerFrame } from "../src/protocol/types";
import { ack, changes, first, ids, opened, room, shown, start, voted, withFakes } from "./rooms";
import { FakeSocket, item, snapshot, track, welcome } from "./sockets";

const HOUR_MS = 3_600_000;

withFakes();

/** What deploy/Caddyfile and deploy/nginx.conf let through. */
function asDeployed(address: string): Promise<Response> {
  return Promise.resolve(new Response("", { status: /^\/(metrics|healthz?|readyz)\b/.test(address) ? 404 : 200 }));
}

/** The server tells the time, as it was asked last. */
function answer(socket: FakeSocket): void {
  const { t = null } = socket.sent.findLast((frame) => frame.type === "time")!;
  socket.say({ type: "time", t, server_time_ms: 1, clock: 0 });
}

describe("a line that is cut", () => {
  it("is resumed from the revision, and what had no answer is sent once more", () => {
    const socket = opened();
    socket.say(changes(0, voted(1, 4)));
    room.run({ command: "track.vote", id: first.id, direction: "up" });
    const { op_id } = socket.commands[0]!;
    socket.end(1006);
    expect(shown().status.kind).toBe("waiting");
    room.run({ command: "track.remove", id: item(2).id });
    expect(ids()).toEqual([first.id]);
    expect(shown().unanswered).toBe(2);
    vi.advanceTimersByTime(1000);
    const next = FakeSocket.last;
    expect(next).not.toBe(socket);
    next.open();
    expect(next.sent).toEqual([{ type: "hello", resume: { revision: 1, stamp: "bb" } }]);
    next.say(welcome(1));
    expect(next.commands.map((frame) => frame.command)).toEqual(["track.vote", "track.remove"]);
    expect(next.commands[0]!.op_id).toBe(op_id);
    expect(shown().status.kind).toBe("open");
  });

  it("loses nothing over a reload, and sends it for the same person only", () => {
    const socket = opened();
    socket.end(1006);
    room.run({ command: "track.add", track_id: "track-3", id: item(3).id }, { track: track(3) });
    room.run({ command: "track.move", id: item(3).id, after: null });
    room.stop();
    const reloaded = opened();
    reloaded.say(ack(reloaded.commands[0]!.op_id, 1));
    expect(reloaded.commands.map((frame) => frame.command)).toEqual(["track.add", "track.move"]);
    expect([...shown().state!.items.values()].find((one) => one.track_id === "track-3")?.position).toBe(0);
    room.stop();
    start();
    FakeSocket.last.open();
    FakeSocket.last.say({ ...welcome(), you: { id: 2, name: "Ben", role: "participant", adder: "p-ben" } } as ServerFrame);
    FakeSocket.last.say(snapshot(2));
    expect(FakeSocket.last.commands).toEqual([]);
    expect(ids(), "nor does anybody else see it").toHaveLength(2);
  });

  it("does not send what is so old that the server may have forgotten it", () => {
    const socket = opened();
    socket.end(1006);
    room.run({ command: "playback.next", expect_item_id: null });
    room.stop();
    vi.advanceTimersByTime(24 * HOUR_MS);
    expect(opened().commands).toEqual([]);
    expect(localStorage.length).toBe(0);
    expect(shown().problems, "and says so").toMatchObject([{ command: { command: "playback.next" }, error: { code: "EXPIRED" } }]);
  });

  it("sends at any age what cannot have its effect twice", () => {
    const socket = opened();
    socket.end(1006);
    room.run({ command: "track.add", track_id: "track-3", id: item(3).id }, { track: track(3) });
    room.run({ command: "track.vote", id: first.id, direction: "up" });
    room.run({ command: "track.remove", id: item(2).id });
    room.stop();
    vi.advanceTimersByTime(90 * HOUR_MS);
    expect(opened().commands.map((frame) => frame.command)).toEqual(["track.add", "track.vote", "track.remove"]);
    expect(shown().problems).toEqual([]);
  });

  it.each([
    ["ten years behind, and set right meanwhile", -87_600, 0],
    ["right, and set ten years ahead meanwhile", 0, 87_600],
  ])("does not ask a device how old something is whose clock was %s", (_, before, after) => {
    const start = Date.now();
    const socket = opened();
    vi.setSystemTime(start + before * HOUR_MS);
    socket.end(1006);
    room.run({ command: "playlist.update", name: "Friday" });
    room.run({ command: "playback.next", expect_item_id: null });
    room.stop();
    vi.setSystemTime(start + after * HOUR_MS);
    const reloaded = opened(2, start + HOUR_MS);
    expect(reloaded.commands.map((frame) => frame.command)).toEqual(["playlist.update", "playback.next"]);
    expect(shown().problems).toEqual([]);
  });

  it("keeps what was given before the server ever told the time, by whatever clock", () => {
    const now = Date.now();
    vi.setSystemTime(0);
    start();
    room.run({ command: "playlist.update", name: "Friday" });
    room.run({ command: "playlist.update", name: "Saturday" });
    room.stop();
    vi.setSystemTime(now);
    const socket = opened(2, now);
    socket.say(ack(socket.commands[0]!.op_id, 1));
    expect(socket.commands).toMatchObject([{ name: "Friday" }, { name: "Saturday" }]);
  });

  it("does not send it either when the page was only asleep", () => {
    const socket = opened();
    socket.end(1006);
    room.run({ command: "playback.next", expect_item_id: null });
    vi.setSystemTime(Date.now() + 60 * 3600 * 1000);
    vi.advanceTimersByTime(1000);
    FakeSocket.last.open();
    FakeSocket.last.say(welcome());
    expect(FakeSocket.last.commands).toEqual([]);
  });

  it("waits as long as the server announced", () => {
    const socket = opened();
    socket.say({ type: "going_away", retry_ms: 3000 });
    socket.end(1012);
    vi.advanceTimersByTime(2900);
    expect(FakeSocket.all).toHaveLength(1);
    vi.advanceTimersByTime(200);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("is not noticed by the browser, but by its silence", () => {
    opened();
    vi.advanceTimersByTime(39_999);
    expect(shown().status.kind).toBe("open");
    vi.advanceTimersByTime(1);
    expect(shown().status.kind).toBe("waiting");
  });

  it("is not given up while the server answers: it may be on this very machine", () => {
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    const socket = opened();
    window.dispatchEvent(new Event("offline"));
    for (let turn = 0; turn < 5; turn++) {
      answer(socket);
      vi.advanceTimersByTime(4_000);
    }
    expect([shown().status.kind, FakeSocket.all.length]).toEqual(["open", 1]);
    vi.advanceTimersByTime(4_000);
    expect(shown().status.kind, "once it no longer does, it is").toBe("offline");
  });

  it("is not taken for alive because of what was on its way before it broke", () => {
    const socket = opened();
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    vi.advanceTimersByTime(1_000);
    window.dispatchEvent(new Event("offline"));
    socket.say({ type: "time", t: 1, server_time_ms: 1, clock: 0 });
    vi.advanceTimersByTime(1_000);
    socket.say(changes(0, voted(1, 4)));
    vi.advanceTimersByTime(3_999);
    expect(shown().status.kind, "which may come slowly").toBe("open");
    vi.advanceTimersByTime(1);
    expect(shown().status.kind).toBe("offline");
  });

  it("is tried now and then without a network, and at once when that returns", () => {
    const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    opened();
    window.dispatchEvent(new Event("offline"));
    vi.advanceTimersByTime(4_000);
    expect([shown().status.kind, FakeSocket.all.length]).toEqual(["offline", 1]);
    vi.advanceTimersByTime(10_000);
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.last.end(1006);
    online.mockReturnValue(true);
    window.dispatchEvent(new Event("online"));
    expect(FakeSocket.all).toHaveLength(3);
  });

  it("is tried more and more slowly when each socket is greeted and then cut off", () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    start();
    for (let turn = 0; turn < 4; turn++) {
      FakeSocket.last.open();
      FakeSocket.last.say(welcome());
      FakeSocket.last.end(1012);
      vi.advanceTimersByTime(500 * 2 ** turn);
      expect(FakeSocket.all).toHaveLength(turn + 2);
    }
  });

  it("of somebody whom the server does not know any more asks them to join again", () => {
    opened();
    FakeSocket.last.end(1006);
    vi.advanceTimersByTime(1000);
    FakeSocket.last.open();
    FakeSocket.last.say({ ...welcome(), you: { id: null, name: null, role: null, adder: "p-address" } } as ServerFrame);
    expect(shown().status).toEqual({ kind: "ended", reason: "unknown" });
  });

  it.each([
    { who: "a page", listens: false, expected: [500, 1000, 2000, 4000, 8000, 10000, 10000, 10000] },
    { who: "a device that plays the sound", listens: true, expected: [500, 1000, 2000, 2000, 2000, 2000, 2000, 2000] },
  ])("is tried less and less often by $who, up to a limit", ({ listens, expected }) => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    start();
    room.listenClosely(listens);
    const waits: number[] = [];
    for (let turn = 0; turn < 8; turn++) {
      FakeSocket.last.end(1006);
      const status = shown().status;
      if (status.kind !== "waiting") throw new Error(status.kind);
      waits.push(status.retryAt - performance.now());
      vi.advanceTimersByTime(waits.at(-1)!);
    }
    expect(waits).toEqual(expected);
  });

  it.each([
    ["the server answers over plain HTTP", () => Promise.resolve(new Response("ok")), true],
    ["a proxy keeps to itself what machines ask", asDeployed, true],
    ["the server is away altogether", () => Promise.reject(new TypeError("Failed to fetch")), false],
    ["a proxy says that the server is away", () => Promise.resolve(new Response("", { status: 502 })), false],
  ])("is told apart from one that lets no sockets pass: %s", async (_, fetch, isBlocked) => {
    vi.stubGlobal("fetch", fetch);
    start();
    for (let turn = 0; turn < 4; turn++) {
      expect(shown().isBlocked).toBe(false);
      FakeSocket.last.end(1006);
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(shown().isBlocked).toBe(isBlocked);
    FakeSocket.last.open();
    FakeSocket.last.say(welcome());
    expect(shown().isBlocked).toBe(false);
  });

  it.each([
    [4401, "unknown"],
    [4403, "removed"],
    [4404, "missing"],
  ])("for good with %i", (code, reason) => {
    opened().end(code);
    expect(shown().status).toEqual({ kind: "ended", reason });
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
  });
});
