// Keeps sound on time: an error in, a pace or a new start out. Pure; the constants were measured on recorded sound
// (docs/sound.md), and test/sync.test.ts holds them against simulated clocks.

/** The pace of a piece, or `restart`: it is off by more than a pace can mend unheard. */
export type Verdict = number | "restart";

/** Less than this is the noise of the measurement. */
const PIECE_DEAD_MS = 0.3;
/** More than this is put right at once. */
const PIECE_RESTART_MS = 20;
/** 0.5 %: a twelfth of a semitone. */
const PACE_CAP = 0.005;
/** A start needs so long to show in the measurement. */
const RESTART_EVERY_MS = 800;

const clamp = (value: number, limit: number) => Math.max(-limit, Math.min(limit, value));

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** The pace of the next piece, which would begin `lateMs` too late (or −early) if it followed on the one before. */
export function paceOfPiece(lateMs: number, pieceMs: number): number {
  return Math.abs(lateMs) < PIECE_DEAD_MS ? 1 : 1 + clamp(lateMs / Math.max(pieceMs, 1), PACE_CAP);
}

/** Whether what is queued has to be put on the clock anew, rather than be caught up with by the pace. */
export class Restarts {
  private lastAt = -Infinity;

  isDue(lateMs: number, now: number): boolean {
    if (Math.abs(lateMs) <= PIECE_RESTART_MS || now - this.lastAt < RESTART_EVERY_MS) return false;
    this.lastAt = now;
    return true;
  }
}

// ── Media elements ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Never exactly 1: each return to it makes Firefox skip 22–31 ms, which its `currentTime` never shows. */
export const ELEMENT_PACE = 1.0001;
/** `currentTime` is asked often and judged seldom: it steps, and jitters by some ms in some browsers. */
const JUDGE_MS = 1_500;
/** A hidden page is woken once a second. */
const KEPT_MS = 8_000;
const DECIDE_EVERY_MS = 250;
const ENOUGH_SAMPLES = 5;
const SEEK_MS = 150;
/** Right after a start by a person, when a seek is heard least, less is worth one. */
const SEEK_FRESH_MS = 25;
const FRESH_MS = 1_500;
const DEAD_MS = { least: 2, most: 8 };
const CALM = { tauMs: 2_000, cap: 0.005 };
const FRESH = { tauMs: 700, cap: 0.02 };

/** The pace of one media element, from what its position says. */
export class ElementPace {
  private samples: { at: number; lateMs: number }[] = [];
  private decidedAt = -Infinity;
  private seeks = 0;
  private startedAt = -Infinity;
  /** Whether a person began this, not the end of the song before: only then may a small error be mended by a seek. */
  private isAimed = false;
  private pace = ELEMENT_PACE;

  /** The element has begun to sound; `isAimed`: by somebody's doing. */
  started(now: number, isAimed: boolean): void {
    this.samples = [];
    this.pace = ELEMENT_PACE;
    this.startedAt = now;
    this.isAimed = isAimed;
  }

  /** Note by how much it is late (−early), and decide now and then. Null: leave its pace as it is. */
  judge(lateMs: number, now: number): Verdict | null {
    this.samples = [...this.samples.filter((sample) => sample.at > now - KEPT_MS), { at: now, lateMs }];
    const fresh = this.samples.filter((sample) => sample.at > now - JUDGE_MS);
    const samples = fresh.length >= ENOUGH_SAMPLES ? fresh : this.samples.slice(-ENOUGH_SAMPLES);
    if (now - this.decidedAt < DECIDE_EVERY_MS || samples.length < ENOUGH_SAMPLES) return null;
    this.decidedAt = now;
    // Since then it has gone on at its pace.
    const errors = samples.map((sample) => sample.lateMs - (now - sample.at) * (this.pace - 1));
    const late = median(errors);
    const isFresh = now - this.startedAt < FRESH_MS;
    if (Math.abs(late) > (isFresh && this.isAimed && this.seeks < 2 ? SEEK_FRESH_MS : SEEK_MS)) {
      this.seeks += 1;
      return "restart";
    }
    if (!isFresh) this.seeks = 0;
    const noise = median(errors.map((error) => Math.abs(error - late)));
    return this.change(this.paceFor(late, noise, isFresh, now - (samples[0]?.at ?? now)));
  }

  private paceFor(late: number, noise: number, isFresh: boolean, spanMs: number): number {
    const dead = Math.max(DEAD_MS.least, Math.min(DEAD_MS.most, 2 * noise));
    if (Math.abs(late) < dead) return ELEMENT_PACE;
    const { tauMs, cap } = isFresh ? FRESH : CALM;
    // It will go on so until it has been measured again, which takes as long as it took this time.
    const pace = 1 + clamp(late / Math.max(tauMs, 1.5 * spanMs), cap);
    return Math.abs(pace - 1) < ELEMENT_PACE - 1 ? ELEMENT_PACE : pace;
  }

  /** What was measured at another pace says little of this one. */
  private change(pace: number): number | null {
    if (Math.abs(pace - this.pace) < 0.00005) return null;
    this.pace = pace;
    this.samples = [];
    return pace;
  }
}
