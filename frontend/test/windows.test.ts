// The engine that keeps time, on a fake context and a fake line.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EngineEvents } from "../src/player/engine";
import { Windows } from "../src/player/windows";
import { cue, FakeContext, refusal, windowAnswer } from "./audio";

const SERVER_AHEAD_MS = 5_000_000;

let now = 0;
let context: FakeContext;
let contexts: FakeContext[];
let engine: Windows;
let answer: (url: string) => Promise<Response>;
let asked: string[];
const events = { failed: vi.fn(), refused: vi.fn(), interrupted: vi.fn(), beat: vi.fn(), log: vi.fn() } satisfies EngineEvents;
const times = { nowMs: () => now + SERVER_AHEAD_MS, localMs: (serverMs: number) => serverMs - SERVER_AHEAD_MS };

beforeEach(() => {
  vi.clearAllMocks();
  now = 10_000;
  asked = [];
  answer = (url) => Promise.resolve(windowAnswer(url));
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return answer(url);
  });
  contexts = [];
  const make = () => {
    contexts.push(new FakeContext(() => now));
    return contexts.at(-1)!;
  };
  context = make();
  engine = new Windows(context as unknown as AudioContext, make as unknown as () => AudioContext, times, events, () => now);
});

afterEach(() => vi.unstubAllGlobals());

async function pass(ms: number, tickMs = 50): Promise<void> {
  for (const end = now + ms; now < end; ) {
    now += tickMs;
    engine.tick();
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  }
}

/** What is heard, without what was taken back: when on the server's clock, and which ms of which file. */
function heard() {
  return context.puts
    .filter(({ stoppedAt, at }) => stoppedAt === null || stoppedAt > at)
    .map(({ at, offset, length, pace, buffer }) => {
      const [path, from] = buffer.label.split("@");
      const fromMs = Number(from) + (offset - 0.5) * 1000;
      return { name: path!.split("/").at(3)!, atMs: context.heardAt(at) + SERVER_AHEAD_MS, fromMs, lengthMs: length * 1000, pace };
    });
}

