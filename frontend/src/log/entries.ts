// The log as people read it: entries of the server's, newest first, drawn together where one person did the same thing
// several times. Pure functions.
import type { Activity, Person } from "../protocol/types";

/** A longer break begins a new group. */
const TOGETHER_MS = 5 * 60_000;

/** What one person did in a row. */
export interface Group {
  /** The revision of its oldest entry: later ones join it without changing it. */
  readonly key: number;
  /** Newest first. */
  readonly entries: readonly [Activity, ...Activity[]];
}

/** Kinds of which several in a row are one line. */
const TOGETHER = new Set(["track.added", "track.removed", "track.moved", "track.voted", "track.boosted", "playback.changed"]);

export function groupsOf(entries: readonly Activity[]): Group[] {
  const groups: [Activity, ...Activity[]][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last && belongTogether(last.at(-1) ?? last[0], entry)) last.push(entry);
    else groups.push([entry]);
  }
  return groups.map((group) => ({ key: (group.at(-1) ?? group[0]).revision, entries: group }));
}

function belongTogether(later: Activity, entry: Activity): boolean {
  return (
    TOGETHER.has(entry.type) &&
    later.type === entry.type &&
    later.actor?.id === entry.actor?.id &&
    later.automatic === entry.automatic &&
    (later.undoes === undefined) === (entry.undoes === undefined) &&
    later.details.to === entry.details.to &&
    Date.parse(later.at) - Date.parse(entry.at) <= TOGETHER_MS
  );
}

/** The server undoes no more at once. */
const UNDONE_AT_ONCE = 1_000;

/** The revisions to send, for all of this to be undone that can be; the newest of very many. */
export function undoableIn(entries: readonly Activity[]): number[] {
  return entries.filter((entry) => entry.undoable).flatMap(revisionsOf).slice(0, UNDONE_AT_ONCE);
}

/** A run of votes is one entry of several events. */
const revisionsOf = ({ revision, details }: Activity): number[] =>
  Array.isArray(details.revisions) ? (details.revisions as number[]) : [revision];

export interface Page {
  readonly rows: readonly Activity[];
  /** The revision before which the next page begins. */
  readonly next: number | null;
}

/** The pages with a newer first page. Those behind it stay, unless something between them is not known. */
export function withNewest(pages: readonly Page[], newest: Page): Page[] {
  const { next } = newest;
  if (next === null) return [newest];
  if (!pages.some((page) => page.rows.some((row) => row.revision >= next))) return [newest];
  const older = pages.map((page) => ({ ...page, rows: page.rows.filter((row) => row.revision < next) }));
  return [newest, ...older.filter((page, index) => page.rows.length > 0 || index === older.length - 1)];
}

/** Whether something in the first page has undone, or done again, what stands on the others. */
export function changesOlder([newest, ...older]: readonly Page[]): boolean {
  const undone = new Set(newest?.rows.map((row) => row.undoes));
  return older.some((page) => page.rows.some((row) => revisionsOf(row).some((revision) => undone.has(revision))));
}

/** The people who did something, by name. */
export function peopleIn(entries: readonly Activity[], others: readonly Pick<Person, "id" | "name">[]): Pick<Person, "id" | "name">[] {
  const people = new Map(others.map((person) => [person.id, person]));
  for (const { actor } of entries) if (actor && !people.has(actor.id)) people.set(actor.id, actor);
  return [...people.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** What undoing `count` events does, of which these are the entries: songs that come back, songs that go, all else. */
export function effectsOf(count: number, entries: readonly Activity[]): { back: number; out: number; rest: number } {
  const back = entries.filter(({ type }) => type === "track.removed").length;
  const out = entries.filter(({ type }) => type === "track.added").length;
  return { back, out, rest: count - back - out };
}
