// The controllers against simulated outputs: they settle, and never oscillate.
import { describe, expect, it } from "vitest";
import { OutputClock, type Timekeeper } from "../src/player/output";
import { ELEMENT_PACE, ElementPace, median, paceOfPiece, Restarts } from "../src/player/sync";
import { randomFrom } from "./random";

const worst = (errors: number[]) => Math.max(...errors.map(Math.abs));

/** How late pieces of a second are, on an output that drifts and is measured with noise. */
function playPieces(startLateMs: number, drift: number, noiseMs: number, random: () => number, count = 120): number[] {
  const errors: number[] = [];
  let lateMs = startLateMs;
  for (let piece = 0; piece < count; piece++) {
    const pace = paceOfPiece(lateMs + noiseMs * (2 * random() - 1), 1000);
    lateMs += 1000 / pace - 1000 + drift * 1000;
    errors.push(lateMs);
  }
  return errors;
}

describe("the pace of pieces", () => {
  it.each([19, -19, 5, -5, 1])("brings %i ms in within six seconds, and never to the other side", (start) => {
    const errors = playPieces(start, 0, 0, () => 0.5);
    expect(worst(errors.slice(6))).toBeLessThan(0.3);
    for (const error of errors) expect(error * Math.sign(start)).toBeGreaterThan(-0.1);
  });

  it.each([100e-6, -100e-6, 500e-6])("holds an output that drifts by %d, measured to 0.2 ms", (drift) => {
    expect(worst(playPieces(0, drift, 0.2, randomFrom(7)).slice(3))).toBeLessThan(1);
  });

  it("leaves alone what is no more than noise", () => {
    expect(paceOfPiece(0.29, 1000)).toBe(1);
    expect(paceOfPiece(-0.29, 1000)).toBe(1);
  });

  it("goes at most half a percent faster or slower, also for a short rest", () => {
    expect(paceOfPiece(19, 1000)).toBe(1.005);
    expect(paceOfPiece(-3, 20)).toBe(0.995);
  });

  it("starts over beyond 20 ms, and gives each start 0.8 s to show", () => {
    const restarts = new Restarts();
    expect(restarts.isDue(20, 0)).toBe(false);
    expect(restarts.isDue(-21, 0)).toBe(true);
    expect(restarts.isDue(500, 799)).toBe(false);
    expect(restarts.isDue(500, 800)).toBe(true);
  });
});

/** A media element in a world of its own: what it says of its position is stepped, noisy, and a little behind. */
class SimulatedElement {
  now = 0;
  pace = 1;
  lateMs = 0;
  readonly told: { at: number; pace: number }[] = [];
  readonly errors: number[] = [];
  seeks = 0;
  private readonly control = new ElementPace();

  constructor(
    readonly random: () => number,
    readonly noiseMs: number,
    readonly drift = 0,
    readonly tickMs = 50,
  ) {}

  start(lateMs: number, isAimed: boolean): void {
    this.lateMs = lateMs;
    this.control.started(this.now, isAimed);
  }

  run(seconds: number): void {
    for (const end = this.now + seconds * 1000; this.now < end; this.now += this.tickMs) {
      const verdict = this.control.judge(this.lateMs + this.noiseMs * (2 * this.random() - 1), this.now);
      if (verdict === "restart") {
        this.seeks += 1;
        this.start(20 * (2 * this.random() - 1), true);
      } else if (verdict !== null) {
        this.pace = verdict;
        this.told.push({ at: this.now, pace: verdict });
      }
      this.lateMs -= this.tickMs * (this.pace - 1 - this.drift);
      this.errors.push(this.lateMs);
    }
  }
}