describe("pieces", () => {
  it("are heard when the plan says, without a gap or an overlap, over windows and songs", async () => {
    const start = times.nowMs() + 300;
    engine.follow([cue("one", start, 12.345), cue("two", start + 12_345)]);
    await pass(20_000);
    const pieces = heard();
    for (const { name, atMs, fromMs, pace } of pieces) {
      const begin = name === "one" ? start : start + 12_345;
      expect(Math.abs(atMs - begin - fromMs)).toBeLessThan(0.1);
      expect(pace).toBe(1);
    }
    pieces.slice(1).forEach((piece, index) => {
      const before = pieces[index]!;
      expect(Math.abs(piece.atMs - before.atMs - before.lengthMs)).toBeLessThan(0.05);
    });
    expect(pieces[0]!.fromMs).toBeCloseTo(0);
    expect(pieces.find(({ name }) => name === "two")!.fromMs).toBeCloseTo(0);
  });

  it.each([12_344.6, 12_345.4])("of one song are followed by the next one's without a sample too many or too few (it lasts %d ms)", async (lastsMs) => {
    answer = (url) => {
      const response = windowAnswer(url);
      const [, from] = /one.*from_ms=(\d+)/.exec(url) ?? [];
      const samples = Math.round((lastsMs - Number(from)) * 44.1);
      if (Number(from) === 10_000) response.headers.set("X-Window-Samples", String(samples));
      return Promise.resolve(response);
    };
    const start = times.nowMs() + 300;
    engine.follow([cue("one", start, 12.345), cue("two", start + 12_345)]);
    await pass(18_000);
    const pieces = heard();
    pieces.slice(1).forEach((piece, index) => {
      const before = pieces[index]!;
      const follows = piece.name === before.name ? before.fromMs + before.lengthMs : 0;
      expect(piece.fromMs).toBeCloseTo(follows, 1);
      expect(Math.abs(piece.atMs - before.atMs - before.lengthMs / before.pace)).toBeLessThan(0.02);
    });
    const last = pieces.filter(({ name }) => name === "one").at(-1)!;
    expect(Math.abs(last.fromMs + last.lengthMs - lastsMs)).toBeLessThan(0.02);
  });

  it("begin in the middle of a long set, with the windows around it first, and few decoded", async () => {
    engine.follow([cue("set", times.nowMs() - 1_801_000, 3600)]);
    await pass(1_000);
    expect(asked.slice(0, 2).map((url) => new URL(url, "http://room").searchParams.get("from_ms"))).toEqual(["1800000", "1805000"]);
    expect(asked.every((url) => url.includes("duration_ms=5100&v=v1"))).toBe(true);
    const [first] = heard();
    expect(first!.fromMs).toBeCloseTo(first!.atMs - (SERVER_AHEAD_MS + 10_000 - 1_801_000), 0);
  });

  it("are fetched ahead while the server is there, and then it is not needed for two songs", async () => {
    const start = times.nowMs();
    engine.follow([cue("one", start, 30), cue("two", start + 30_000, 30), cue("three", start + 60_000, 30)]);
    await pass(12_000);
    answer = () => Promise.reject(new TypeError("Failed to fetch"));
    await pass(76_000);
    expect(new Set(heard().map(({ name }) => name))).toEqual(new Set(["one", "two", "three"]));
    const pieces = heard();
    expect(Math.max(...pieces.slice(1).map((piece, index) => piece.atMs - pieces[index]!.atMs - pieces[index]!.lengthMs))).toBeLessThan(0.05);
  });

  it("of an hour take no more memory than those of three songs", async () => {
    const counts: [fetched: number, decoded: number][] = [];
    for (const seconds of [300, 3_600]) {
      const decode = vi.spyOn(context, "decodeAudioData");
      const start = times.nowMs() + 300;
      asked = [];
      engine.follow([0, 1, 2].map((number) => cue(`${seconds}-${number}`, start + number * seconds * 1000, seconds)));
      await pass(75_000, 100);
      counts.push([asked.length, decode.mock.calls.length]);
      decode.mockRestore();
    }
    const [[songs, decoded], [hours, decodedOfHours]] = counts as [[number, number], [number, number]];
    expect(songs).toBeGreaterThan(175);
    expect(hours - songs).toBeLessThan(20); // those of 75 s more
    expect(decodedOfHours).toBe(decoded);
    expect(decoded).toBeLessThan(20);
  });

  it("that are not needed soon leave half of a narrow line to others", async () => {
    const waiting: { due: number; arrive: () => void }[] = [];
    answer = (url) => new Promise((resolve) => waiting.push({ due: now + 1_500, arrive: () => resolve(windowAnswer(url)) }));
    engine.follow([cue("one", times.nowMs() + 300)]);
    const isBusy: boolean[] = [];
    for (let tick = 0; tick < 1_200; tick++) {
      while (waiting[0] && waiting[0].due <= now) waiting.shift()!.arrive();
      await pass(50);
      isBusy.push(waiting.length > 0);
    }
    const share = isBusy.slice(200).filter(Boolean).length / 1_000;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.55);
    expect(asked.length).toBeGreaterThan(20);
  });

  it("stop at once when the room pauses, and come back where it goes on", async () => {
    const start = times.nowMs() + 300;
    engine.follow([cue("one", start)]);
    await pass(5_000);
    engine.follow([]);
    const queued = context.puts.filter(({ at }) => at > context.currentTime);
    expect(queued.length).toBeGreaterThan(0);
    expect(queued.every(({ stoppedAt }) => stoppedAt !== null && stoppedAt < context.currentTime + 0.1)).toBe(true);
    context.puts = [];
    await pass(2_000);
    expect(context.puts).toEqual([]);
    const resumed = times.nowMs() + 300;
    engine.follow([cue("one", resumed - 4_700, 180, { heardFromMs: resumed })]);
    await pass(1_000);
    expect(heard()[0]!.atMs).toBeCloseTo(resumed, 0);
    expect(heard()[0]!.fromMs).toBeCloseTo(4_700, 0);
  });

  it("that are queued stay where they are when the plan says the same again, or a change is further away", async () => {
    const start = times.nowMs();
    engine.follow([cue("one", start), cue("two", start + 180_000)]);
    await pass(3_000);
    engine.follow([cue("one", start + 0.4), cue("three", start + 180_000)]);
    expect(context.puts.every(({ stoppedAt }) => stoppedAt === null)).toBe(true);
  });

  it("of a song that ends are left alone when the log tells of the next one a moment early", async () => {
    const start = times.nowMs();
    engine.follow([cue("one", start, 4), cue("two", start + 4_000)]);
    await pass(3_970, 10);
    engine.follow([cue("two", start + 4_000)]);
    await pass(500);
    expect(context.puts.every(({ stoppedAt }) => stoppedAt === null)).toBe(true);
  });

  it("start over when the output has lost time, and follow small slips by their pace", async () => {
    engine.follow([cue("one", times.nowMs())]);
    await pass(5_000);
    context.behindMs += 8; // it was starved a little
    await pass(6_000);
    expect(events.log).not.toHaveBeenCalledWith("restart", expect.anything());
    expect(Math.abs(engine.heard!.lateMs)).toBeLessThan(0.5);
    expect(heard().some(({ pace }) => pace > 1 && pace <= 1.005)).toBe(true);
    context.behindMs += 400;
    await pass(2_000);
    expect(events.log).toHaveBeenCalledWith("restart", expect.anything());
    expect(Math.abs(engine.heard!.lateMs)).toBeLessThan(0.5);
  });

  it("go on with one tick a second", async () => {
    engine.follow([cue("one", times.nowMs())]);
    await pass(5_000);
    const before = heard().length;
    await pass(20_000, 1_000);
    const pieces = heard().slice(before - 1);
    pieces.slice(1).forEach((piece, index) => {
      const last = pieces[index]!;
      expect(Math.abs(piece.atMs - last.atMs - last.lengthMs)).toBeLessThan(0.05);
    });
  });

  it("are heard at once in a hidden page that was silent, whose timers come once a minute; a room that rests wakes no page", async () => {
    events.beat.mockImplementation(() => engine.tick());
    const wait = async (ms: number) => {
      for (const end = now + ms; now < end; now += 10) {
        context.tellEnds();
        for (let turn = 0; turn < 8; turn++) await Promise.resolve();
      }
    };
    await wait(60_000);
    expect(events.beat).not.toHaveBeenCalled();
    const start = times.nowMs() + 300;
    engine.follow([cue("one", start)]);
    await wait(20_000);
    const [first, ...pieces] = heard();
    expect(first!.atMs - start).toBeLessThan(300);
    [first!, ...pieces].slice(0, -1).forEach((piece, index) => expect(pieces[index]!.atMs - piece.atMs - piece.lengthMs).toBeCloseTo(0, 1));
    engine.follow([]);
    await wait(200);
    events.beat.mockClear();
    await wait(5_000);
    expect(events.beat).not.toHaveBeenCalled();
  });

  it("sound so much earlier as this device is late", async () => {
    const start = times.nowMs() + 1_000;
    engine.setDelay(120);
    engine.follow([cue("one", start)]);
    await pass(2_000);
    expect(heard()[0]!.atMs).toBeCloseTo(start - 120, 0);
  });
});

