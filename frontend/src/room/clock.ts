// The server's clock, measured by `time` frames: a line through the answers (offset and drift), in which an answer
// counts the less the longer it was on its way. Each answer also bounds the truth (Cristian's algorithm,
// https://en.wikipedia.org/wiki/Cristian%27s_algorithm), so that a clock that has jumped is found out.
interface Sample {
  /** The middle of question and answer on this page's clock. */
  at: number;
  roundTripMs: number;
  offsetMs: number;
}

interface Line {
  at: number;
  offsetMs: number;
  /** Milliseconds by which the server's clock gains on this page's in each millisecond. */
  drift: number;
}

const KEPT = 96;
const KEPT_MS = 600_000;
/** What even the quickest answers differ by. */
const FLOOR_MS = 0.5;
/** How far two quartzes usually drift apart, and what no pair of them exceeds. */
const USUAL_DRIFT = 50e-6;
const DRIFT_LIMIT = 500e-6;
/** Beyond its bounds by this much, an answer comes from another clock than the one that was known. */
const SLACK_MS = 5;
/** After so many answers the next may take their time. */
const ENOUGH = 16;
/** How far the time in a welcome may be behind: it was on its way for an unknown while. */
const WELCOME_LATE_MS = 10_000;

export class ServerClock {
  private samples: Sample[] = [];
  private line: Line | null = null;
  /** The line stands on a time that came without a question. */
  private isSeeded = false;
  /** The server's name for the clock that it tells; another one has nothing to do with it. */
  private id: number | null = null;
  /** The clock before, as far as it was known: what began by it goes on by it until it is told in the new one. */
  private previous: { id: number; line: Line } | null = null;
  /** Answers in a row that contradict the line: the mistake of a moment, or a clock that has jumped. */
  private suspects: Sample[] = [];
  private isDoubted = false;

  /** `now` is a clock of this page that only goes forward, in milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Note an answer to the question that went out at `sentAt` on this page's clock; `id` names the clock it came from. */
  heard(sentAt: number, serverTimeMs: number, id: number): void {
    const receivedAt = this.now();
    const at = (sentAt + receivedAt) / 2;
    const sample = { at, roundTripMs: receivedAt - sentAt, offsetMs: serverTimeMs - at };
    if (this.id !== id) this.keepLine();
    if (this.isSeeded || this.id !== id) this.forget();
    if (this.previous?.id === id) this.previous = null; // the same one, and it is measured anew
    this.isSeeded = false;
    this.id = id;
    this.suspects = this.contradicts(sample) ? [...this.suspects, sample] : [];
    if (this.suspects.length === 0) this.samples.push(sample);
    else if (this.isDoubted || this.suspects.length > 1) [this.samples, this.suspects] = [this.suspects, []];
    this.isDoubted = false;
    this.samples = this.samples.filter((known) => known.at > receivedAt - KEPT_MS).slice(-KEPT);
    this.line = lineThrough(this.samples, receivedAt) ?? this.line;
  }

  /** Start from a time that came without a question: better than nothing, and worse than any answer. */
  seed(serverTimeMs: number): void {
    const now = this.now();
    const offsetMs = serverTimeMs - now;
    const ahead = this.line === null ? Infinity : offsetMs - offsetAt(this.line, now);
    if (ahead < SLACK_MS && ahead > -WELCOME_LATE_MS) {
      this.doubt();
      return;
    }
    // It may be another clock's, whose name comes with the first answer: what plays goes on by the one that is known.
    this.keepLine();
    this.forget();
    this.isSeeded = true;
    this.line = { at: now, offsetMs, drift: 0 };
  }

  /** The page may have slept while its clock stood still: the next answer that contradicts what is known is right. */
  doubt(): void {
    this.isDoubted = true;
  }

  /** Whether the next answers should come soon: few are known, the last one contradicts them, or the page has slept. */
  get isUnsure(): boolean {
    return this.isDoubted || this.suspects.length > 0 || this.samples.length < ENOUGH;
  }

  /** How many answers what is known stands on. */
  get answers(): number {
    return this.samples.length;
  }

  /** Whether times of the clock with this number can be told; those of one that is newer than the answers cannot. */
  knows(id: number): boolean {
    return this.id === null || id <= this.id;
  }

  /** Unix milliseconds on the server; by the clock with this number, if it is still known. */
  nowMs(id?: number): number {
    const now = this.now();
    const line = this.lineOf(id);
    return line === null ? Date.now() : now + offsetAt(line, now);
  }

  /** When, on this page's clock, the server's shows this time. */
  localMs(serverTimeMs: number, id?: number): number {
    const { at, offsetMs, drift } = this.lineOf(id) ?? { at: 0, offsetMs: Date.now() - this.now(), drift: 0 };
    return at + (serverTimeMs - at - offsetMs) / (1 + drift);
  }

  /** Keep what is known of the clock with this name, for when it has gone: as long as it is measured, and not told. */
  private keepLine(): void {
    if (this.id !== null && this.line !== null && !this.isSeeded) this.previous = { id: this.id, line: this.line };
  }

  private lineOf(id?: number): Line | null {
    return this.previous !== null && this.previous.id === id ? this.previous.line : this.line;
  }

  /** Whether no time is within the bounds of this answer and of each one before: not the line, which may be wrong. */
  private contradicts({ at, roundTripMs, offsetMs }: Sample): boolean {
    return this.samples.some((known) => {
      const slack = SLACK_MS + DRIFT_LIMIT * (at - known.at);
      return Math.abs(offsetMs - known.offsetMs) > (roundTripMs + known.roundTripMs) / 2 + slack;
    });
  }

  private forget(): void {
    this.samples = [];
    this.line = null;
    this.suspects = [];
    this.isDoubted = false;
  }
}

const offsetAt = ({ at, offsetMs, drift }: Line, now: number) => offsetMs + drift * (now - at);

/**
 * The likeliest line: least squares with a prior for the drift. What an answer took longer than the quickest one was
 * added on one of its ways, nobody knows which, so up to half of it may be wrong.
 */
function lineThrough(samples: readonly Sample[], now: number): Line | null {
  const first = samples[0];
  if (first === undefined) return null;
  const quickest = Math.min(...samples.map((sample) => sample.roundTripMs));
  const longer = samples.map((sample) => sample.roundTripMs - quickest).sort((a, b) => a - b);
  // On a line that jitters the quickest of a few was delayed, too. How long the slowest waited behind music says nothing
  // of that: the quarter that was quicker is half of the mean where the delays are exponential.
  const usual = Math.min(longer.reduce((sum, ms) => sum + ms, 0) / samples.length, 2 * (longer[samples.length >> 2] ?? 0));
  const floor = FLOOR_MS + usual / Math.sqrt(samples.length);
  let [s0, s1, s2, t0, t1] = [0, 0, 1 / USUAL_DRIFT ** 2, 0, 0];
  for (const { at, roundTripMs, offsetMs } of samples) {
    const weight = 1 / (floor + (roundTripMs - quickest) / 2) ** 3; // in test/clock.test.ts better than the square
    const [x, y] = [at - now, offsetMs - first.offsetMs];
    s0 += weight;
    s1 += weight * x;
    s2 += weight * x * x;
    t0 += weight * y;
    t1 += weight * x * y;
  }
  const determinant = s0 * s2 - s1 * s1;
  const drift = Math.max(-DRIFT_LIMIT, Math.min(DRIFT_LIMIT, (s0 * t1 - s1 * t0) / determinant));
  return { at: now, offsetMs: first.offsetMs + (t0 - drift * s1) / s0, drift };
}
