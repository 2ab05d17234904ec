// A speaker in a room, with fake engines: what it lets sound, and what it tells.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SpeakerControl } from "../src/player/control";
import { readDevice } from "../src/player/device";
import type { Cue, EngineEvents } from "../src/player/engine";
import { Speaker } from "../src/player/speaker";
import type { Playback, RoomEvent } from "../src/protocol/types";
import { Room } from "../src/room/room";
import { FakeSocket, item, snapshot, track, welcome } from "./sockets";

class FakeEngine {
  cues: readonly Cue[] = [];
  level = 1;
  delayMs = 0;
  isSilent = false;
  shifts: number[] = [];
  isRunning = true;
  isClosed = false;
  unlock = vi.fn();
  setClicking = vi.fn();
  constructor(readonly nowMs: () => number) {}
  follow(cues: readonly Cue[]) {
    this.cues = cues;
  }
  tick = vi.fn();
  shift(ms: number) {
    this.shifts.push(ms);
  }
  setLevel(level: number) {
    this.level = level;
  }
  setDelay(ms: number) {
    this.delayMs = ms;
  }
  close() {
    this.isClosed = true;
  }
  get heard() {
    if (this.isSilent) return null;
    const cue = this.cues.find(({ heardFromMs, endsAtMs }) => heardFromMs <= this.nowMs() && this.nowMs() < endsAtMs);
    return cue ? { cue, lateMs: 0, pace: 1 } : null;
  }
}

let room: Room;
let socket: FakeSocket;
let speaker: Speaker;
let control: SpeakerControl;
let windows: FakeEngine;
let elements: FakeEngine;
let events: EngineEvents;

const SECONDS = 180;
const song = (number: number) => ({
  ...track(number),
  duration_ms: SECONDS * 1000,
  audio_url: `/media/audio/track-${number}`,
  audio_version: "v1",
  gain_db: -6,
});

const playing = (number: number, more: Partial<Playback> = {}): RoomEvent => ({
  type: "track.playing",
  revision: 0,
  at: "2026-11-25T20:00:00Z",
  actor: null,
  id: item(number).id,
  playback: { ...snapshot(0).playback!, state: "playing", item_id: item(number).id, started_at_ms: Date.now() + 300, ...more },
  fair: null,
});

let revision = 0;
function say(event: RoomEvent): void {
  const from = revision++;
  socket.say({ type: "changes", from, revision, stamp: "bb", events: [{ ...event, revision }] });
}

const told = () => socket.sent.filter((frame) => frame.type === "speaker");

function turnOn(): void {
  speaker = new Speaker(room, control.store, null, (times, _, given) => {
    events = given;
    windows = new FakeEngine(() => times.nowMs());
    elements = new FakeEngine(() => times.nowMs());
    return { windows, elements };
  });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance", "Date"] });
  vi.spyOn(console, "debug").mockReturnValue(undefined);
  vi.stubGlobal("Audio", class { play = () => Promise.resolve(); pause = vi.fn(); });
  FakeSocket.install();
  localStorage.clear();
  revision = 0;
  room = new Room("main", true, "http://room");
  control = new SpeakerControl(room);
  room.start();
  socket = FakeSocket.last;
  socket.open();
  socket.say(welcome());
  const page = snapshot(4);
  socket.say({ ...page, items: page.items.map((one, index) => ({ ...one, track: song(index + 1) })) });
});