describe("a file that", () => {
  it("cannot be cut is decoded whole", async () => {
    answer = (url) => Promise.resolve(url.includes("/window") ? refusal(409, "NOT_CUTTABLE") : new Response("/media/audio/one@-500"));
    engine.follow([cue("one", times.nowMs())]);
    await pass(3_000);
    expect(asked.filter((url) => !url.includes("/window"))).toEqual(["/media/audio/one"]);
    expect(heard().length).toBeGreaterThan(0);
    expect(events.failed).not.toHaveBeenCalled();
  });

  it.each([
    ["cannot be cut and is long", 600, () => refusal(409, "NOT_CUTTABLE"), "elsewhere"],
    ["does not decode", 180, () => new Response("broken"), "elsewhere"],
    ["is not there", 180, () => refusal(404, "NO_AUDIO"), "missing"],
    ["may not be heard", 180, () => refusal(401, "AUTH_REQUIRED"), "forbidden"],
  ])("%s is told of once", async (_, seconds, make, problem) => {
    const told = { "X-Window-Rate": "44100", "X-Window-Samples": "1", "X-Window-Skip": "0", "X-Window-From-Ms": "0" };
    answer = () => {
      const response = make();
      if (response.ok) for (const [name, value] of Object.entries(told)) response.headers.set(name, value);
      return Promise.resolve(response);
    };
    const one = cue("one", times.nowMs(), seconds);
    engine.follow([one]);
    await pass(3_000);
    expect(new Set(events.failed.mock.calls.map(([, what]) => what as string))).toEqual(new Set([problem]));
    expect(events.failed.mock.calls.length).toBeLessThanOrEqual(2); // two windows may be on their way
    expect(heard()).toEqual([]);
  });

  it("is refused for haste is asked for again when the server says", async () => {
    let refusals = 0;
    answer = (url) => Promise.resolve(refusals++ < 2 ? refusal(429, "RATE_LIMITED", { "Retry-After": "2" }) : windowAnswer(url));
    engine.follow([cue("one", times.nowMs())]);
    await pass(1_900);
    expect(asked.length).toBe(2);
    await pass(2_000);
    expect(heard().length).toBeGreaterThan(0);
  });

  it("ends before its time is asked for once behind its end, and the next song is fetched", async () => {
    const isOver = (url: string) => url.startsWith("/media/audio/one/") && Number(new URL(url, "http://room").searchParams.get("from_ms")) >= 20_000;
    answer = (url) => Promise.resolve(isOver(url) ? refusal(416, "RANGE_NOT_SATISFIABLE") : windowAnswer(url));
    const start = times.nowMs();
    engine.follow([cue("one", start, 60), cue("two", start + 60_000)]);
    await pass(15_000);
    expect(asked.filter(isOver)).toHaveLength(8);
    expect(asked.some((url) => url.startsWith("/media/audio/two/"))).toBe(true);
  });

  it.each([50, 1_000])("ends in the middle of a window is silent from there, and the next song begins with its first sample (a tick each %i ms)", async (tickMs) => {
    answer = (url) => {
      const [, from] = /one.*from_ms=(\d+)/.exec(url) ?? [];
      if (from === undefined) return Promise.resolve(windowAnswer(url));
      if (Number(from) >= 12_300) return Promise.resolve(refusal(416, "RANGE_NOT_SATISFIABLE"));
      const response = windowAnswer(url);
      const samples = Math.min(Number(response.headers.get("X-Window-Samples")), (12_300 - Number(from)) * 44.1);
      response.headers.set("X-Window-Samples", String(samples));
      return Promise.resolve(response);
    };
    const start = times.nowMs() + 300;
    engine.follow([cue("one", start, 14.73), cue("two", start + 14_730)]);
    await pass(5_000);
    await pass(13_000, tickMs);
    const [last] = heard().filter(({ name }) => name === "one").slice(-1);
    expect(last!.fromMs + last!.lengthMs).toBeCloseTo(12_300, 0);
    const two = heard().find(({ name }) => name === "two")!;
    expect(two.fromMs).toBeCloseTo(0);
    expect(two.atMs).toBeCloseTo(start + 14_730, 0);
  });

  it("comes after silence is silent to its end", async () => {
    answer = (url) => Promise.resolve(url.includes("from_ms=5000") ? refusal(416, "RANGE_NOT_SATISFIABLE") : windowAnswer(url));
    const start = times.nowMs();
    engine.follow([cue("one", start, 7), cue("two", start + 7_000)]);
    await pass(9_000);
    const two = heard().find(({ name }) => name === "two");
    expect(two!.atMs).toBeCloseTo(start + 7_000, 0);
  });
});

