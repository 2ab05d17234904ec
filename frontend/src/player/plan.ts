// What plays when, if nobody does anything: the same plan on the server, on every speaker and on the wall. The server's
// playlist/ordering/plan.py has the same rules and is tested with the same fixture.
import type { Item, Playback } from "../protocol/types";
import { upcoming, type Ordered, type Placed } from "../room/order";
import type { RoomState } from "../room/state";

/** With a speaker on, an item without sound is passed over after so long. */
const SILENCE_MS = 5_000;

export interface Timed extends Placed {
  readonly duration_ms: number;
  readonly has_sound: boolean;
}

export type Running = Pick<Playback, "state" | "position_seconds" | "started_at_ms">;

export interface Planned<T> {
  readonly item: T;
  /** When its beginning is due, in Unix milliseconds of the server; also when it is played from a position on. */
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/**
 * Each item that plays now or later. The first is the one that sounds at `nowMs`, even if the log does not say so yet.
 * Empty unless the playback is playing. `isHeard`: a speaker is on, so silence is passed over.
 */
export function plan<T extends Timed>(
  items: Iterable<T>,
  ordered: Ordered,
  playback: Running,
  nowMs: number,
  isHeard: boolean,
): Planned<T>[] {
  const all = [...items];
  const current = all.find((item) => item.is_playing);
  if (playback.state !== "playing" || playback.started_at_ms === null || !current) return [];
  let endsAtMs = endOf(current, playback, isHeard);
  const planned = [{ item: current, startsAtMs: playback.started_at_ms, endsAtMs }];
  for (const item of upcoming(all, ordered)) {
    const startsAtMs = endsAtMs;
    endsAtMs += lastsMs(item, 0, isHeard);
    planned.push({ item, startsAtMs, endsAtMs });
  }
  return planned.filter((entry) => nowMs < entry.endsAtMs);
}

/** When the current item is over, if nobody does anything; never while it does not play. */
export function endOf(current: Pick<Timed, "duration_ms" | "has_sound">, playback: Running, isHeard: boolean): number {
  if (playback.state !== "playing" || playback.started_at_ms === null) return Infinity;
  return playback.started_at_ms + lastsMs(current, playback.position_seconds, isHeard);
}

/** Milliseconds from an item's beginning to its end, if it is played from a position on. */
function lastsMs(item: Pick<Timed, "duration_ms" | "has_sound">, positionSeconds: number, isHeard: boolean): number {
  if (item.has_sound || !isHeard) return item.duration_ms;
  return Math.min(item.duration_ms, Math.round(1000 * positionSeconds) + SILENCE_MS);
}

/** An item of a room, as a plan sees it. */
export interface TimedItem extends Timed {
  readonly item: Item;
}

/** Whether there is a file behind a track that this server plays. */
export const hasSound = ({ audio_version, missing }: Item["track"]) => audio_version !== null && !missing;

/** The items of a room, as a plan sees them. */
export const timed = (state: RoomState): TimedItem[] =>
  [...state.items.values()].map((item) => ({
    position: item.position,
    votes: item.votes,
    adder: item.adder,
    is_playing: item.is_playing,
    played_at: item.played_at,
    boosted_at: item.boosted_at,
    because: item.because,
    duration_ms: item.track.duration_ms,
    has_sound: hasSound(item.track),
    item,
  }));

/** The plan of a room. */
export function planOf(state: RoomState, nowMs: number, isHeard: boolean): Planned<Item>[] {
  const planned = plan(timed(state), state.playlist, state.playback, nowMs, isHeard);
  return planned.map((entry) => ({ ...entry, item: entry.item.item }));
}
