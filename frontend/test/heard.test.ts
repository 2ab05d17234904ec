// A speaker of which only the line, the quartzes and the loudspeaker are simulated: what is heard, against the plan.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SpeakerControl } from "../src/player/control";
import { Speaker } from "../src/player/speaker";
import { Windows } from "../src/player/windows";
import type { Playback, RoomEvent, ServerFrame } from "../src/protocol/types";
import { Room } from "../src/room/room";
import { FakeContext, windowAnswer } from "./audio";
import { randomFrom } from "./random";
import { FakeSocket, item, snapshot, track, welcome } from "./sockets";

const START_MS = 1_790_000_000_000;
const SONG_MS = 40_000;

interface World {
  /** How much faster the server's quartz and the loudspeaker's go than the page's. */
  serverDrift?: number;
  outputDrift?: number;
  /** How long a frame takes there, and back, at a time of the page. */
  there?: (random: () => number, now: number) => number;
  back?: (random: () => number, now: number) => number;
  /** A device that tells nothing of its latency, and whose time steps by blocks. */
  isMute?: boolean;
}

class Loudspeaker extends FakeContext {
  lostMs = 0;

  constructor(private readonly world: World) {
    super(() => performance.now(), 0, world.isMute ? 0 : 40);
  }

  private get rate(): number {
    return 1 + (this.world.outputDrift ?? 0);
  }

  override get currentTime(): number {
    const seconds = ((performance.now() - this.lostMs) * this.rate) / 1000;
    return this.world.isMute ? Math.floor(seconds * 100) / 100 : seconds;
  }

  override getOutputTimestamp(): { contextTime: number; performanceTime: number } {
    if (this.world.isMute) return { contextTime: 0, performanceTime: 0 };
    return { contextTime: this.currentTime - (this.latencyMs * this.rate) / 1000, performanceTime: performance.now() };
  }

  override heardAt(place: number): number {
    return (place * 1000) / this.rate + this.lostMs + this.latencyMs;
  }
}

const song = (number: number) => ({
  ...track(number),
  duration_ms: SONG_MS,
  audio_url: `/media/audio/${number}`,
  audio_version: "v1",
});

let room: Room;
let socket: FakeSocket;
let speaker: Speaker;
let loudspeaker: Loudspeaker;
let world: World;
let restarts: number;
let jumpMs: number;
let clockId: number;
let startedAtMs: number;
let revision: number;

/** The server's quartz, however its clock is set. */
const quartzMs = (pageMs = performance.now()) => START_MS + pageMs * (1 + (world.serverDrift ?? 0));

function say(event: RoomEvent): void {
  const from = revision++;
  socket.say({ type: "changes", from, revision, stamp: "bb", events: [{ ...event, revision }] });
}

function playing(type: "track.playing" | "playback.changed", more: Partial<Playback>): void {
  const playback: Playback = { ...snapshot(0).playback!, state: "playing", item_id: item(1).id, clock: clockId, ...more };
  say({ type, revision: 0, at: "", actor: null, id: item(1).id, playback, fair: null });
}

/** Answers what is asked of the time, over the line. */
function answerTheTime(random: () => number): void {
  const send = socket.send.bind(socket);
  const delay = (way: World["there"]) => way?.(random, performance.now()) ?? 2;
  vi.spyOn(socket, "send").mockImplementation((text) => {
    send(text);
    const frame = JSON.parse(text) as { type: string; t: number };
    if (frame.type !== "time") return;
    setTimeout(() => {
      const told = { type: "time", t: frame.t, server_time_ms: Math.floor(quartzMs() + jumpMs), clock: clockId } as const;
      setTimeout(() => socket.say(told), delay(world.back));
    }, delay(world.there));
  });
}

function connect(random: () => number): void {
  socket = FakeSocket.last;
  answerTheTime(random);
  socket.open();
  socket.say({ ...welcome(), server_time_ms: Math.floor(quartzMs() + jumpMs) } as ServerFrame);
}

function begin(simulated: World, seed: number): void {
  world = simulated;
  room.start();
  connect(randomFrom(seed));
  const page = snapshot(4);
  socket.say({ ...page, items: page.items.map((one, index) => ({ ...one, track: song(index + 1) })) });
  loudspeaker = new Loudspeaker(world);
  speaker = new Speaker(room, new SpeakerControl(room).store, null, (times, _, events) => ({
    windows: new Windows(loudspeaker as unknown as AudioContext, () => loudspeaker as unknown as AudioContext, times, {
      ...events,
      log: (what) => (restarts += Number(what === "restart")),
    }),
    elements: {
      follow: vi.fn(), tick: vi.fn(), shift: vi.fn(), setLevel: vi.fn(), setDelay: vi.fn(), unlock: vi.fn(), close: vi.fn(), heard: null,
    },
  }));
  startedAtMs = Math.round(quartzMs()) + 300;
  playing("track.playing", { started_at_ms: startedAtMs });
}

