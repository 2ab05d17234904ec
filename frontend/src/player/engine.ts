// What the two engines have in common: both are told what to play when, and make it sound.

/** A stretch of one track's file, on the server's clock. */
export interface Cue {
  readonly itemId: string;
  readonly trackId: string;
  /** The file's version: another one is another file. */
  readonly version: string;
  readonly url: string;
  /** When its first sample is due. */
  readonly startsAtMs: number;
  /** From when on it is heard: later than its beginning after a seek. */
  readonly heardFromMs: number;
  readonly endsAtMs: number;
  /** Loudness: what its samples are multiplied by. */
  readonly gain: number;
}

export const fileOf = ({ trackId, version }: Pick<Cue, "trackId" | "version">) => `${trackId}@${version}`;

/** The same stretch on a clock that was set on by `ms`. */
export const shifted = (cue: Cue, ms: number): Cue => ({
  ...cue,
  startsAtMs: cue.startsAtMs + ms,
  heardFromMs: cue.heardFromMs + ms,
  endsAtMs: cue.endsAtMs + ms,
});

/** What is wrong with a file. */
export type Problem = "missing" | "forbidden" | "broken";

export interface EngineEvents {
  /** This engine cannot play this cue's file: `elsewhere`, another one may. */
  failed(cue: Cue, problem: Problem | "elsewhere"): void;
  /** The browser lets nothing sound before the page is touched. */
  refused(): void;
  /** The system has stopped the sound of this device: headphones were pulled out, a call came. */
  interrupted(): void;
  /** A tick is due, in case that the page's own timers are late. */
  beat(): void;
  log(what: string, facts: Record<string, unknown>): void;
}

/** Times of the server's clock, as the page sees them. */
export interface Times {
  nowMs(): number;
  localMs(serverMs: number): number;
}

export interface Engine {
  /** What is to be heard, soonest first, without overlaps; nothing: silence. */
  follow(cues: readonly Cue[]): void;
  /** Every 50 ms; less often in a page that is hidden. */
  tick(): void;
  /** The server's clock was set on by so much (−back): all times of before are those of now in another measure. */
  shift(ms: number): void;
  /** How loud this device is, 0 to 1. */
  setLevel(level: number): void;
  /** How much later than it says this device sounds. */
  setDelay(ms: number): void;
  /** What sounds right now, and by how many ms it is late; null: nothing, or it is not known. */
  readonly heard: { cue: Cue; lateMs: number; pace: number } | null;
  close(): void;
}
