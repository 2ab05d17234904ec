// Positions and the playing order: the same rules as on the server, tested with the same fixtures (tests/contract).
import type { Item, Playlist } from "../protocol/types";
import { startOf } from "./fair";

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
export type Placed = Pick<Item, "position" | "votes" | "adder" | "is_playing" | "played_at" | "boosted_at" | "because">;

/** A playlist, as far as it says in which order its items play. */
export type Ordered = Pick<Playlist, "order" | "fair">;

/**
 * Items in playing order. manual: by position; what the server added and still waits comes last. votes and fair: the
 * playing item, then what waits (the boosted by `boosted_at`, then what people added, then what the server added), then
 * the played by position. Of what people added, votes puts the most votes first, and fair the lowest round, then the most
 * votes; of several the lowest position.
 */
export function playingOrder<T extends Placed>(items: Iterable<T>, ordered: Ordered): T[] {
  const all = [...items];
  if (ordered.order === "manual") return all.sort((a, b) => +isFiller(a) - +isFiller(b) || a.position - b.position);
  const rounds = roundsOf(all, ordered);
  const keyed = all.map((item, index) => ({ item, key: keyOf(item, rounds[index] ?? null) }));
  return keyed.sort((a, b) => compare(a.key, b.key) || a.item.position - b.item.position).map(({ item }) => item);
}

/** What comes first decides first; then the position. */
type Key = readonly [group: number, first: number, second: number];

const compare = (a: Key, b: Key) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

function keyOf(item: Placed, round: number | null): Key {
  if (item.is_playing) return [0, 0, 0];
  if (item.played_at !== null) return [5, 0, 0];
  if (item.boosted_at !== null) return [1, microseconds(item.boosted_at), 0];
  if (isFiller(item)) return [4, -item.votes, 0];
  return round === null ? [3, -item.votes, 0] : [2, round, -item.votes];
}

/**
 * The round of each item; null for what does not wait, for what nobody added, and in an order without turns. The k-th song
 * of a person, counted from 0, boosted ones first, has the round max(V, F or V) + k.
 */
export function roundsOf(items: readonly Placed[], { fair }: Ordered): (number | null)[] {
  const rounds = items.map((): number | null => null);
  if (fair === null) return rounds;
  const waiting = items.flatMap((item, index) => (waits(item) && item.adder !== null ? [{ item, adder: item.adder, index }] : []));
  const inOwnRow = ({ item }: { item: Placed }) => (item.boosted_at === null ? Infinity : microseconds(item.boosted_at));
  waiting.sort((a, b) => difference(inOwnRow(a), inOwnRow(b)) || a.item.position - b.item.position);
  const counted = new Map<string, number>();
  for (const { adder, index } of waiting) {
    const earlier = counted.get(adder) ?? 0;
    counted.set(adder, earlier + 1);
    rounds[index] = startOf(adder, fair) + earlier;
  }
  return rounds;
}

/** Like a − b, also where both are infinite. */
const difference = (a: number, b: number) => (a === b ? 0 : a - b);

/** A time in whole microseconds, as exactly as the server keeps it. */
function microseconds(at: string): number {
  const [, micro = "0"] = /\.\d{3}(\d{3})/.exec(at) ?? [];
  return 1000 * Date.parse(at) + Number(micro);
}

/** Whether an item is still to play. */
export const waits = (item: Placed) => item.played_at === null && !item.is_playing;

export function anyWaits(items: Iterable<Placed>): boolean {
  for (const item of items) if (waits(item)) return true;
  return false;
}

/** Whether an item waits, and only because the server added it: what people add plays before it. */
export const isFiller = (item: Placed) => item.because !== null && waits(item);

/**
 * The items that will play by themselves, the next one first. manual: those behind the current one, then the others from
 * the front, then what the server added.
 */
export function upcoming<T extends Placed>(items: Iterable<T>, ordered: Ordered): T[] {
  const inOrder = playingOrder(items, ordered);
  const current = inOrder.find((item) => item.is_playing);
  const waiting = inOrder.filter(waits);
  if (ordered.order !== "manual" || current === undefined) return waiting;
  const part = (item: T) => (isFiller(item) ? 2 : item.position < current.position ? 1 : 0);
  return waiting.sort((a, b) => part(a) - part(b)); // a stable sort: each part keeps its order
}

/** The item that plays next; null at the end. */
export function following<T extends Placed>(items: Iterable<T>, ordered: Ordered): T | null {
  return upcoming(items, ordered)[0] ?? null;
}
