// The engine that keeps time, on a fake context and a fake line.
import { afterEach, beforeEach, vi } from "vitest";
import type { EngineEvents } from "../src/player/engine";
import { Windows } from "../src/player/windows";
import { FakeContext, windowAnswer } from "./audio";

export const SERVER_AHEAD_MS = 5_000_000;

export const events = { failed: vi.fn(), refused: vi.fn(), interrupted: vi.fn(), beat: vi.fn(), log: vi.fn() } satisfies EngineEvents;

class Rig {
  now = 0;
  contexts: FakeContext[] = [];
  context!: FakeContext;
  engine!: Windows;
  answer!: (url: string) => Promise<Response>;
  asked: string[] = [];
}

export const rig = new Rig();

export const times = { nowMs: () => rig.now + SERVER_AHEAD_MS, localMs: (serverMs: number) => serverMs - SERVER_AHEAD_MS };

export function withEngine(): void {
  beforeEach(() => {
    vi.resetAllMocks();
    Object.assign(rig, { now: 10_000, asked: [], contexts: [], answer: (url: string) => Promise.resolve(windowAnswer(url)) });
    vi.stubGlobal("fetch", (url: string) => {
      rig.asked.push(url);
      return rig.answer(url);
    });
    const make = () => {
      rig.contexts.push(new FakeContext(() => rig.now));
      return rig.contexts.at(-1)!;
    };
    rig.context = make();
    const again = make as unknown as () => AudioContext;
    rig.engine = new Windows(rig.context as unknown as AudioContext, again, times, events, () => rig.now);
  });
  afterEach(() => vi.unstubAllGlobals());
}

export async function pass(ms: number, tickMs = 50): Promise<void> {
  for (const end = rig.now + ms; rig.now < end; ) {
    rig.now += tickMs;
    rig.engine.tick();
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  }
}

/** What is heard, without what was taken back: when on the server's clock, and which ms of which file. */
export function heard() {
  return rig.context.puts
    .filter(({ stoppedAt, at }) => stoppedAt === null || stoppedAt > at)
    .map(({ at, offset, length, pace, buffer }) => {
      const [path, from] = buffer.label.split("@");
      const fromMs = Number(from) + (offset - 0.5) * 1000;
      return { name: path!.split("/").at(3)!, atMs: rig.context.heardAt(at) + SERVER_AHEAD_MS, fromMs, lengthMs: length * 1000, pace };
    });
}
