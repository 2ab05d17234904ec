// A room and its server: what is shown, what is sent, and what is kept.
import { describe, expect, it, vi } from "vitest";
import type { ServerFrame } from "../src/protocol/types";
import { rightsOf } from "../src/room/rights";
import { PRESETS } from "../src/room/rules";
import { ack, changes, first, ids, opened, room, shown, start, voted, withFakes } from "./rooms";
import { FakeSocket, item, snapshot, track, welcome } from "./sockets";

withFakes();

describe("a command", () => {
  it("shows at once, is sent, and stays until the log has told it", () => {
    const socket = opened();
    room.run({ command: "track.vote", id: first.id, direction: "up" });
    expect(shown().state?.items.get(first.id)?.votes).toBe(1);
    expect(shown().state?.myVotes[first.id]).toBe(1);
    expect(shown().waiting).toEqual(new Set([first.id]));
    const [sent] = socket.commands;
    expect(sent).toMatchObject({ command: "track.vote", direction: "up" });
    // Committed, but the log is not there yet: nothing flickers.
    socket.say(ack(sent!.op_id, 1));
    expect(shown().state?.items.get(first.id)?.votes).toBe(1);
    expect(shown().waiting.size).toBe(0);
    socket.say(changes(0, voted(1, 1)));
    expect(shown().state?.items.get(first.id)?.votes).toBe(1);
    expect(shown().state?.myVotes[first.id], "my_votes may come later").toBe(1);
    expect(localStorage.length).toBe(0);
  });

  it("does not count twice when the log comes before the answer", () => {
    const socket = opened();
    room.run({ command: "track.remove", id: first.id });
    socket.say(changes(0, { type: "track.removed", revision: 1, at: "", actor: null, id: first.id }));
    socket.say(ack(socket.commands[0]!.op_id, 1));
    expect(ids()).toEqual([item(2).id]);
    expect(shown().unanswered).toBe(0);
  });

  it("that is refused is taken back, and says why", () => {
    const socket = opened();
    room.run({ command: "track.add", track_id: "track-3", id: item(3).id }, { track: track(3) });
    expect(ids()).toHaveLength(3);
    const error = { code: "DUPLICATE_TRACK", message: "…", details: {} };
    socket.say({ type: "nack", op_id: socket.commands[0]!.op_id, error, retryable: false });
    expect(ids()).toHaveLength(2);
    expect(shown().problems).toMatchObject([{ error, command: { command: "track.add" } }]);
    room.dismiss(shown().problems[0]!);
    expect(shown().problems).toEqual([]);
    expect(localStorage.length).toBe(0);
  });

  it("that may be repeated is, under the same op_id, and stays shown", () => {
    const socket = opened();
    room.run({ command: "track.vote", id: first.id, direction: "up" });
    const [sent] = socket.commands;
    const error = { code: "RATE_LIMITED", message: "…", details: {} };
    socket.say({ type: "nack", op_id: sent!.op_id, error, retryable: true });
    expect(shown().state?.items.get(first.id)?.votes).toBe(1);
    vi.advanceTimersByTime(1500);
    expect(socket.commands.map((frame) => frame.op_id)).toEqual([sent!.op_id, sent!.op_id]);
    expect(shown().problems).toEqual([]);
  });

  it("is repeated less and less often while the server can do nothing", () => {
    const socket = opened();
    const error = { code: "UNAVAILABLE", message: "…", details: {} };
    room.run({ command: "track.vote", id: first.id, direction: "up" });
    const sentAt: number[] = [];
    for (let second = 0; second < 120; second++) {
      if (socket.commands.length > sentAt.length) {
        sentAt.push(second);
        socket.say({ type: "nack", op_id: socket.commands.at(-1)!.op_id, error, retryable: true });
      }
      socket.say({ type: "ping", t: 1, revision: 0 });
      vi.advanceTimersByTime(1000);
    }
    expect(sentAt).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
  });

  it("is sent at once on a new socket, however long the server could do nothing", () => {
    const socket = opened();
    const error = { code: "UNAVAILABLE", message: "…", details: {} };
    room.run({ command: "track.vote", id: first.id, direction: "up" });
    for (let refused = 0; refused < 6; refused++) {
      socket.say({ type: "nack", op_id: socket.commands[refused]!.op_id, error, retryable: true });
      if (refused < 5) vi.advanceTimersByTime(1000 * 2 ** refused);
    }
    socket.end(1012);
    vi.advanceTimersByTime(1000);
    FakeSocket.last.open();
    FakeSocket.last.say(welcome());
    expect(FakeSocket.last.commands).toHaveLength(1);
  });

  it("never comes faster than the server takes it, and in the order it was given", () => {
    const socket = opened();
    const wanted = Array.from({ length: 60 }, (_, turn) => `song-${turn}`);
    for (const id of wanted) room.run({ command: "track.vote", id, direction: "up" });
    expect(socket.commands.length).toBeLessThanOrEqual(32);
    for (let second = 0; second < 20; second++) {
      for (const { op_id } of socket.commands) socket.say(ack(op_id, 0));
      vi.advanceTimersByTime(1000);
      expect(socket.commands.length).toBeLessThanOrEqual(32 + 20 * (second + 1));
    }
    expect(socket.commands.map((frame) => "id" in frame && frame.id)).toEqual(wanted);
    expect(new Set(socket.commands.map((frame) => frame.op_id)).size).toBe(60);
  });

  it("waits for an earlier one about the same song, which may have to be repeated", () => {
    const socket = opened();
    room.run({ command: "track.add", track_id: "track-3", id: item(3).id }, { track: track(3) });
    room.run({ command: "track.vote", id: item(3).id, direction: "up" });
    room.run({ command: "track.move", id: first.id, after: item(3).id });
    room.run({ command: "track.vote", id: item(2).id, direction: "up" });
    expect(socket.commands.map((frame) => frame.command)).toEqual(["track.add", "track.vote"]);
    const [add, other] = socket.commands;
    socket.say({ type: "nack", op_id: add!.op_id, error: { code: "UNAVAILABLE", message: "…", details: {} }, retryable: true });
    socket.say(ack(other!.op_id, 1));
    vi.advanceTimersByTime(1000);
    expect(socket.commands.at(-1)).toEqual(add);
    socket.say(ack(add!.op_id, 2));
    expect(socket.commands.slice(3)).toMatchObject([{ command: "track.vote", id: item(3).id }]);
    socket.say(ack(socket.commands.at(-1)!.op_id, 3));
    expect(socket.commands.at(-1)).toMatchObject({ command: "track.move", id: first.id });
  });

  it("is not counted twice when the log tells it before the answer", () => {
    const socket = opened();
    room.run({ command: "track.vote", id: first.id, direction: "up" });
    const { op_id } = socket.commands[0]!;
    socket.say(changes(0, { ...voted(1, 1), op_id }));
    expect(shown().state?.items.get(first.id)?.votes).toBe(1);
    socket.say(ack(op_id, 1));
    expect([shown().unanswered, localStorage.length]).toEqual([0, 0]);
  });

  it("that has no answer for long is asked again, under the same op_id", () => {
    const socket = opened();
    room.run({ command: "track.vote", id: first.id, direction: "up" });
    const pings = setInterval(() => socket.say({ type: "ping", t: 1, revision: 0 }), 10_000);
    vi.advanceTimersByTime(45_000);
    clearInterval(pings);
    expect(socket.commands).toHaveLength(2);
    expect(socket.commands[1]).toEqual(socket.commands[0]);
  });

  it("that was given before the server said who we are is sent then", () => {
    start();
    room.run({ command: "track.add", track_id: "track-3", id: item(3).id }, { track: track(3) });
    FakeSocket.last.open();
    expect(FakeSocket.last.commands).toEqual([]);
    FakeSocket.last.say(welcome());
    FakeSocket.last.say(snapshot(2));
    expect(FakeSocket.last.commands).toMatchObject([{ command: "track.add" }]);
    expect(ids()).toContain(item(3).id);
  });

  it("of a kind that this client does not know is left where it is", () => {
    const strange = { op_id: "x", command: { command: "track.juggle" }, at_ms: Date.now(), user_id: 1 };
    localStorage.setItem("playlist/main/x", JSON.stringify(strange));
    localStorage.setItem("playlist/main/y", "{");
    expect(opened().commands).toEqual([]);
    expect(ids()).toHaveLength(2);
  });
});

