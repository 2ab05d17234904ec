// Positions and the playing order: the same rules as on the server, tested with the same fixtures (tests/contract).
import type { Item, Playlist } from "../protocol/types";

type Order = Playlist["order"];

/** The position between two neighbours; null stands for a missing one. */
export function calculatePosition(previous: number | null, following: number | null): number {
  if (previous === null) return following === null ? 1 : following - 1;
  return following === null ? previous + 1 : previous / 2 + following / 2;
}

/** Items in playing order. manual: by position; votes: playing, unplayed by (−votes, position), played. */
export function playingOrder(items: Iterable<Item>, order: Order): Item[] {
  const sorted = [...items];
  if (order === "manual") return sorted.sort((a, b) => a.position - b.position);
  return sorted.sort((a, b) => group(a) - group(b) || votesIn(b) - votesIn(a) || a.position - b.position);
}

const group = (item: Item) => (item.is_playing ? 0 : item.played_at === null ? 1 : 2);
const votesIn = (item: Item) => (group(item) === 1 ? item.votes : 0);

/** The items that will play after `current` by themselves, in this order. */
export function upcoming(items: Iterable<Item>, current: Item | null, order: Order): Item[] {
  const unplayed = playingOrder(items, order).filter((item) => item.played_at === null && item.id !== current?.id);
  return order === "manual" && current !== null ? unplayed.filter((item) => item.position > current.position) : unplayed;
}

/** The item that plays after `current`: the next unplayed one, or the one with most votes; null at the end. */
export function following(items: Iterable<Item>, current: Item | null, order: Order): Item | null {
  return upcoming(items, current, order)[0] ?? null;
}