describe("the pace of a media element", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("settles from 140 ms at a change of songs without a seek (seed %i)", (seed) => {
    const element = new SimulatedElement(randomFrom(seed), 1);
    element.start(140, false);
    element.run(60);
    expect(element.seeks).toBe(0);
    expect(worst(element.errors.slice(-200))).toBeLessThan(4);
    expect(Math.min(...element.errors)).toBeGreaterThan(-4); // it does not swing through
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("stays within its jitter where positions jump by 6 ms (seed %i)", (seed) => {
    const element = new SimulatedElement(randomFrom(seed), 6, 100e-6);
    element.start(20, true);
    element.run(120);
    expect(worst(element.errors.slice(-400))).toBeLessThan(10);
    const later = element.told.filter(({ at }) => at > 60_000);
    expect(Math.max(0, ...later.map(({ pace }) => Math.abs(pace - 1)))).toBeLessThanOrEqual(0.005);
  });

  it("never goes back to exactly 1", () => {
    const element = new SimulatedElement(randomFrom(2), 3);
    element.start(20, true);
    element.run(120);
    const paces = element.told.map(({ pace }) => pace);
    expect(paces).not.toContain(1);
    expect(paces).toContain(ELEMENT_PACE);
  });

  it("seeks when a person has started it and it is far off, at most twice, and else only beyond 150 ms", () => {
    const element = new SimulatedElement(randomFrom(2), 1);
    element.start(100, true);
    element.run(20);
    expect(element.seeks).toBe(1);
    const late = new SimulatedElement(randomFrom(2), 1);
    late.start(200, false);
    late.run(20);
    expect(late.seeks).toBe(1);
  });

  it("is steered by a tick a second, too, as in a page that is hidden", () => {
    const element = new SimulatedElement(randomFrom(3), 1, 0, 1000);
    element.start(60, false);
    element.run(120);
    expect(worst(element.errors.slice(-30))).toBeLessThan(6);
  });
});

class SimulatedContext implements Timekeeper {
  state = "running";
  outputLatency = 0;
  stamp: { contextTime?: number; performanceTime?: number } = {};
  currentTime = 0;
  getOutputTimestamp() {
    return this.stamp;
  }
}

describe("the output's clock", () => {
  function watch(set: (context: SimulatedContext, now: number, random: () => number) => void, ticks = 40, tickMs = 50) {
    const context = new SimulatedContext();
    const random = randomFrom(5);
    let now = 10_000;
    const output = new OutputClock(context, () => now);
    for (let tick = 0; tick < ticks; tick++) {
      now += tickMs;
      set(context, now, random);
      output.look();
    }
    return { output, context };
  }

  it("believes timestamps that keep step", () => {
    const { output } = watch((context, now, random) => {
      context.currentTime = (now - 5_000) / 1000;
      context.stamp = { contextTime: (now - 5_000 - 40) / 1000, performanceTime: now + 0.2 * (random() - 0.5) };
    });
    expect(output.offsetMs).toBeCloseTo(5_040, 0);
    expect(output.contextTimeAt(15_040)).toBeCloseTo(10, 3);
  });

  it("takes the lower envelope where they step by blocks and the latency jitters", () => {
    const { output } = watch((context, now, random) => {
      context.currentTime = Math.floor((now - 5_000 - 3 * random()) / 20) / 50;
      context.outputLatency = 0.03 + 0.02 * (random() - 0.5);
      context.stamp = { contextTime: context.currentTime - context.outputLatency, performanceTime: now };
    }, 40, 47);
    expect(Math.abs((output.offsetMs ?? 0) - 5_030)).toBeLessThan(8);
  });

  it("manages with a device that reports neither timestamps nor latency", () => {
    const { output } = watch((context, now) => (context.currentTime = (now - 5_000) / 1000));
    expect(output.offsetMs).toBeCloseTo(5_000, 3);
  });

  it("knows nothing of a context that does not run, and little is enough after it woke", () => {
    const { output, context } = watch((one, now) => (one.currentTime = (now - 5_000) / 1000), 3, 1000);
    expect(output.offsetMs).toBeCloseTo(5_000, 3);
    context.state = "interrupted";
    output.look();
    expect(output.offsetMs).toBeNull();
  });
});

describe("the median", () => {
  it("is the middle", () => expect([median([3, 1, 2]), median([])]).toEqual([2, 0]));
});
