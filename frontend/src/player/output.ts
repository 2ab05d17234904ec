// When what an AudioContext plays is heard, on this page's clock. Browsers tell in two ways, and each is good in some:
// `getOutputTimestamp()`, where its two clocks keep step; else the context's time, which steps by blocks, plus a latency
// that jitters. Which of them is the better one is measured, not known by the browser's name.
import { median } from "./sync";

/** As much of an AudioContext as tells the time. */
export interface Timekeeper {
  readonly currentTime: number;
  readonly state: string;
  readonly outputLatency?: number;
  getOutputTimestamp?(): { contextTime?: number; performanceTime?: number };
}

interface Sample {
  at: number;
  /** Page's clock − context's, in ms: of what is heard, as the browser says. */
  stampMs: number | null;
  /** The same of what is rendered, without the way to the loudspeaker. */
  renderedMs: number;
  latencyMs: number;
}

const RECENT_MS = 700;
const LATENCY_MS = 6_000;
const ENOUGH = 3;
/** Timestamps that scatter more than this are worth no more than the block-wise time. */
const STEADY_MS = 2;
/** A hidden page is woken once a second. */
const LEAST_SAMPLES = 5;

export class OutputClock {
  private samples: Sample[] = [];

  constructor(
    private readonly context: Timekeeper,
    private readonly now: () => number,
  ) {}

  /** Look at the clocks; to be called every tick. */
  look(): void {
    if (this.context.state !== "running") {
      this.samples = [];
      return;
    }
    const at = this.now();
    const { contextTime, performanceTime } = this.context.getOutputTimestamp?.() ?? {};
    this.samples.push({
      at,
      stampMs: contextTime && performanceTime ? performanceTime - contextTime * 1000 : null,
      renderedMs: at - this.context.currentTime * 1000,
      latencyMs: (this.context.outputLatency ?? 0) * 1000,
    });
    this.samples = this.samples.filter((sample) => sample.at > at - LATENCY_MS);
  }

  /** Page's clock − context's, in ms, of what is heard; null until that is known. */
  get offsetMs(): number | null {
    const fresh = this.samples.filter((sample) => sample.at > this.now() - RECENT_MS);
    const recent = fresh.length >= LEAST_SAMPLES ? fresh : this.samples.slice(-LEAST_SAMPLES);
    if (recent.length < ENOUGH) return null;
    const stamps = recent.flatMap(({ stampMs }) => (stampMs === null ? [] : [stampMs]));
    if (stamps.length === recent.length && this.isSteady) return median(stamps);
    // The lower envelope: a block is never rendered before its time, only noticed later.
    return Math.min(...recent.map(({ renderedMs }) => renderedMs)) + median(this.samples.map(({ latencyMs }) => latencyMs));
  }

  /** By the steps from one timestamp to the next: when an output loses time, one of them is large, and no more. */
  private get isSteady(): boolean {
    const stamps = this.samples.map(({ stampMs }) => stampMs ?? Infinity);
    return median(stamps.slice(1).map((stamp, index) => Math.abs(stamp - (stamps[index] ?? stamp)))) < STEADY_MS;
  }

  /** The context's time, in seconds, of what is heard at a moment of the page's clock. Null until that is known. */
  contextTimeAt(localMs: number): number | null {
    const offset = this.offsetMs;
    return offset === null ? null : (localMs - offset) / 1000;
  }
}