describe("a double click", () => {
  it.each(["next", "previous"] as const)("on %s is one skip, and two clicks are two", (to) => {
    const socket = opened(3);
    room.run({ command: "playback.play" });
    socket.say(ack(socket.commands[0]!.op_id, 0));
    for (const ms of [0, 150, 500, 200]) {
      vi.advanceTimersByTime(ms);
      room.skipTo(to);
      for (const { op_id } of socket.commands) socket.say(ack(op_id, 0));
    }
    expect(socket.commands.map((frame) => frame.command)).toEqual(["playback.play", `playback.${to}`, `playback.${to}`]);
  });

  it("does not swallow the way back", () => {
    const socket = opened(3);
    room.skipTo("next");
    socket.say(ack(socket.commands[0]!.op_id, 0));
    room.skipTo("previous");
    expect(socket.commands.map((frame) => frame.command)).toEqual(["playback.next", "playback.previous"]);
  });
});

describe("a server that says something strange", () => {
  const resume = { revision: 0, stamp: "aa" };

  it.each<[string, ServerFrame | string, object]>([
    ["no JSON", "{", { resume }],
    ["a page out of turn", { ...snapshot(1), page: 2, pages: 2 }, { resume }],
    ["a change that does not follow", changes(5, voted(6, 1)), {}],
    ["an event of something that is not there", changes(0, { type: "track.removed", revision: 1, at: "", actor: null, id: "x" }), {}],
    ["an event of a newer version", '{"type":"changes","from":0,"revision":1,"stamp":"b","events":[{"type":"track.juggled"}]}', {}],
  ])("%s: starts over, and nothing breaks", (_, frame, hello) => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const socket = opened();
    socket.say(frame);
    expect(shown().status.kind).toBe("waiting");
    expect(ids(), "what was there is shown until it is known better").toHaveLength(2);
    room.run({ command: "track.remove", id: item(2).id });
    expect(ids(), "and can be acted on").toEqual([first.id]);
    vi.advanceTimersByTime(1000);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent).toEqual([{ type: "hello", ...hello }]);
    FakeSocket.last.say(welcome(6));
    FakeSocket.last.say(snapshot(1, 6));
    expect(ids()).toHaveLength(1);
  });

  it("a frame of a newer kind is passed over", () => {
    const socket = opened();
    socket.say('{"type": "confetti"}');
    expect(shown().status.kind).toBe("open");
    expect(socket.sent.length).toBeGreaterThan(0);
  });

  it("another history: what was committed in the old one is not waited for", () => {
    const socket = opened();
    room.run({ command: "track.vote", id: first.id, direction: "up" });
    socket.say(ack(socket.commands[0]!.op_id, 50));
    expect(shown().state?.items.get(first.id)?.votes).toBe(1);
    socket.say({ ...snapshot(2, 3), reason: "history_changed" });
    expect(shown().state?.items.get(first.id)?.votes).toBe(0);
  });
});

