// Positions and the playing order: the same rules as on the server, tested with the same fixtures (tests/contract).
import type { Item, Playlist } from "../protocol/types";

type Order = Playlist["order"];

/** The position between two neighbours; null stands for a missing one. */
export function calculatePosition(previous: number | null, following: number | null): number {
  if (previous === null) return following === null ? 1 : following - 1;
  return following === null ? previous + 1 : previous / 2 + following / 2;
}

/** The positions of `count` items in a row between two neighbours. */
export function spread(previous: number | null, following: number | null, count: number): number[] {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  if (following === null) return numbers.map((number) => (previous ?? 0) + number);
  if (previous === null) return numbers.map((number) => following - count - 1 + number);
  return numbers.map((number) => previous + ((following - previous) / (count + 1)) * number);
}

/** As much of an item as decides when it plays. */
export type Placed = Pick<Item, "position" | "votes" | "is_playing" | "played_at">;

/** Items in playing order. manual: by position; votes: playing, unplayed by (−votes, position), played. */
export function playingOrder<T extends Placed>(items: Iterable<T>, order: Order): T[] {
  const sorted = [...items];
  if (order === "manual") return sorted.sort((a, b) => a.position - b.position);
  return sorted.sort((a, b) => group(a) - group(b) || votesIn(b) - votesIn(a) || a.position - b.position);
}

const group = (item: Placed) => (item.is_playing ? 0 : item.played_at === null ? 1 : 2);
const votesIn = (item: Placed) => (group(item) === 1 ? item.votes : 0);

/** The items that will play by themselves, the next one first. manual: those behind the current one, then the rest. */
export function upcoming<T extends Placed>(items: Iterable<T>, order: Order): T[] {
  const ordered = playingOrder(items, order);
  const current = ordered.find((item) => item.is_playing);
  const waiting = ordered.filter((item) => group(item) === 1);
  if (order !== "manual" || current === undefined) return waiting;
  const isBehind = (item: T) => item.position > current.position;
  return [...waiting.filter(isBehind), ...waiting.filter((item) => !isBehind(item))];
}

/** The item that plays next; null at the end. */
export function following<T extends Placed>(items: Iterable<T>, order: Order): T | null {
  return upcoming(items, order)[0] ?? null;
}
