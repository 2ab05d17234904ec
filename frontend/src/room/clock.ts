// The server's clock, measured by `time` frames. The error is at most half of the quickest round trip (Cristian's
// algorithm, https://en.wikipedia.org/wiki/Cristian%27s_algorithm).
interface Sample {
  roundTripMs: number;
  offsetMs: number;
}

const KEPT = 8;

export class ServerClock {
  private samples: Sample[] = [];

  /** `now` is a clock of this page that only goes forward, in milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Note an answer to the question that went out at `sentAt` on this page's clock. */
  heard(sentAt: number, serverTimeMs: number): void {
    const receivedAt = this.now();
    const offsetMs = serverTimeMs - (sentAt + receivedAt) / 2;
    this.samples = [...this.samples, { roundTripMs: receivedAt - sentAt, offsetMs }].slice(-KEPT);
  }

  /** Start from a time that came without a question: better than nothing, and worse than any answer. */
  seed(serverTimeMs: number): void {
    this.samples = [{ roundTripMs: Infinity, offsetMs: serverTimeMs - this.now() }];
  }

  /** The page may have slept, so earlier measurements may be wrong by that long: any new answer is better. */
  doubt(): void {
    this.samples = this.samples.slice(-1).map((sample) => ({ ...sample, roundTripMs: Infinity }));
  }

  /** Unix milliseconds on the server. */
  nowMs(): number {
    const best = this.samples.reduce<Sample | null>(
      (found, sample) => (found === null || sample.roundTripMs < found.roundTripMs ? sample : found),
      null,
    );
    return best === null ? Date.now() : this.now() + best.offsetMs;
  }
}
