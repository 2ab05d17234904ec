// An AudioContext for tests: its time goes as the test's does, and it remembers what was put on it.
import { vi } from "vitest";
import type { Cue } from "../src/player/engine";

export interface Put {
  /** Seconds on the context's clock, into the buffer, and of it. */
  at: number;
  offset: number;
  length: number;
  pace: number;
  buffer: FakeBuffer;
  stoppedAt: number | null;
}

export class FakeBuffer {
  constructor(
    readonly label: string,
    readonly duration: number,
    readonly sampleRate = 44_100,
  ) {}
}

const param = () => ({
  value: 1,
  setValueAtTime: vi.fn(),
  linearRampToValueAtTime: vi.fn(),
  exponentialRampToValueAtTime: vi.fn(),
  setTargetAtTime: vi.fn(),
  cancelScheduledValues: vi.fn(),
});

export class FakeContext {
  state: AudioContextState = "running";
  sampleRate = 44_100;
  outputLatency = 0;
  destination = {};
  puts: Put[] = [];
  gains: { gain: ReturnType<typeof param> }[] = [];
  clicks: number[] = [];
  ends: { at: number; tell: () => void }[] = [];
  closed = false;
  /** By how much its clock is behind the page's, in ms, and how much longer its sound takes. */
  constructor(
    readonly now: () => number,
    public behindMs = 1_000,
    readonly latencyMs = 40,
  ) {}

  get currentTime(): number {
    return (this.now() - this.behindMs) / 1000;
  }

  getOutputTimestamp() {
    return { contextTime: this.currentTime - this.latencyMs / 1000, performanceTime: this.now() };
  }

  /** The page's time at which something put at `place` is heard. */
  heardAt(place: number): number {
    return place * 1000 + this.behindMs + this.latencyMs;
  }

  createGain() {
    const gain = { gain: param(), connect: (to: unknown) => to, disconnect: vi.fn() };
    this.gains.push(gain);
    return gain;
  }

  createOscillator() {
    const start = (at: number) => this.clicks.push(at);
    return { frequency: param(), connect: (to: unknown) => to, start, stop: vi.fn(), onended: null };
  }

  createConstantSource() {
    const source = {
      offset: { value: 1 },
      connect: vi.fn(),
      disconnect: vi.fn(),
      start: vi.fn(),
      onended: null as (() => void) | null,
      stop: (at: number) => this.ends.push({ at, tell: () => source.onended?.() }),
    };
    return source;
  }

  /** Tell what has ended by now, as a context does that runs. */
  tellEnds(): void {
    const due = this.ends.filter(({ at }) => at <= this.currentTime);
    this.ends = this.ends.filter((end) => !due.includes(end));
    for (const { tell } of due) tell();
  }

  createBufferSource() {
    const put: Put = { at: 0, offset: 0, length: 0, pace: 1, buffer: new FakeBuffer("", 0), stoppedAt: null };
    const source = {
      buffer: null as FakeBuffer | null,
      playbackRate: { value: 1 },
      connect: (to: unknown) => to,
      onended: null,
      start: (at: number, offset: number, length: number) => {
        Object.assign(put, { at, offset, length, pace: source.playbackRate.value, buffer: source.buffer });
        this.puts.push(put);
      },
      stop: (at: number) => (put.stoppedAt = at),
    };
    return source;
  }

  decodeAudioData(bytes: ArrayBuffer): Promise<FakeBuffer> {
    const text = new TextDecoder().decode(bytes);
    if (text.startsWith("broken")) return Promise.reject(new Error("not audio"));
    return Promise.resolve(new FakeBuffer(text, 5.2));
  }

  resume = vi.fn(() => Promise.resolve());

  close() {
    this.closed = true;
    this.state = "closed";
    return Promise.resolve();
  }
}

/** A window of a file as the server cuts it: half a second of pre-roll, then what was asked for. */
export function windowAnswer(url: string): Response {
  const { pathname, searchParams } = new URL(url, "http://room");
  const fromMs = Number(searchParams.get("from_ms"));
  const lengthMs = Number(searchParams.get("duration_ms"));
  const headers = {
    "X-Window-From-Ms": String(fromMs),
    "X-Window-Skip": "22050",
    "X-Window-Samples": String(Math.round(lengthMs * 44.1)),
    "X-Window-Rate": "44100",
  };
  return new Response(`${pathname}@${fromMs}`, { headers });
}

export const refusal = (status: number, code: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ error: { code, message: "", details: {} } }), { status, headers });

/** A song that is to be heard from its beginning, in a plan. */
export const cue = (name: string, startsAtMs: number, seconds = 180, more: Partial<Cue> = {}): Cue => ({
  itemId: `item-${name}`,
  trackId: name,
  version: "v1",
  url: `/media/audio/${name}`,
  startsAtMs,
  heardFromMs: startsAtMs,
  endsAtMs: startsAtMs + seconds * 1000,
  gain: 1,
  ...more,
});
