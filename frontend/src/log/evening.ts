// The stretch of time that the slider of "As it was" covers, and what stands on it. Pure functions; times are Unix
// milliseconds.
import type { Item } from "../protocol/types";

/** A longer silence ends an evening, as on the night's page. */
const BREAK_MS = 4 * 3600_000;
/** Before the first song of an evening people add some. */
const BEFORE_MS = 30 * 60_000;

export interface Mark {
  readonly at: number;
  readonly title: string;
}

export interface Evening {
  readonly from: number;
  /** The songs that began, in their order. */
  readonly marks: readonly Mark[];
}

/** The evening that reaches up to now, or the last one; of `plays`, newest first, in a room that was opened then. */
export function eveningOf(plays: readonly { played_at: string; track: { title: string } }[], opened: number, now: number): Evening {
  const marks: Mark[] = [];
  for (const { played_at, track } of plays) {
    const at = Date.parse(played_at);
    const later = marks.at(-1);
    if (later && later.at - at > BREAK_MS) break;
    marks.push({ at, title: track.title });
  }
  const first = marks.at(-1)?.at ?? now;
  return { from: Math.max(opened, first - BEFORE_MS), marks: marks.reverse() };
}

/** The song that had begun last. */
export const markAt = ({ marks }: Evening, at: number): Mark | undefined => marks.findLast((mark) => mark.at <= at);

/** The next song before or behind a time. */
export function markBeside({ marks }: Evening, at: number, direction: -1 | 1): Mark | undefined {
  return direction === 1 ? marks.find((mark) => mark.at > at) : marks.findLast((mark) => mark.at < at);
}

/** What is still to play, or plays, in the order that they stand in. */
export const waitingIn = <T extends Pick<Item, "is_playing" | "played_at">>(items: readonly T[]): T[] =>
  items.filter((item) => item.is_playing || item.played_at === null);

/** What bringing a queue back would do: the songs that are not waiting now, and those that were not then. */
export function differenceOf(then: readonly Item[], now: readonly Item[]): { back: number; out: number } {
  const idsOf = (items: readonly Item[]) => new Set(items.filter((item) => !item.is_playing && item.played_at === null).map(({ id }) => id));
  const [before, present] = [idsOf(then), idsOf(now)];
  return { back: [...before].filter((id) => !present.has(id)).length, out: [...present].filter((id) => !before.has(id)).length };
}
