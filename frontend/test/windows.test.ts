// The engine that keeps time, on a fake context and a fake line.
import { describe, expect, it, vi } from "vitest";
import { cue, windowAnswer } from "./audio";
import { events, heard, pass, rig, SERVER_AHEAD_MS, times, withEngine } from "./rig";

withEngine();

describe("pieces", () => {
  it("are heard when the plan says, without a gap or an overlap, over windows and songs", async () => {
    const start = times.nowMs() + 300;
    rig.engine.follow([cue("one", start, 12.345), cue("two", start + 12_345)]);
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
    rig.answer = (url) => {
      const response = windowAnswer(url);
      const [, from] = /one.*from_ms=(\d+)/.exec(url) ?? [];
      const samples = Math.round((lastsMs - Number(from)) * 44.1);
      if (Number(from) === 10_000) response.headers.set("X-Window-Samples", String(samples));
      return Promise.resolve(response);
    };
    const start = times.nowMs() + 300;
    rig.engine.follow([cue("one", start, 12.345), cue("two", start + 12_345)]);
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
    rig.engine.follow([cue("set", times.nowMs() - 1_801_000, 3600)]);
    await pass(1_000);
    expect(rig.asked.slice(0, 2).map((url) => new URL(url, "http://room").searchParams.get("from_ms"))).toEqual(["1800000", "1805000"]);
    expect(rig.asked.every((url) => url.includes("duration_ms=5100&v=v1"))).toBe(true);
    const [first] = heard();
    expect(first!.fromMs).toBeCloseTo(first!.atMs - (SERVER_AHEAD_MS + 10_000 - 1_801_000), 0);
  });

  it("are fetched ahead while the server is there, and then it is not needed for two songs", async () => {
    const start = times.nowMs();
    rig.engine.follow([cue("one", start, 30), cue("two", start + 30_000, 30), cue("three", start + 60_000, 30)]);
    await pass(12_000);
    rig.answer = () => Promise.reject(new TypeError("Failed to fetch"));
    await pass(76_000);
    expect(new Set(heard().map(({ name }) => name))).toEqual(new Set(["one", "two", "three"]));
    const pieces = heard();
    expect(Math.max(...pieces.slice(1).map((piece, index) => piece.atMs - pieces[index]!.atMs - pieces[index]!.lengthMs))).toBeLessThan(0.05);
  });

  it("of an hour take no more memory than those of three songs", async () => {
    const counts: [fetched: number, decoded: number][] = [];
    for (const seconds of [300, 3_600]) {
      const decode = vi.spyOn(rig.context, "decodeAudioData");
      const start = times.nowMs() + 300;
      rig.asked = [];
      rig.engine.follow([0, 1, 2].map((number) => cue(`${seconds}-${number}`, start + number * seconds * 1000, seconds)));
      await pass(75_000, 100);
      counts.push([rig.asked.length, decode.mock.calls.length]);
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
    rig.answer = (url) => new Promise((resolve) => waiting.push({ due: rig.now + 1_500, arrive: () => resolve(windowAnswer(url)) }));
    rig.engine.follow([cue("one", times.nowMs() + 300)]);
    const isBusy: boolean[] = [];
    for (let tick = 0; tick < 1_200; tick++) {
      while (waiting[0] && waiting[0].due <= rig.now) waiting.shift()!.arrive();
      await pass(50);
      isBusy.push(waiting.length > 0);
    }
    const share = isBusy.slice(200).filter(Boolean).length / 1_000;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.55);
    expect(rig.asked.length).toBeGreaterThan(20);
  });

  it("stop at once when the room pauses, and come back where it goes on", async () => {
    const start = times.nowMs() + 300;
    rig.engine.follow([cue("one", start)]);
    await pass(5_000);
    rig.engine.follow([]);
    const queued = rig.context.puts.filter(({ at }) => at > rig.context.currentTime);
    expect(queued.length).toBeGreaterThan(0);
    expect(queued.every(({ stoppedAt }) => stoppedAt !== null && stoppedAt < rig.context.currentTime + 0.1)).toBe(true);
    rig.context.puts = [];
    await pass(2_000);
    expect(rig.context.puts).toEqual([]);
    const resumed = times.nowMs() + 300;
    rig.engine.follow([cue("one", resumed - 4_700, 180, { heardFromMs: resumed })]);
    await pass(1_000);
    expect(heard()[0]!.atMs).toBeCloseTo(resumed, 0);
    expect(heard()[0]!.fromMs).toBeCloseTo(4_700, 0);
  });

  it("that are queued stay where they are when the plan says the same again, or a change is further away", async () => {
    const start = times.nowMs();
    rig.engine.follow([cue("one", start), cue("two", start + 180_000)]);
    await pass(3_000);
    rig.engine.follow([cue("one", start + 0.4), cue("three", start + 180_000)]);
    expect(rig.context.puts.every(({ stoppedAt }) => stoppedAt === null)).toBe(true);
  });

  it("of a song that ends are left alone when the log tells of the next one a moment early", async () => {
    const start = times.nowMs();
    rig.engine.follow([cue("one", start, 4), cue("two", start + 4_000)]);
    await pass(3_970, 10);
    rig.engine.follow([cue("two", start + 4_000)]);
    await pass(500);
    expect(rig.context.puts.every(({ stoppedAt }) => stoppedAt === null)).toBe(true);
  });

  it("start over when the output has lost time, and follow small slips by their pace", async () => {
    rig.engine.follow([cue("one", times.nowMs())]);
    await pass(5_000);
    rig.context.behindMs += 8; // it was starved a little
    await pass(6_000);
    expect(events.log).not.toHaveBeenCalledWith("restart", expect.anything());
    expect(Math.abs(rig.engine.heard!.lateMs)).toBeLessThan(0.5);
    expect(heard().some(({ pace }) => pace > 1 && pace <= 1.005)).toBe(true);
    rig.context.behindMs += 400;
    await pass(2_000);
    expect(events.log).toHaveBeenCalledWith("restart", expect.anything());
    expect(Math.abs(rig.engine.heard!.lateMs)).toBeLessThan(0.5);
  });

  it("go on with one tick a second", async () => {
    rig.engine.follow([cue("one", times.nowMs())]);
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
    events.beat.mockImplementation(() => rig.engine.tick());
    const wait = async (ms: number) => {
      for (const end = rig.now + ms; rig.now < end; rig.now += 10) {
        rig.context.tellEnds();
        for (let turn = 0; turn < 8; turn++) await Promise.resolve();
      }
    };
    await wait(60_000);
    expect(events.beat).not.toHaveBeenCalled();
    const start = times.nowMs() + 300;
    rig.engine.follow([cue("one", start)]);
    await wait(20_000);
    const [first, ...pieces] = heard();
    expect(first!.atMs - start).toBeLessThan(300);
    [first!, ...pieces].slice(0, -1).forEach((piece, index) => expect(pieces[index]!.atMs - piece.atMs - piece.lengthMs).toBeCloseTo(0, 1));
    rig.engine.follow([]);
    await wait(200);
    events.beat.mockClear();
    await wait(5_000);
    expect(events.beat).not.toHaveBeenCalled();
  });

  it("sound so much earlier as this device is late", async () => {
    const start = times.nowMs() + 1_000;
    rig.engine.setDelay(120);
    rig.engine.follow([cue("one", start)]);
    await pass(2_000);
    expect(heard()[0]!.atMs).toBeCloseTo(start - 120, 0);
  });
});

