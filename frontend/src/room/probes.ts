// Asks for the server's time: now and then for what is drawn, and often while it is not yet known to the millisecond and
// somebody listens.
import type { ServerClock } from "./clock";

/** 16 questions in two seconds. */
const QUICK_MS = 125;
const CALM_MS = 10_000;

export class Probes {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isClose = false;

  constructor(
    private readonly clock: ServerClock,
    private readonly ask: () => void,
  ) {}

  /** Ask at once, and go on asking. */
  start(): void {
    this.stop();
    this.ask();
    this.timer = setTimeout(() => this.start(), this.isClose && this.clock.isUnsure ? QUICK_MS : CALM_MS);
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

  /** Something was heard that makes the clock unsure. */
  hurry(): void {
    if (this.isClose && this.clock.isUnsure && this.timer !== null) this.start();
  }
}
