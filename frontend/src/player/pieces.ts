// The sound of files, fetched and decoded in windows of some seconds: what is needed next decoded, what comes after it
// as bytes, for the time when the server is away. A file that cannot be cut is decoded whole, if it is not too long.
import { leftOutS, samplesOf } from "./adts";
import { fileOf, type Cue, type EngineEvents, type Problem } from "./engine";

/** A stretch of a file, decoded; `buffer` is null where the file has ended. */
export interface Piece {
  readonly buffer: AudioBuffer | null;
  /** Where in the buffer the file's millisecond `fromMs` lies, in seconds. */
  readonly offsetS: number;
  /** What it covers, in ms of the file. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** One window of a file that will be needed; `isSoon`: it has to be ready to play. */
export interface Want {
  readonly cue: Cue;
  readonly index: number;
  readonly isSoon: boolean;
}

interface Encoded {
  readonly bytes: ArrayBuffer;
  readonly fromMs: number;
  /** Frames at `rate` that are decoded, and not wanted, in front of the wanted ones. */
  readonly skip: number;
  readonly samples: number;
  readonly rate: number;
}

export const WINDOW_MS = 5_000;
/** So much more is fetched of each window, so that its end is decoded from both sides. */
const OVERLAP_MS = 100;
/** 3.8 MB a 10 s at 48 kHz: a whole file of this length takes 160 MB. */
const WHOLE_LIMIT_MS = 420_000;
const BYTES_AHEAD = 48 * 2 ** 20;
const IN_FLIGHT = 2;
/** A window that takes three times as long as it plays comes over a line that is gone, for which browsers wait minutes. */
const GIVE_UP_MS = 15_000;
/** How often something is fetched that is not needed soon, at most; on a narrow line half of the time is left to others. */
const AHEAD_EVERY_MS = 300;
const RETRY_MS = 500;
const RETRY_LIMIT_MS = 8_000;
/** A file may come back. */
const FORGIVE_MS = 30_000;

/** What is known of a file; nothing of one whose windows are taken. */
type Mode = "whole" | "never";

interface Fetching {
  readonly since: number;
  readonly line: AbortController;
}

export class Pieces {
  private readonly decoded = new Map<string, Piece>();
  private readonly encoded = new Map<string, Encoded>();
  /** What is fetched or decoded. */
  private readonly busy = new Set<string>();
  /** What is on the line. */
  private readonly fetching = new Map<string, Fetching>();
  private readonly modes = new Map<string, Mode>();
  /** Files with which something is wrong, until when. */
  private readonly bad = new Map<string, number>();
  private wanted: readonly Want[] = [];
  private retryAt = 0;
  private failures = 0;
  /** When something may be fetched again that is not needed soon. */
  private aheadAt = -Infinity;

  constructor(
    private readonly decode: (bytes: ArrayBuffer) => Promise<AudioBuffer>,
    private readonly events: Pick<EngineEvents, "failed" | "log">,
    private readonly now: () => number,
    private readonly get: (url: string, signal: AbortSignal) => Promise<Response> = (url, signal) =>
      fetch(url, { credentials: "same-origin", signal }),
  ) {}

  /** What plays at a position of a cue's file, if it is there. */
  at(cue: Cue, positionMs: number): Piece | null {
    const piece = this.decoded.get(this.keyOf(cue, indexAt(positionMs)));
    if (piece === undefined || positionMs < piece.toMs) return piece ?? null;
    return silentFrom(piece.toMs);
  }

  /** These will be needed, in this order; everything else is forgotten. To be called every tick. */
  want(wanted: readonly Want[]): void {
    this.wanted = wanted;
    this.forget();
    this.hangUp();
    for (const { cue, index, isSoon } of wanted) {
      const key = this.keyOf(cue, index);
      if (this.decoded.has(key) || this.busy.has(key) || this.isBad(cue)) continue;
      const encoded = this.encoded.get(key);
      if (encoded !== undefined && isSoon) void this.unpack(cue, key, encoded);
      else if (encoded === undefined && this.mayFetch(isSoon)) void this.fetch(cue, index, key);
    }
  }

  /** How much is held, for the log. */
  get bytes(): number {
    return [...this.encoded.values()].reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  }

  private keyOf(cue: Cue, index: number): string {
    return `${fileOf(cue)}/${this.modes.get(fileOf(cue)) === "whole" ? "whole" : index}`;
  }

  private forget(): void {
    const soon = new Set<string>();
    const ahead = new Set<string>();
    let bytes = 0;
    for (const { cue, index, isSoon } of this.wanted) {
      const key = this.keyOf(cue, index);
      if (isSoon) soon.add(key);
      if (bytes < BYTES_AHEAD) ahead.add(key);
      bytes += this.encoded.get(key)?.bytes.byteLength ?? 0;
    }
    // That a file has ended there is kept like bytes: it would be asked for again and again, and the next song never.
    for (const [key, { buffer }] of this.decoded) if (!(buffer === null ? ahead : soon).has(key)) this.decoded.delete(key);
    for (const key of this.encoded.keys()) if (!ahead.has(key)) this.encoded.delete(key);
  }

  /** Take from the line what does not come, and what is not wanted any more, which others would wait behind. */
  private hangUp(): void {
    const isLate = (key: string, since: number) => !isWhole(key) && this.now() - since > GIVE_UP_MS;
    for (const [key, { since, line }] of this.fetching) if (isLate(key, since) || !this.isWanted(key)) line.abort();
  }

