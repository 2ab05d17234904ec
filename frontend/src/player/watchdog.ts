// Notices that an AudioContext does not run: suspended by the browser, interrupted by a call, its device gone, or made
// and never started, which Firefox does now and then.
interface Clock {
  readonly currentTime: number;
  readonly state: string;
}

const RESUME_EVERY_MS = 1_000;
const STUCK_MS = 3_000;
/** Between two ticks that are further apart the page slept, and the context with it. */
const SLEPT_MS = 2_000;

export class Watchdog {
  private seen = -1;
  private seenAt = 0;
  private lookedAt = -Infinity;
  private resumedAt = -Infinity;

  constructor(private readonly now: () => number) {}

  /** What to do about a context, if anything. To be called every tick. */
  look({ currentTime, state }: Clock, isNeeded: boolean): "resume" | "replace" | null {
    const now = this.now();
    const hasSlept = now - this.lookedAt > SLEPT_MS;
    this.lookedAt = now;
    // After a call the same context may go on; a new one, made without a tap, would not sound in some browsers.
    if (currentTime !== this.seen || hasSlept || !isNeeded || state === "interrupted") {
      this.seen = currentTime;
      this.seenAt = now;
    }
    if (!isNeeded) return null;
    if (now - this.seenAt >= STUCK_MS) {
      this.seenAt = now;
      return "replace";
    }
    if (state === "running" || now - this.resumedAt < RESUME_EVERY_MS) return null;
    this.resumedAt = now;
    return "resume";
  }
}