describe("the context", () => {
  it("is replaced when its clock stands still for three seconds, and the sound comes back", async () => {
    engine.follow([cue("one", times.nowMs())]);
    await pass(2_000);
    const frozen = context.currentTime;
    Object.defineProperty(context, "currentTime", { get: () => frozen });
    await pass(3_100);
    expect(context.closed).toBe(true);
    expect(contexts).toHaveLength(2);
    context = contexts[1]!;
    await pass(1_000);
    expect(Math.abs(engine.heard!.lateMs)).toBeLessThan(0.5);
  });

  it("is woken when the browser has suspended it, and a tap is asked for", async () => {
    engine.follow([cue("one", times.nowMs())]);
    await pass(500);
    context.state = "suspended";
    await pass(1_000);
    expect(context.resume).toHaveBeenCalled();
    expect(events.refused).toHaveBeenCalled();
  });

  it("is kept while the system has interrupted it: one that is made without a tap would not sound", async () => {
    engine.follow([cue("one", times.nowMs())]);
    await pass(2_000);
    const frozen = context.now();
    const { behindMs } = context;
    Object.assign(context, { now: () => frozen, state: "interrupted" });
    await pass(60_000);
    expect(contexts).toHaveLength(1);
    expect(context.resume).toHaveBeenCalled();
    expect(events.refused).not.toHaveBeenCalled();
    Object.assign(context, { now: () => now, state: "running", behindMs: behindMs + now - frozen });
    await pass(1_000);
    expect(contexts).toHaveLength(1);
    expect(Math.abs(engine.heard!.lateMs)).toBeLessThan(0.5);
  });

  it("is left alone while nothing is to be heard", async () => {
    Object.defineProperty(context, "currentTime", { get: () => 1 });
    await pass(10_000);
    expect(contexts).toHaveLength(1);
  });

  it("clicks at full seconds of the server's clock", async () => {
    engine.setClicking(true);
    await pass(5_000);
    expect(context.clicks.length).toBeGreaterThan(3);
    for (const place of context.clicks) expect((context.heardAt(place) + SERVER_AHEAD_MS) % 1000).toBeCloseTo(0, 3);
  });
});