  private isWanted(key: string): boolean {
    return this.wanted.some(({ cue, index }) => this.keyOf(cue, index) === key);
  }

  private isBad(cue: Cue): boolean {
    return this.modes.get(fileOf(cue)) === "never" || (this.bad.get(fileOf(cue)) ?? 0) > this.now();
  }

  private mayFetch(isSoon: boolean): boolean {
    const now = this.now();
    if (now < this.retryAt || this.busy.size >= IN_FLIGHT) return false;
    if (isSoon) return true;
    return this.busy.size === 0 && now >= this.aheadAt && this.bytes <= BYTES_AHEAD;
  }

  private async fetch(cue: Cue, index: number, key: string): Promise<void> {
    this.busy.add(key);
    const began = this.now();
    const line = new AbortController();
    this.fetching.set(key, { since: began, line });
    try {
      const response = await this.get(isWhole(key) ? cue.url : windowOf(cue, index), line.signal);
      if (response.ok) {
        const bytes = await response.arrayBuffer();
        this.encoded.set(key, isWhole(key) ? wholeOf(bytes) : { ...headersOf(response.headers, index), bytes });
        this.failures = 0;
      } else if (response.status === 416) {
        this.decoded.set(key, silentFrom(index * WINDOW_MS));
      } else await this.refused(cue, key, response);
    } catch {
      if (this.isWanted(key)) this.later(RETRY_MS * 2 ** this.failures);
    } finally {
      this.busy.delete(key);
      this.fetching.delete(key);
      const now = this.now();
      this.aheadAt = Math.max(began + AHEAD_EVERY_MS, now + (now - began));
    }
  }

  private async refused(cue: Cue, key: string, response: Response): Promise<void> {
    const code = await codeOf(response);
    this.events.log("refused", { track: cue.trackId, status: response.status, code });
    if (response.status === 429) this.later(1_000 * (Number(response.headers.get("Retry-After")) || 1));
    else if (response.status >= 500 || response.status === 408) this.later(RETRY_MS * 2 ** this.failures);
    else if (code === "NOT_CUTTABLE") this.giveUp(cue, key);
    else if (response.status === 401 || response.status === 403) this.passOver(cue, "forbidden");
    else this.passOver(cue, response.status === 404 ? "missing" : "broken");
  }

  private later(ms: number): void {
    this.failures += 1;
    this.retryAt = this.now() + Math.min(ms, RETRY_LIMIT_MS);
  }

  private passOver(cue: Cue, problem: Problem): void {
    this.bad.set(fileOf(cue), this.now() + FORGIVE_MS);
    this.events.failed(cue, problem);
  }

  /** This window cannot be had: the file is taken whole, or left to another engine. */
  private giveUp(cue: Cue, key: string): void {
    const file = fileOf(cue);
    const wasWhole = isWhole(key);
    if (this.modes.get(file) === "whole" && !wasWhole) return; // another window was faster
    const fits = cue.endsAtMs - cue.startsAtMs <= WHOLE_LIMIT_MS;
    this.modes.set(file, fits && !wasWhole ? "whole" : "never");
    if (!fits || wasWhole) this.events.failed(cue, "elsewhere");
  }

  private async unpack(cue: Cue, key: string, { bytes, fromMs, skip, samples, rate }: Encoded): Promise<void> {
    this.busy.add(key);
    this.encoded.delete(key);
    try {
      const expected = samplesOf(bytes); // before it is handed over
      const buffer = await this.decode(bytes);
      const lengthMs = samples === Infinity ? buffer.duration * 1000 : (samples / rate) * 1000;
      const leftOut = expected === null || isWhole(key) ? 0 : leftOutS(expected, rate, buffer.duration);
      this.decoded.set(key, { buffer, offsetS: skip / rate - leftOut, fromMs, toMs: fromMs + lengthMs });
    } catch (error) {
      this.events.log("undecodable", { key, error: String(error) });
      this.giveUp(cue, key);
    } finally {
      this.busy.delete(key);
    }
  }
}

/** A file that has ended there. */
const silentFrom = (fromMs: number): Piece => ({ buffer: null, offsetS: 0, fromMs, toMs: Infinity });

const isWhole = (key: string) => key.endsWith("/whole");

export const indexAt = (positionMs: number) => Math.floor(positionMs / WINDOW_MS);

const windowOf = ({ url, version }: Cue, index: number) =>
  `${url}/window?from_ms=${index * WINDOW_MS}&duration_ms=${WINDOW_MS + OVERLAP_MS}&v=${version}`;

const wholeOf = (bytes: ArrayBuffer): Encoded => ({ bytes, fromMs: 0, skip: 0, samples: Infinity, rate: 1 });

function headersOf(headers: Headers, index: number): Omit<Encoded, "bytes"> {
  const fromMs = Number(headers.get("X-Window-From-Ms") ?? index * WINDOW_MS);
  const [skip, samples, rate] = ["Skip", "Samples", "Rate"].map((name) => Number(headers.get(`X-Window-${name}`)));
  if (!rate || !samples) throw new Error("A window does not say what it holds");
  return { fromMs, skip: skip ?? 0, samples, rate };
}

async function codeOf(response: Response): Promise<string> {
  try {
    return ((await response.json()) as { error: { code: string } }).error.code;
  } catch {
    return "";
  }
}
