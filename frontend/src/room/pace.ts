// Keeps commands within the server's limits: a token bucket (https://en.wikipedia.org/wiki/Token_bucket) a little below
// them, so that nothing is refused for haste and the order stays.
import type { Limits } from "../protocol/types";

const MARGIN = 0.8;
const ANSWER_MS = 100;

export class Pace {
  private perSecond = 10;
  private burst = 10;
  private inFlight = 8;
  private tokens = 10;
  private lookedAt: number;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.lookedAt = now();
  }

  /** A new socket, with these limits. */
  follow(limits: Limits): void {
    this.perSecond = limits.commands_per_second * MARGIN;
    this.burst = this.tokens = Math.max(1, Math.floor(limits.commands_burst * MARGIN));
    this.inFlight = Math.max(1, Math.floor(limits.commands_in_flight * MARGIN));
    this.lookedAt = this.now();
  }

  /** Take one token: 0 when there was one, else the milliseconds after which to ask again. */
  take(inFlight: number): number {
    const now = this.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.lookedAt) / 1000) * this.perSecond);
    this.lookedAt = now;
    if (inFlight >= this.inFlight) return ANSWER_MS;
    if (this.tokens < 1) return Math.ceil(((1 - this.tokens) / this.perSecond) * 1000);
    this.tokens -= 1;
    return 0;
  }
}