describe("the context", () => {
  it("is replaced when its clock stands still for three seconds, and the sound comes back", async () => {
    rig.engine.follow([cue("one", times.nowMs())]);
    await pass(2_000);
    const frozen = rig.context.currentTime;
    Object.defineProperty(rig.context, "currentTime", { get: () => frozen });
    await pass(3_100);
    expect(rig.context.closed).toBe(true);
    expect(rig.contexts).toHaveLength(2);
    rig.context = rig.contexts[1]!;
    await pass(1_000);
    expect(Math.abs(rig.engine.heard!.lateMs)).toBeLessThan(0.5);
  });

  it("is woken when the browser has suspended it, and a tap is asked for", async () => {
    rig.engine.follow([cue("one", times.nowMs())]);
    await pass(500);
    rig.context.state = "suspended";
    await pass(1_000);
    expect(rig.context.resume).toHaveBeenCalled();
    expect(events.refused).toHaveBeenCalled();
  });

  it("is kept while the system has interrupted it: one that is made without a tap would not sound", async () => {
    rig.engine.follow([cue("one", times.nowMs())]);
    await pass(2_000);
    const frozen = rig.context.now();
    const { behindMs } = rig.context;
    Object.assign(rig.context, { now: () => frozen, state: "interrupted" });
    await pass(60_000);
    expect(rig.contexts).toHaveLength(1);
    expect(rig.context.resume).toHaveBeenCalled();
    expect(events.refused).not.toHaveBeenCalled();
    Object.assign(rig.context, { now: () => rig.now, state: "running", behindMs: behindMs + rig.now - frozen });
    await pass(1_000);
    expect(rig.contexts).toHaveLength(1);
    expect(Math.abs(rig.engine.heard!.lateMs)).toBeLessThan(0.5);
  });

  it("is left alone while nothing is to be heard", async () => {
    Object.defineProperty(rig.context, "currentTime", { get: () => 1 });
    await pass(10_000);
    expect(rig.contexts).toHaveLength(1);
  });

  it("clicks at full seconds of the server's clock", async () => {
    rig.engine.setClicking(true);
    await pass(5_000);
    expect(rig.context.clicks.length).toBeGreaterThan(3);
    for (const place of rig.context.clicks) expect((rig.context.heardAt(place) + SERVER_AHEAD_MS) % 1000).toBeCloseTo(0, 3);
  });
});
