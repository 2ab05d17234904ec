// Where a song can go in the queue. A place counts the others, with the song itself taken out.
import type { Item } from "../protocol/types";
import { isFiller, waits } from "../room/order";

type ArePeers = (one: Item, other: Item) => boolean;

export type Step = "next" | "up" | "down" | "end";

/** The next place on the other side of a peer; where there is none, the same. */
export function nextPlace(others: readonly Item[], place: number, isUp: boolean, isPeer: (other: Item) => boolean): number {
  if (isUp) {
    const above = others.slice(0, place).findLastIndex(isPeer);
    return above < 0 ? place : above;
  }
  const below = others.findIndex((other, index) => index >= place && isPeer(other));
  return below < 0 ? place : below + 1;
}

/** The place to which each step leads; null for a song that has nowhere to go. */
export function stepsOf(queue: readonly Item[], item: Item, arePeers: ArePeers): Record<Step, number> | null {
  const from = queue.findIndex((other) => other.id === item.id);
  const others = queue.filter(({ id }) => id !== item.id);
  const isPeer = (other: Item) => waits(other) && !isFiller(other) && arePeers(item, other);
  if (from < 0 || !waits(item) || isFiller(item) || !others.some(isPeer)) return null;
  const playing = others.findIndex((other) => other.is_playing && arePeers(item, other));
  const first = others.findIndex(isPeer);
  const last = others.findLastIndex(isPeer);
  return {
    next: playing < 0 ? Math.min(from, first) : playing + 1,
    up: nextPlace(others, from, true, isPeer),
    down: nextPlace(others, from, false, isPeer),
    end: Math.max(from, last + 1),
  };
}

/** The id of the item behind which a place is; null for the front. */
export function behind(queue: readonly Item[], item: Item, place: number, arePeers: ArePeers): string | null {
  const others = queue.filter(({ id }) => id !== item.id);
  return others.slice(0, place).findLast((other) => arePeers(item, other))?.id ?? null;
}
