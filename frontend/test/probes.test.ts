// When the time is asked for, with answers at once.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ServerClock } from "../src/room/clock";
import { Probes } from "../src/room/probes";

let clock: ServerClock;
let probes: Probes;
let asked: number[];
let jumpMs: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  asked = [];
  jumpMs = 0;
  clock = new ServerClock();
  probes = new Probes(clock, () => {
    const sentAt = performance.now();
    asked.push(sentAt);
    setTimeout(() => {
      clock.heard(sentAt, 1_790_000_000_000 + sentAt + jumpMs, 0);
      probes.hurry();
    }, 4);
  });
});

afterEach(() => {
  probes.stop();
  vi.useRealTimers();
});

/** How often the time is asked for in the next seconds. */
function askedIn(seconds: number): number {
  const before = asked.length;
  vi.advanceTimersByTime(seconds * 1000);
  return asked.length - before;
}

describe("the time is asked for", () => {
  it("now and then while nobody listens", () => {
    probes.start();
    expect(asked).toHaveLength(1);
    expect(askedIn(60)).toBe(6);
  });

  it("sixteen times over two seconds when somebody begins to, then each second, then now and then", () => {
    probes.start();
    probes.follow(true);
    expect(askedIn(1.1)).toBe(8);
    expect(askedIn(1)).toBeGreaterThanOrEqual(7);
    expect(askedIn(10)).toBeLessThanOrEqual(11);
    vi.advanceTimersByTime(40_000);
    expect(askedIn(60)).toBe(6);
  });

  it("soon again when an answer cannot be, and after a sleep", () => {
    probes.start();
    probes.follow(true);
    vi.advanceTimersByTime(120_000);
    jumpMs = 500;
    probes.start();
    expect(askedIn(0.3)).toBe(2);
    vi.advanceTimersByTime(120_000);
    clock.doubt();
    probes.hurry();
    expect(askedIn(0.2)).toBe(1);
  });
});
