// Asks for the server's time: now and then for what is drawn, and often while it is not yet known to the millisecond and
// somebody listens.
import type { ServerClock } from "./clock";

/** 16 questions in two seconds. */
const QUICK_MS = 125;
/** The first answers share the line with the first of the music: so many come after them, for quicker ones. */
const ENOUGH = 48;
const SOON_MS = 1_000;
const CALM_MS = 10_000;

export class Probes {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isClose = false;
  /** How long after the last question the next one goes out. */
  private waitMs = 0;

  constructor(
    private readonly clock: ServerClock,
    private readonly ask: () => void,
  ) {}

  /** Ask at once, and go on asking. */
  start(): void {
    this.ask();
    this.wait();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Whether milliseconds count from now on. */
  follow(isClose: boolean): void {
    this.isClose = isClose;
    if (this.timer !== null) this.start();
  }

  /** Something was heard that may make the clock unsure. */
  hurry(): void {
    if (this.timer !== null && this.nextMs < this.waitMs) this.wait();
  }

  private get nextMs(): number {
    if (!this.isClose) return CALM_MS;
    if (this.clock.isUnsure) return QUICK_MS;
    return this.clock.answers < ENOUGH ? SOON_MS : CALM_MS;
  }

  private wait(): void {
    this.stop();
    this.waitMs = this.nextMs;
    this.timer = setTimeout(() => this.start(), this.waitMs);
  }
}
