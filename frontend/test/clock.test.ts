// The clock against simulated lines and quartzes. Every run has a seed; nothing here waits.
import { describe, expect, it } from "vitest";
import { ServerClock } from "../src/room/clock";
import { randomFrom } from "./random";

const START_MS = 1_790_000_000_000;

interface Line {
  /** How long a frame is on its way there, and back, in ms. */
  there: () => number;
  back: () => number;
  /** The share of questions that are lost. */
  loss?: number;
  /** How much faster the server's clock goes. */
  drift?: number;
}

class World {
  private trueMs = 0;
  jumpMs = 0;
  id = 0;
  readonly random: () => number;
  readonly clock = new ServerClock(() => this.trueMs);

  constructor(
    seed: number,
    readonly line: (random: () => number) => Line,
  ) {
    this.random = randomFrom(seed);
  }

  get serverMs(): number {
    return START_MS + this.trueMs * (1 + (this.line(this.random).drift ?? 0)) + this.jumpMs;
  }

  get errorMs(): number {
    return this.clock.nowMs() - this.serverMs;
  }

  wait(ms: number): void {
    this.trueMs += ms;
  }

  probe(): void {
    const { there, back, loss = 0 } = this.line(this.random);
    if (this.random() < loss) return;
    const sentAt = this.trueMs;
    this.trueMs += there();
    const said = Math.floor(this.serverMs);
    this.trueMs += back();
    this.clock.heard(sentAt, said, this.id);
  }

  /** The first two seconds, and what follows. */
  listen(seconds: number): number[] {
    const errors: number[] = [];
    for (let count = 0; count < 16; count++) {
      this.probe();
      this.wait(100);
    }
    for (let second = 0; second < seconds; second++) {
      if (second % 10 === 9) this.probe();
      this.wait(1000);
      errors.push(this.errorMs);
    }
    return errors;
  }
}

const worst = (errors: number[]) => Math.max(...errors.map(Math.abs));
const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
const exponential = (random: () => number, mean: number) => -mean * Math.log(1 - random());

describe("the clock", () => {
  it.each(seeds)("is exact to the millisecond on a quiet line (seed %i)", (seed) => {
    const world = new World(seed, (random) => ({ there: () => 1 + random(), back: () => 1 + random() }));
    expect(worst(world.listen(600))).toBeLessThan(1.5); // the server says whole milliseconds
  });

  it.each(seeds)("is good to 6 ms at once and 4 later where Wi-Fi adds 15 ms each way (seed %i)", (seed) => {
    const jitter = (random: () => number) => () => 2 + exponential(random, 15);
    const errors = new World(seed, (random) => ({ there: jitter(random), back: jitter(random), loss: 0.1 })).listen(600);
    expect(worst(errors)).toBeLessThan(6);
    expect(worst(errors.slice(300))).toBeLessThan(4);
  });

  it.each([100e-6, -100e-6])("follows a quartz that is off by %d", (drift) => {
    const world = new World(1, (random) => ({ there: () => 2 + 3 * random(), back: () => 2 + 3 * random(), drift }));
    const errors = world.listen(900);
    expect(worst(errors)).toBeLessThan(4);
    expect(worst(errors.slice(300))).toBeLessThan(2);
    // Between two questions, and when nobody answers for a minute, it goes on at the pace that it has learnt.
    world.wait(60_000);
    expect(Math.abs(world.errorMs)).toBeLessThan(3);
  });

  it.each(seeds)("is not drawn aside by a queue on one way for half a minute (seed %i)", (seed) => {
    let isCongested = false;
    const world = new World(seed, (random) => ({
      there: () => 3 + random() + (isCongested ? exponential(random, 120) : 0),
      back: () => 3 + random(),
    }));
    world.listen(60);
    isCongested = true;
    const errors: number[] = [];
    for (let count = 0; count < 30; count++) {
      world.probe();
      world.wait(1000);
      errors.push(world.errorMs);
    }
    expect(worst(errors)).toBeLessThan(2);
  });

  it.each(
    seeds.flatMap((seed) => [[seed, 64, 0.7], [seed, 1_000, 0.5]] as const),
  )("finds its way when the line was full as it began (seed %i, %i ms)", (seed, queueMs, later) => {
    let [share, waitMs] = [1, queueMs]; // of the answers, and for how long at least, waiting behind music
    const world = new World(seed, (random) => ({
      there: () => 1 + random(),
      back: () => 1 + random() + (random() < share ? waitMs * (1 + random()) : 0),
    }));
    for (let count = 0; count < 16; count++) world.probe();
    expect(Math.abs(world.errorMs)).toBeGreaterThan(30);
    [share, waitMs] = [later, 64];
    const errors: number[] = [];
    for (let second = 0; second < 32; second++) {
      world.probe();
      world.wait(1000);
      errors.push(world.errorMs);
    }
    expect(Math.abs(errors.at(-1)!)).toBeLessThan(6);
  });

  it.each([-3_600_000, -400, 400, 3_600_000])("takes two answers to follow a jump of %i ms", (jump) => {
    const world = new World(1, (random) => ({ there: () => 2 + random(), back: () => 2 + random() }));
    world.listen(60);
    world.jumpMs = jump;
    world.probe();
    expect(world.clock.isUnsure).toBe(true);
    expect(Math.abs(world.errorMs + jump)).toBeLessThan(2); // one answer alone is not believed
    world.probe();
    expect(Math.abs(world.errorMs)).toBeLessThan(3);
  });

  it("believes the first answer of another clock", () => {
    const world = new World(1, (random) => ({ there: () => 2 + random(), back: () => 2 + random() }));
    world.listen(60);
    [world.id, world.jumpMs] = [1, 300];
    world.probe();
    expect(Math.abs(world.errorMs)).toBeLessThan(3);
    expect(world.clock.isUnsure).toBe(true);
  });

  it("does not let a late question after a tab change undo what it knows", () => {
    let slow = 0;
    const world = new World(3, (random) => ({ there: () => 2 + random() + slow, back: () => 2 + random() }));
    world.listen(60);
    world.clock.doubt();
    slow = 900;
    world.probe();
    expect(Math.abs(world.errorMs)).toBeLessThan(1.5);
  });

  it("keeps what it knows when a welcome was long on its way, and gives way to one that cannot be", () => {
    const world = new World(3, (random) => ({ there: () => 2 + random(), back: () => 2 + random() }));
    world.listen(60);
    world.clock.seed(world.serverMs - 900);
    expect(Math.abs(world.errorMs)).toBeLessThan(1.5);
    world.clock.seed(world.serverMs + 5_000);
    expect(world.errorMs).toBeCloseTo(5_000);
  });

  it("says when on this page's clock a moment of the server's comes", () => {
    const world = new World(1, (random) => ({ there: () => 2 + random(), back: () => 2 + random(), drift: 50e-6 }));
    world.listen(300);
    const inAMinute = world.clock.nowMs() + 60_000;
    const local = world.clock.localMs(inAMinute);
    const now = world.clock.localMs(world.clock.nowMs());
    expect(local - now).toBeCloseTo(60_000 * (1 - 50e-6), 0);
    world.wait(local - now);
    expect(world.clock.nowMs()).toBeCloseTo(inAMinute, 3);
  });
});