afterEach(() => {
  speaker.close();
  room.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("what sounds", () => {
  it("is what plays and the two songs after it, each with its loudness", () => {
    turnOn();
    expect(windows.cues).toEqual([]);
    say(playing(1));
    const start = Date.now() + 300;
    expect(windows.cues.map(({ trackId, startsAtMs }) => [trackId, Math.round(startsAtMs)])).toEqual([
      ["track-1", start],
      ["track-2", start + 180_000],
      ["track-3", start + 360_000],
    ]);
    expect(windows.cues[0]!.gain).toBeCloseTo(0.501, 3);
    expect(elements.cues).toEqual([]);
  });

  it("begins where somebody has sought, and not before", () => {
    turnOn();
    say(playing(1, { position_seconds: 60, started_at_ms: Date.now() + 300 - 60_000 }));
    expect(Math.round(windows.cues[0]!.heardFromMs)).toBe(Date.now() + 300);
    expect(windows.cues[1]!.heardFromMs).toBe(windows.cues[1]!.startsAtMs);
  });

  it("goes on by the plan while the server says nothing", () => {
    turnOn();
    say(playing(1));
    socket.end(1006);
    vi.advanceTimersByTime(SECONDS * 1000 + 400);
    expect(windows.cues[0]!.trackId).toBe("track-2");
    expect(control.store.getState().sounding?.itemId).toBe(item(2).id);
    expect(windows.cues).toHaveLength(3);
  });

  it("ends at once when this person pauses, before the server says so", () => {
    turnOn();
    say(playing(1));
    room.run({ command: "playback.pause", ...room.expected() });
    expect(windows.cues).toEqual([]);
  });

  it("does not begin before the server has said when", () => {
    turnOn();
    room.run({ command: "playback.play", ...room.expected() });
    expect(windows.cues).toEqual([]);
  });

  it("comes from media elements where the file cannot be had in pieces, and the next from windows again", () => {
    turnOn();
    say(playing(1));
    events.failed(windows.cues[0]!, "elsewhere");
    expect(elements.cues.map(({ trackId }) => trackId)).toEqual(["track-1"]);
    expect(windows.cues.map(({ trackId }) => trackId)).toEqual(["track-2", "track-3"]);
  });

  it("comes from media elements in a hidden page whose context does not run, until it is seen again", () => {
    turnOn();
    say(playing(1));
    windows.isRunning = false;
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    vi.advanceTimersByTime(2_200);
    expect([windows.cues.length, elements.cues.length]).toEqual([0, 3]);
    hidden.mockReturnValue(false);
    vi.advanceTimersByTime(100);
    expect([windows.cues.length, elements.cues.length]).toEqual([3, 0]);
  });

  it("moves along when the server's clock is set, once times are known in the new one", () => {
    turnOn();
    socket.say({ type: "time", t: performance.now(), server_time_ms: Date.now(), clock: 0 });
    say(playing(1, { started_at_ms: Date.now() - 10_000 }));
    const before = windows.cues[0]!.startsAtMs;
    say({ ...playing(1, { started_at_ms: before + 3_600_000, clock: 1 }), type: "playback.changed" } as RoomEvent);
    expect(windows.cues[0]!.startsAtMs).toBe(before);
    socket.say({ type: "time", t: performance.now(), server_time_ms: Date.now() + 3_600_000, clock: 1 });
    vi.advanceTimersByTime(50);
    expect(windows.shifts.map(Math.round)).toEqual([3_600_000]);
    expect(windows.cues[0]!.startsAtMs).toBe(before + 3_600_000);
  });
});

describe("how it sounds", () => {
  it("is the room's volume times this device's, and nothing when it is muted", () => {
    turnOn();
    control.set({ volume: 50 });
    expect(windows.level).toBeCloseTo(0.25);
    const { playback } = snapshot(0);
    say({ type: "playback.changed", revision: 0, at: "", actor: null, playback: { ...playback!, volume: 50 } });
    expect(windows.level).toBeCloseTo(0.0625);
    control.set({ isMuted: true, delayMs: 40 });
    expect([windows.level, elements.level, windows.delayMs]).toEqual([0, 0, 40]);
  });

  it("is remembered by the device, and nonsense is not", () => {
    turnOn();
    control.set({ volume: 30, delayMs: -120, name: "Kitchen laptop" });
    expect(readDevice(localStorage)).toEqual({ volume: 30, isMuted: false, delayMs: -120, name: "Kitchen laptop" });
    localStorage.setItem("speaker", '{"volume": "loud", "delayMs": 9000, "name": 7}');
    expect(readDevice(localStorage)).toEqual({ volume: 100, isMuted: false, delayMs: 500, name: "" });
    localStorage.setItem("speaker", "{");
    expect(readDevice(localStorage).volume).toBe(100);
  });

  it("is muted here, and nowhere else, when the system takes the output away", () => {
    turnOn();
    say(playing(1));
    events.interrupted();
    expect(windows.level).toBe(0);
    expect(control.store.getState().trouble).toEqual({ kind: "interrupted" });
    expect(socket.commands).toEqual([]);
    control.set({ isMuted: false });
    expect(control.store.getState().trouble).toBeNull();
    expect(windows.level).toBe(1);
  });
});

it("is ticked by its sound where the page's own timers are late, and not besides", () => {
  turnOn();
  vi.advanceTimersByTime(1_000);
  const before = windows.tick.mock.calls.length;
  events.beat();
  expect(windows.tick).toHaveBeenCalledTimes(before);
  vi.spyOn(performance, "now").mockReturnValue(performance.now() + 1_000);
  events.beat();
  expect(windows.tick).toHaveBeenCalledTimes(before + 1);
});

describe("what it tells", () => {
  it("the room: what it plays, when that changes, every 15 s, on a new socket, and that it ends", () => {
    turnOn();
    expect(told()).toEqual([{ type: "speaker", on: true }]);
    control.set({ name: "Kitchen" });
    say(playing(1));
    vi.advanceTimersByTime(400);
    expect(told().at(-1)).toMatchObject({ on: true, name: "Kitchen", item_id: item(1).id });
    const count = told().length;
    vi.advanceTimersByTime(15_100);
    expect(told()).toHaveLength(count + 1);
    speaker.close();
    expect(told().at(-1)).toEqual({ type: "speaker", on: false });
    expect([windows.isClosed, elements.isClosed]).toEqual([true, true]);
  });

  it("the people: which song is passed over, and why, until it is over", () => {
    turnOn();
    say(playing(1));
    events.failed(windows.cues[0]!, "broken");
    expect(control.store.getState().trouble).toEqual({ kind: "broken", title: "Song 1" });
    say(playing(2));
    expect(control.store.getState().trouble).toBeNull();
    say({ type: "track.updated", revision: 0, at: "", actor: null, track: { ...song(2), missing: true } });
    expect(control.store.getState().trouble).toEqual({ kind: "missing", title: "Song 2" });
    vi.advanceTimersByTime(5_400);
    expect(windows.cues[0]!.trackId).toBe("track-3");
    expect(control.store.getState().trouble).toBeNull();
  });

  it("that the browser wants a tap, until there is one", () => {
    turnOn();
    events.refused();
    expect(control.store.getState().trouble).toEqual({ kind: "tap" });
    speaker.unlock();
    expect(control.store.getState().trouble).toBeNull();
    expect(windows.unlock).toHaveBeenCalled();
  });

  it("that nothing is wrong any more once it sounds: without a tap, or as the file is back", () => {
    turnOn();
    windows.isSilent = true;
    say(playing(1));
    events.refused();
    vi.advanceTimersByTime(1_000);
    expect(control.store.getState().trouble).toEqual({ kind: "tap" });
    windows.isSilent = false;
    vi.advanceTimersByTime(100);
    expect(control.store.getState().trouble).toBeNull();
    events.failed(windows.cues[0]!, "missing");
    vi.advanceTimersByTime(1_000);
    expect(control.store.getState().trouble, "what was fetched before goes on").toEqual({ kind: "missing", title: "Song 1" });
    windows.isSilent = true;
    vi.advanceTimersByTime(1_000);
    expect(control.store.getState().trouble).toEqual({ kind: "missing", title: "Song 1" });
    windows.isSilent = false;
    vi.advanceTimersByTime(100);
    expect(control.store.getState().trouble).toBeNull();
  });
});
