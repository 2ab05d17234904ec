// When each waiting item will play, and why it stands where it does: the same rules as the server's
// playlist/ordering/explain.py, tested with the same fixture.
import { plan, timed, type Running, type Timed } from "../player/plan";
import { isFiller, roundsOf, upcoming, type Ordered } from "./order";
import type { RoomState } from "./state";

/** Of what people added and nobody boosted, `ahead` counts the items of earlier rounds, or those with more votes. */
export type Reason =
  | { readonly kind: "boosted" }
  | { readonly kind: "turn"; readonly round: number; readonly ahead: number }
  | { readonly kind: "votes"; readonly ahead: number }
  | { readonly kind: "position" };

export interface Explained<T> {
  readonly item: T;
  /** When it starts if nothing changes, in Unix milliseconds of the server; null while nothing plays. */
  readonly playsAtMs: number | null;
  /** Its round in fair order; null in other orders, and for what nobody added. */
  readonly round: number | null;
  readonly because: readonly Reason[];
}

/** What is still to play, the next one first. `isHeard`: a speaker is on, so silence is passed over. */
export function explain<T extends Timed>(
  items: Iterable<T>,
  ordered: Ordered,
  playback: Running,
  isHeard: boolean,
): Explained<T>[] {
  const all = [...items];
  const waiting = upcoming(all, ordered);
  const starts = new Map(plan(all, ordered, playback, -Infinity, isHeard).map(({ item, startsAtMs }) => [item, startsAtMs]));
  const rounds = roundsOf(waiting, ordered);
  const reasons = reasonsOf(waiting, rounds, ordered);
  return waiting.map((item, index) => ({
    item,
    playsAtMs: starts.get(item) ?? null,
    round: rounds[index] ?? null,
    because: reasons[index] ?? [],
  }));
}

function reasonsOf(waiting: readonly Timed[], rounds: readonly (number | null)[], { order }: Ordered): Reason[][] {
  let [count, roundAt, tieAt] = [0, 0, 0];
  let here: { round: number | null; votes: number | null } = { round: null, votes: null };
  return waiting.map((item, index) => {
    const round = rounds[index] ?? null;
    if (order !== "manual" && item.boosted_at !== null) return [{ kind: "boosted" }];
    if (order === "manual" || isFiller(item) || (order === "fair" && round === null)) return [{ kind: "position" }];
    if (round !== here.round) roundAt = count;
    if (round !== here.round || item.votes !== here.votes) [tieAt, here] = [count, { round, votes: item.votes }];
    const reasons: Reason[] = round === null ? [] : [{ kind: "turn", round, ahead: roundAt }];
    if (round === null || tieAt > roundAt) reasons.push({ kind: "votes", ahead: tieAt - roundAt });
    if (count > tieAt) reasons.push({ kind: "position" });
    count += 1;
    return reasons;
  });
}

/** The same for a room: item id → when and why. */
export function explained(state: RoomState, isHeard: boolean): ReadonlyMap<string, Omit<Explained<unknown>, "item">> {
  const found = explain(timed(state), state.playlist, state.playback, isHeard);
  return new Map(found.map(({ item, ...rest }) => [item.item.id, rest]));
}