describe("small things", () => {
  it("a ping is answered at once, and pages are put together", () => {
    start("https://here");
    const socket = FakeSocket.last;
    expect([socket.url, socket.protocols]).toEqual(["wss://here/ws/playlists/main", ["playlist.v1"]]);
    socket.open();
    socket.say(welcome());
    const { playlist, playback, ...rest } = snapshot(2);
    const [one, two] = rest.items;
    const { my_votes: _, ...page } = snapshot(0);
    socket.say({ ...page, pages: 2, items: [one!] });
    expect(shown().state).toBeNull();
    socket.say({ type: "ping", t: 5, revision: 0 });
    expect(socket.sent.at(-1)).toEqual({ type: "pong", t: 5 });
    socket.say({ ...rest, page: 2, pages: 2, items: [two!], my_votes: { [first.id]: -1 } });
    expect(ids()).toEqual([item(1).id, item(2).id]);
    expect(shown().state?.myVotes).toEqual({ [first.id]: -1 });
    expect([playlist?.name, playback?.state]).toEqual(["Main", "stopped"]);
  });

  it("the server's clock is that of the quickest answer", () => {
    const socket = opened();
    const asked = socket.sent.find((frame) => frame.type === "time");
    const sentAt = (asked as { t: number }).t;
    vi.advanceTimersByTime(100);
    socket.say({ type: "time", t: sentAt, server_time_ms: 1_000_050, clock: 0 });
    expect(room.clock.nowMs()).toBeCloseTo(1_000_100);
    vi.advanceTimersByTime(10);
    expect(room.clock.nowMs()).toBeCloseTo(1_000_110);
  });

  it("my vote for a song that was removed comes back with it", () => {
    const socket = opened();
    socket.say({ type: "my_votes", revision: 0, votes: { [first.id]: 1 } });
    socket.say(changes(0, { type: "track.removed", revision: 1, at: "", actor: null, id: first.id }));
    socket.say({ type: "my_votes", revision: 2, votes: { [item(2).id]: -1 } });
    socket.say(changes(1, { type: "track.added", revision: 2, at: "", actor: null, item: { ...first, votes: 1 } }));
    expect(shown().state?.myVotes).toEqual({ [first.id]: 1, [item(2).id]: -1 });
  });

  it("the server's clock goes on over a sleep, and any answer after it is better than all before", () => {
    const socket = opened();
    const asked = () => (socket.sent.filter((frame) => frame.type === "time").at(-1) as { t: number }).t;
    socket.say({ type: "time", t: asked(), server_time_ms: 1_000_000, clock: 0 });
    window.dispatchEvent(new Event("online"));
    expect(room.clock.nowMs()).toBeCloseTo(1_000_000);
    vi.advanceTimersByTime(500);
    socket.say({ type: "time", t: asked(), server_time_ms: 2_000_000, clock: 0 });
    expect(room.clock.nowMs()).toBeCloseTo(2_000_250);
  });

  it("presence gives the people who are here", () => {
    const socket = opened();
    socket.say({ type: "presence", online: 3, participants: [{ id: 1, name: "Anna", role: "host" }], speakers: [] });
    expect([shown().online, shown().people.length]).toEqual([3, 1]);
  });
});

describe("rights", () => {
  it("know one's own songs by the person, not by the name", () => {
    const { playlist } = snapshot(0);
    const hosted = { ...playlist!, rules: { ...playlist!.rules, guests: PRESETS.hosted } };
    const me = { id: 1, name: "Anna", role: "participant" as const, adder: "p-anna" };
    const mayRemove = (added_by: string, adder: string | null) => rightsOf(hosted, me).remove({ ...first, added_by, adder });
    expect(mayRemove("Anna", "p-another-anna")).toBe(false);
    expect(mayRemove("Anna K.", "p-anna")).toBe(true);
    expect(mayRemove("Anna", null)).toBe(false);
  });
});
