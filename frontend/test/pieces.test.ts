// What is fetched of files, held and decoded, on a fake line.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { samplesOf } from "../src/player/adts";
import { Pieces, type Want } from "../src/player/pieces";
import { cue, FakeBuffer, refusal, windowAnswer } from "./audio";

let now = 0;
const events = { failed: vi.fn(), log: vi.fn() };

beforeEach(() => {
  now = 10_000;
});

const settled = async () => {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
};

describe("a line that is gone", () => {
  it("is not waited for: over the next one its windows are fetched anew", async () => {
    let isGone = true;
    const never = (signal?: AbortSignal) =>
      new Promise<Response>((_, reject) => signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError"))));
    const get = (url: string, signal?: AbortSignal) => (isGone ? never(signal) : Promise.resolve(windowAnswer(url)));
    const pieces = new Pieces(() => Promise.resolve(new FakeBuffer("", 5.2) as unknown as AudioBuffer), events, () => now, get);
    const one = cue("one", now);
    const wanted: Want[] = [0, 1, 2].map((index) => ({ cue: one, index, isSoon: true }));
    const pass = async (ms: number) => {
      for (const end = now + ms; now < end; now += 50) {
        pieces.want(wanted);
        await settled();
      }
    };
    await pass(5_000);
    isGone = false;
    await pass(15_000);
    expect([0, 5_000, 10_000].map((at) => pieces.at(one, at) !== null)).toEqual([true, true, true]);
  });
});

describe("what nobody wants any more", () => {
  it.each(["windows", "whole files"])("is not waited for: of songs that were skipped no %s are on the line", async (kind) => {
    const onTheLine = new Set<string>();
    const get = (url: string, signal: AbortSignal) => {
      if (kind === "whole files" && url.includes("/window")) return Promise.resolve(refusal(409, "NOT_CUTTABLE"));
      if (url.includes("/three")) return Promise.resolve(windowAnswer(`${url}?from_ms=0&duration_ms=5100`));
      onTheLine.add(url);
      return new Promise<Response>((_, reject) =>
        signal.addEventListener("abort", () => {
          onTheLine.delete(url);
          reject(new DOMException("", "AbortError"));
        }),
      );
    };
    const pieces = new Pieces(() => Promise.resolve(new FakeBuffer("", 5.2) as unknown as AudioBuffer), events, () => now, get);
    const play = async (name: string) => {
      for (const end = now + 300; now < end; now += 50) {
        pieces.want([0, 1].map((index) => ({ cue: cue(name, now), index, isSoon: true })));
        await settled();
      }
    };
    await play("one");
    expect(onTheLine.size).toBeGreaterThan(0);
    await play("two");
    expect([...onTheLine].filter((url) => url.includes("/one"))).toEqual([]);
    await play("three");
    expect(onTheLine.size).toBe(0);
    expect(pieces.at(cue("three", now), 0), "without a pause, as nothing has failed").not.toBeNull();
  });
});

describe("what is held", () => {
  it("is 48 MB of what comes later, of files that take more", async () => {
    const bytes = new ArrayBuffer(900_000);
    const headers = windowAnswer("/media/audio/one/window?from_ms=0&duration_ms=5100").headers;
    const get = () => Promise.resolve({ ok: true, headers, arrayBuffer: () => Promise.resolve(bytes) } as Response);
    const pieces = new Pieces(() => Promise.resolve(new FakeBuffer("", 5.2) as unknown as AudioBuffer), events, () => now, get);
    const one = cue("one", now, 3_600);
    let most = 0;
    for (let tick = 0; tick < 600; tick++, now += 100) {
      const first = Math.floor((now - 10_000) / 5_000);
      pieces.want(Array.from({ length: 180 }, (_, index) => ({ cue: one, index: first + index, isSoon: index < 3 })));
      await settled();
      most = Math.max(most, pieces.bytes);
    }
    expect(most).toBeGreaterThan(45 * 2 ** 20);
    expect(most).toBeLessThanOrEqual(50 * 2 ** 20);
  });
});

describe("AAC", () => {
  const frame = [0xff, 0xf1, 0x50, 0x80, 0x02, 0x1f, 0xfc, ...Array.from({ length: 9 }, () => 0)];
  const stream = (frames: number) => Uint8Array.from(Array.from({ length: frames }, () => frame).flat()).buffer;

  it.each([
    ["all of it", 220, 220, 0.5],
    ["all but the first frame", 220, 219, 0.5 - 1024 / 44_100],
  ])("of which a decoder gives %s begins where it should", async (_, frames, decoded, offsetS) => {
    const headers = windowAnswer("/media/audio/one/window?from_ms=0&duration_ms=4500").headers;
    const get = () => Promise.resolve({ ok: true, headers, arrayBuffer: () => Promise.resolve(stream(frames)) } as Response);
    const buffer = new FakeBuffer("", (decoded * 1024) / 44_100) as unknown as AudioBuffer;
    const pieces = new Pieces(() => Promise.resolve(buffer), events, () => now, get);
    const want = { cue: cue("one", now), index: 0, isSoon: true };
    for (let turn = 0; turn < 30; turn++) {
      pieces.want([want]);
      await Promise.resolve();
    }
    expect(pieces.at(want.cue, 0)!.offsetS).toBeCloseTo(offsetS, 6);
  });

  it("is told from what is none", () => {
    expect(samplesOf(stream(3))).toBe(3_072);
    expect(samplesOf(new TextEncoder().encode("/media/audio/one@5000").buffer)).toBeNull();
    expect(samplesOf(Uint8Array.from([0xff, 0xfb, 0x90, 0x64, 0, 0, 0, 0]).buffer)).toBeNull();
    expect(samplesOf(new ArrayBuffer(0))).toBeNull();
  });
});
