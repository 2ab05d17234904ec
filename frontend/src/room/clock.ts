// The server's clock, as told by the answers to `time` frames: half of the quickest round trip is the error at most
// (Cristian's algorithm, https://en.wikipedia.org/wiki/Cristian%27s_algorithm).
interface Sample {
  roundTripMs: number;
  offsetMs: number;
}

const KEPT = 8;

export class ServerClock {
  private samples: Sample[] = [];

  /** `now` is a clock of this page that only goes forward, in milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Note an answer: it was asked for at `sentAt` of this page's clock. */
  heard(sentAt: number, serverTimeMs: number): void {
    const receivedAt = this.now();
    const offsetMs = serverTimeMs - (sentAt + receivedAt) / 2;
    this.samples = [...this.samples, { roundTripMs: receivedAt - sentAt, offsetMs }].slice(-KEPT);
  }

  /** A time that the server told without being asked: better than nothing, and worse than any answer. */
  seed(serverTimeMs: number): void {
    this.samples = [{ roundTripMs: Infinity, offsetMs: serverTimeMs - this.now() }];
  }

  /** The page may have slept, and what was measured before may be off by that: any new answer is better. */
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
