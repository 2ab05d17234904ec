// The room while its server is away.
import { describe, expect, it, vi } from "vitest";
import type { RoomEvent } from "../src/protocol/types";
import { changes, opened, room, shown, withFakes } from "./rooms";
import { FakeSocket, item, snapshot, welcome } from "./sockets";

withFakes();

describe("while the server is away", () => {
  const SONG_MS = 180_000;
  const playing = (revision: number, number: number, started_at_ms: number): RoomEvent => ({
    type: "track.playing",
    revision,
    at: "",
    actor: null,
    id: item(number).id,
    playback: { ...snapshot(0).playback!, state: "playing", item_id: item(number).id, started_at_ms },
    fair: null,
  });
  const current = () => shown().state?.playback;

  it("the room goes on by the plan, as the speakers do, until the log goes on", () => {
    vi.spyOn(Math, "random").mockReturnValue(0); // so that a socket is always about to open
    const startedAt = Date.now();
    const socket = opened(3);
    socket.say(changes(0, playing(1, 1, startedAt)));
    socket.end(1006);
    vi.advanceTimersByTime(SONG_MS - 1);
    expect(current()?.item_id).toBe(item(1).id);
    vi.advanceTimersByTime(1);
    expect(current()).toMatchObject({ item_id: item(2).id, started_at_ms: startedAt + SONG_MS, state: "playing" });
    expect(shown().state?.items.get(item(1).id)?.is_playing).toBe(false);
    expect(shown().confirmed?.playback.item_id, "which the log has not said").toBe(item(1).id);
    // The line is back before the server has looked at the clock.
    FakeSocket.last.open();
    FakeSocket.last.say(welcome(1));
    room.run({ command: "playback.pause", ...room.expected() });
    expect(FakeSocket.last.commands, "is meant for what is shown").toMatchObject([{ expect_item_id: item(2).id }]);
    expect(current()).toMatchObject({ item_id: item(2).id, state: "paused" });
    FakeSocket.last.say(changes(1, playing(2, 2, startedAt + SONG_MS)));
    expect(current()).toMatchObject({ item_id: item(2).id, state: "paused" });
  });

  it("the end of the queue is the end", () => {
    const socket = opened(1);
    socket.say(changes(0, playing(1, 1, Date.now())));
    socket.end(1006);
    vi.advanceTimersByTime(SONG_MS);
    expect(current()).toMatchObject({ item_id: null, state: "stopped" });
  });

  it("a server that can be reached has a moment to tell what plays", () => {
    const socket = opened(2);
    socket.say(changes(0, playing(1, 1, Date.now())));
    const listen = () => socket.say({ type: "ping", t: 1, revision: 1 });
    for (let passed = 0; passed < SONG_MS; passed += 10_000) {
      vi.advanceTimersByTime(10_000);
      listen();
    }
    vi.advanceTimersByTime(1_000);
    expect(current()?.item_id).toBe(item(1).id);
    vi.advanceTimersByTime(1_000);
    expect(current()?.item_id).toBe(item(2).id);
  });
});
