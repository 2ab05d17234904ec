// A room over a fake socket, for tests that say what it shows, sends and keeps.
import { afterEach, beforeEach, vi } from "vitest";
import type { RoomEvent, ServerFrame } from "../src/protocol/types";
import { Room } from "../src/room/room";
import { FakeSocket, item, snapshot, welcome } from "./sockets";

/** The room of the running test. */
export let room: Room;

/** Time stands still, the socket is a fake, and nothing is kept from the test before. */
export function withFakes(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance", "Date"] });
    FakeSocket.install();
    localStorage.clear();
  });
  afterEach(() => {
    room.stop();
    vi.useRealTimers();
  });
}

/** Another room, whose socket is not open yet. */
export function start(origin = "http://here"): void {
  room = new Room("main", true, origin);
  room.start();
}

/** Another room, which has its snapshot. */
export function opened(count = 2, serverTimeMs = Date.now()): FakeSocket {
  start();
  FakeSocket.last.open();
  FakeSocket.last.say({ ...welcome(), server_time_ms: serverTimeMs } as ServerFrame);
  FakeSocket.last.say(snapshot(count));
  return FakeSocket.last;
}

export const ids = () => [...(room.store.getState().state?.items.keys() ?? [])];
export const shown = () => room.store.getState();
export const first = item(1);

export const changes = (from: number, ...events: RoomEvent[]): ServerFrame => ({
  type: "changes",
  from,
  revision: from + events.length,
  stamp: "bb",
  events,
});
export const voted = (revision: number, votes: number): RoomEvent => ({
  type: "track.voted",
  revision,
  at: "",
  actor: null,
  item: { id: first.id, votes },
});
export const ack = (op_id: string, revision: number): ServerFrame => ({ type: "ack", op_id, revision, result: null });
