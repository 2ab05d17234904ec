import type { Imported } from "../protocol/types";

/** The refusals of single songs for which there are words. */
const REASONS = ["DUPLICATE_TRACK", "LIMIT_REACHED", "NO_AUDIO", "TRACK_NOT_FOUND", "PLAYED_RECENTLY", "TOO_LONG", "BLOCKED"] as const;
type Reason = (typeof REASONS)[number] | "other";

export interface SkippedFor {
  readonly reason: Reason;
  readonly count: number;
  /** "3, 5–7, 12" */
  readonly lines: string;
}

/** The entries that were skipped, by the reason, the most frequent one first. */
export function skippedByReason(skipped: Imported["skipped"]): SkippedFor[] {
  const lines = new Map<Reason, number[]>();
  for (const { line, reason } of skipped) {
    const known = REASONS.find((each) => each === reason) ?? "other";
    lines.set(known, [...(lines.get(known) ?? []), line]);
  }
  return [...lines]
    .map(([reason, all]) => ({ reason, count: all.length, lines: ranges(all) }))
    .sort((a, b) => b.count - a.count);
}

/** Ascending numbers, with those that follow on each other drawn together. */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run?.[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
}