/** What was heard: when by the server's quartz, and by how many ms it was late. */
function heard(): { atMs: number; lengthMs: number; lateMs: number }[] {
  return loudspeaker.puts.filter(({ stoppedAt }) => stoppedAt === null).map(({ at, offset, length, pace, buffer }) => {
    const [path, from] = buffer.label.split("@");
    const number = Number(path!.split("/").at(3));
    const atMs = quartzMs(loudspeaker.heardAt(at));
    const dueMs = startedAtMs + (number - 1) * SONG_MS + Number(from) + (offset - 0.5) * 1000;
    return { atMs, lengthMs: (length * 1000) / pace, lateMs: atMs - dueMs };
  });
}

const since = (seconds: number) => heard().filter(({ atMs }) => atMs > startedAtMs + seconds * 1000);
const worst = (pieces: { lateMs: number }[]) => Math.max(...pieces.map(({ lateMs }) => Math.abs(lateMs)));
/** The longest gap or overlap between two pieces, in ms of a quartz that is up to 200 ppm off. */
const seam = (pieces: ReturnType<typeof heard>) =>
  Math.max(...pieces.slice(1).map(({ atMs }, index) => Math.abs(atMs - pieces[index]!.atMs - pieces[index]!.lengthMs)));
const exponential = (mean: number) => (random: () => number) => 2 - mean * Math.log(1 - random());

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance", "Date"] });
  vi.spyOn(console, "debug").mockReturnValue(undefined);
  vi.stubGlobal("fetch", (url: string) => Promise.resolve(windowAnswer(url)));
  vi.stubGlobal("Audio", class { play = () => Promise.resolve(); pause = vi.fn(); });
  FakeSocket.install();
  localStorage.clear();
  [restarts, jumpMs, clockId, revision] = [0, 0, 0, 0];
  room = new Room("main", true, "http://room");
});

afterEach(() => {
  speaker.close();
  room.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const WORLDS: Record<string, [world: World, ms: number]> = {
  "a quiet line": [{}, 1],
  "quartzes that are 100 ppm off": [{ serverDrift: 100e-6, outputDrift: -100e-6 }, 2],
  "quartzes that are 100 ppm off the other way": [{ serverDrift: -100e-6, outputDrift: 100e-6 }, 2],
  "15 ms of jitter each way": [{ there: exponential(15), back: exponential(15), outputDrift: 100e-6 }, 6],
  "a way back that is full as it begins": [
    { back: (random, now) => 2 + (now < 8_000 || random() < 0.3 ? 64 * (1 + random()) : 0) }, 8,
  ],
  "a device that tells nothing of its latency": [{ isMute: true, outputDrift: 100e-6 }, 12],
};

describe("what is heard is on time, and neither restarts nor swings", () => {
  it.each(Object.keys(WORLDS))("with %s", async (name) => {
    const [simulated, ms] = WORLDS[name]!;
    begin(simulated, 1);
    await vi.advanceTimersByTimeAsync(75_000);
    const pieces = since(25);
    expect(pieces.length).toBeGreaterThan(45);
    expect(worst(pieces)).toBeLessThan(ms);
    expect(seam(pieces)).toBeLessThan(0.5);
    expect(Math.max(...loudspeaker.puts.map(({ pace }) => Math.abs(pace - 1)))).toBeLessThan(0.0051);
    const steps = pieces.slice(1).map(({ lateMs }, index) => Math.abs(lateMs - pieces[index]!.lateMs));
    expect(Math.max(...steps)).toBeLessThanOrEqual(5.1);
  });
});

describe("when the server's clock is set", () => {
  it.each([-3_600_000, -20_000, 20_000, 3_600_000])("by %i ms, nothing is heard of it", async (step) => {
    begin({}, 1);
    await vi.advanceTimersByTimeAsync(15_000);
    const puts = loudspeaker.puts.length;
    jumpMs = step;
    clockId = 1;
    playing("playback.changed", { started_at_ms: startedAtMs + step });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(loudspeaker.puts.length).toBeGreaterThan(puts + 25);
    expect(loudspeaker.puts.filter(({ stoppedAt }) => stoppedAt !== null)).toEqual([]);
    expect(worst(since(5))).toBeLessThan(2);
    expect(seam(since(5))).toBeLessThan(0.5);
    expect(restarts).toBe(0);
  });

  it.each([-3_600_000, 3_600_000])("by %i ms while it is away, nothing is heard of its coming back", async (step) => {
    begin({}, 1);
    await vi.advanceTimersByTimeAsync(15_000);
    socket.end(1006);
    [jumpMs, clockId] = [step, 1];
    await vi.advanceTimersByTimeAsync(10_000);
    connect(() => 0);
    await vi.advanceTimersByTimeAsync(400); // some answers are quicker than what happened
    playing("playback.changed", { started_at_ms: startedAtMs + step });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(loudspeaker.puts.filter(({ stoppedAt }) => stoppedAt !== null)).toEqual([]);
    expect(worst(since(5))).toBeLessThan(2);
    expect(seam(since(5))).toBeLessThan(0.5);
  });
});

describe("when the loudspeaker loses time", () => {
  it.each([5, 15, 300])("%i ms of it are made up for, once", async (lost) => {
    begin({}, 1);
    await vi.advanceTimersByTimeAsync(20_000);
    loudspeaker.lostMs = lost;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(restarts).toBe(lost > 20 ? 1 : 0);
    expect(worst(since(26))).toBeLessThan(1);
  });
});
