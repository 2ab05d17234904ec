// Predicts what commands will do: pending ones are replayed on top of the confirmed state until the log shows their real
// effect. A wrong guess lasts until the answer; a command that makes no sense changes nothing.
import type { CommandOf, Item, Playback, Track, You } from "../protocol/types";
import { endOf, hasSound } from "../player/plan";
import { started } from "./fair";
import { calculatePosition, following, isFiller, spread, waits } from "./order";
import type { Pending } from "./outbox";
import { settingsChanged } from "./rules";
import { draftOf, setPlaying, skipVoted, type Draft, type RoomState } from "./state";

/** The person who gives the commands, as the others see what they add. */
export type Me = Pick<You, "name" | "adder">;

/** Up to when the room goes on by itself, though the log does not say so. */
export interface Gap {
  readonly untilMs: number;
  /** A speaker is on. */
  readonly isHeard: boolean;
}

/** The state as it will be when all of these are committed; in a gap of the log also with what has started meanwhile. */
export function predict(state: RoomState, pending: readonly Pending[], me: Me, gap: Gap | null = null): RoomState {
  if (pending.length === 0 && gap === null) return state;
  const draft = draftOf(state);
  for (const entry of pending) {
    if (gap !== null) goOn(draft, { ...gap, untilMs: entry.at_ms });
    predictOne(draft, entry, me);
  }
  if (gap !== null) goOn(draft, gap);
  return { ...draft, revision: state.revision, stamp: state.stamp };
}

/** Start what follows by itself, each when its predecessor is over. */
function goOn(draft: Draft, { untilMs, isHeard }: Gap): void {
  for (let at_ms = overAtMs(draft, isHeard); at_ms <= untilMs; at_ms = overAtMs(draft, isHeard)) next(draft, at_ms);
}

/** When the current item is over by itself; never unless it plays. */
export function overAtMs({ items, playback }: Pick<RoomState, "items" | "playback">, isHeard: boolean): number {
  const track = items.get(playback.item_id ?? "")?.track;
  return track ? endOf({ duration_ms: track.duration_ms, has_sound: hasSound(track) }, playback, isHeard) : Infinity;
}

function predictOne(draft: Draft, entry: Pending, me: Me): void {
  const { command, at_ms } = entry;
  const expected = "expect_item_id" in command ? command.expect_item_id : undefined;
  if (expected !== undefined && expected !== draft.playback.item_id) return;
  switch (command.command) {
    case "track.add":
      if (entry.track && command.id) add(draft, command.id, entry.track, command.after, at_ms, me);
      return;
    case "tracks.add":
      if (entry.tracks && command.ids) addAll(draft, command.ids, entry.tracks, command.after, at_ms, me);
      return;
    case "track.remove":
      remove(draft, command.id, at_ms);
      return;
    case "track.restore":
      if (entry.item && !draft.items.has(command.id) && !isQueued(draft, entry.item.track_id))
        draft.items.set(command.id, entry.item);
      return;
    case "log.undo":
      return; // what comes back, and with which votes, only the server knows
    case "track.move":
      if (command.after !== undefined) move(draft, command.id, command.after, me);
      return;
    case "track.vote":
      vote(draft, command.id, { up: 1, down: -1, none: 0 }[command.direction]);
      return;
    case "track.boost":
      boost(draft, command.id, at_ms);
      return;
    case "playback.play":
      play(draft, command.item_id ?? null, at_ms);
      return;
    case "playback.pause":
      setPlayback(draft, "paused", positionSeconds(draft.playback, at_ms), at_ms);
      return;
    case "playback.next":
      next(draft, at_ms);
      return;
    case "playback.previous":
      previous(draft, at_ms);
      return;
    case "playback.seek":
      setPlayback(draft, draft.playback.state, command.position_seconds, at_ms);
      return;
    case "playback.volume":
      draft.playback = { ...draft.playback, volume: command.volume, server_time_ms: at_ms };
      return;
    case "playback.skip":
      wantSkip(draft, command, entry.user_id ?? null);
      return;
    case "playlist.update":
      draft.playlist = settingsChanged(draft.playlist, command);
      return;
    default:
      command satisfies never;
  }
}

/** One more vote, or one less. The first one waits for the answer, which says how many are needed; so does the last. */
function wantSkip(draft: Draft, { item_id, want }: CommandOf<"playback.skip">, by: number | null): void {
  const { skip } = draft.playlist;
  if (skip?.item_id !== item_id || by === null || skip.people.includes(by) === want) return;
  const votes = skip.votes + (want ? 1 : -1);
  draft.playlist = { ...draft.playlist, skip: skipVoted(skip, { ...skip, votes, want }, by) };
}

/** Seconds into the current track at a moment of the server's clock. */
export function positionSeconds(playback: Playback, server_ms: number): number {
  if (playback.state !== "playing" || playback.started_at_ms === null) return playback.position_seconds;
  // It may be yet to start: until then it stands where it will start from.
  return Math.max(playback.position_seconds, (server_ms - playback.started_at_ms) / 1000);
}

const isQueued = (draft: Draft, trackId: string) =>
  [...draft.items.values()].some((item) => item.track_id === trackId && (item.is_playing || item.played_at === null));

function add(draft: Draft, id: string, track: Track, after: string | null | undefined, at_ms: number, me: Me): void {
  if (draft.items.has(id) || isQueued(draft, track.id) || !isPlaceFor(draft, after)) return;
  for (const item of draft.items.values()) if (item.track_id === track.id) draft.items.delete(item.id);
  const position = calculatePosition(...gapBehind(draft, after));
  draft.items.set(id, newItem(id, track, position, at_ms, me));
}

function addAll(
  draft: Draft,
  ids: readonly string[],
  tracks: readonly Track[],
  after: string | null | undefined,
  at_ms: number,
  me: Me,
): void {
  const seen = new Set<string>();
  const added = tracks.flatMap((track, index) => {
    const id = ids[index];
    if (id === undefined || draft.items.has(id) || seen.has(track.id) || isQueued(draft, track.id)) return [];
    seen.add(track.id);
    return [{ id, track }];
  });
  if (!isPlaceFor(draft, after)) return;
  const places = spread(...gapBehind(draft, after), added.length);
  for (const item of draft.items.values()) if (seen.has(item.track_id)) draft.items.delete(item.id);
  added.forEach(({ id, track }, index) => draft.items.set(id, newItem(id, track, places[index] ?? 0, at_ms, me)));
}

/** Whether this place can be chosen: in fair order everybody adds at the end. */
const isPlaceFor = (draft: Draft, after: string | null | undefined) => after === undefined || draft.playlist.order !== "fair";

const newItem = (id: string, track: Track, position: number, at_ms: number, me: Me): Item => ({
  id,
  track_id: track.id,
  track,
  position,
  votes: 0,
  added_by: me.name ?? "",
  adder: me.adder,
  added_at: new Date(at_ms).toISOString(),
  is_playing: false,
  played_at: null,
  boosted_at: null,
  because: null,
});

/** The positions on both sides of the place behind an item, at the front (null), or at the end. */
function gapBehind(draft: Draft, after: string | null | undefined, moving?: string): [number | null, number | null] {
  const others = byPosition(draft).filter((item) => item.id !== moving);
  const index = others.findLastIndex((item) => (after === undefined ? !isFiller(item) : item.id === after));
  return [others[index]?.position ?? null, others[index + 1]?.position ?? null];
}

const byPosition = (draft: Draft) => [...draft.items.values()].sort((a, b) => a.position - b.position);

function move(draft: Draft, id: string, after: string | null, me: Me): void {
  const item = draft.items.get(id);
  if (!item || after === id || (after !== null && !draft.items.has(after)) || draft.playlist.order === "votes") return;
  if (draft.playlist.order === "fair") moveAmongOwn(draft, item, after, me);
  else place(draft, item, after);
}

function place(draft: Draft, item: Item, after: string | null): void {
  draft.items.set(item.id, { ...item, position: calculatePosition(...gapBehind(draft, after, item.id)) });
}

/** In fair order one's own waiting songs exchange their positions, so that nobody else's place changes. */
function moveAmongOwn(draft: Draft, item: Item, after: string | null, me: Me): void {
  const mine = byPosition(draft).filter((other) => waits(other) && other.adder !== null && other.adder === me.adder);
  const isMine = after === null || draft.items.get(after)?.adder === me.adder;
  if (!mine.includes(item) || !isMine) return;
  const others = mine.filter((other) => other !== item);
  others.splice(others.findIndex((other) => other.id === after) + 1, 0, item);
  others.forEach((other, index) => draft.items.set(other.id, { ...other, position: mine[index]?.position ?? 0 }));
}

function remove(draft: Draft, id: string, at_ms: number): void {
  const item = draft.items.get(id);
  if (!item) return;
  if (item.is_playing) next(draft, at_ms, draft.playback.state === "paused" ? "paused" : "playing");
  draft.items.delete(id);
}

function vote(draft: Draft, id: string, value: number): void {
  const item = draft.items.get(id);
  if (!item) return;
  draft.items.set(id, { ...item, votes: item.votes + value - (draft.myVotes[id] ?? 0) });
  draft.myVotes[id] = value;
}

function boost(draft: Draft, id: string, at_ms: number): void {
  const item = draft.items.get(id);
  if (!item || item.is_playing || item.played_at !== null) return;
  if (draft.playlist.order === "manual") place(draft, item, draft.playback.item_id);
  else if (item.boosted_at === null) draft.items.set(id, { ...item, boosted_at: new Date(at_ms).toISOString() });
}

const current = (draft: Draft): Item | null => draft.items.get(draft.playback.item_id ?? "") ?? null;

function play(draft: Draft, id: string | null, at_ms: number): void {
  const now = current(draft);
  const wanted = id === null ? (now ?? following(draft.items.values(), draft.playlist)) : draft.items.get(id);
  if (!wanted) return;
  if (wanted.id === now?.id) setPlayback(draft, "playing", positionSeconds(draft.playback, at_ms), at_ms);
  else start(draft, wanted, at_ms);
}

function next(draft: Draft, at_ms: number, state: Playback["state"] = "playing"): void {
  const now = current(draft);
  const wanted = following(draft.items.values(), draft.playlist);
  if (wanted) start(draft, wanted, at_ms, state);
  else if (now) {
    setPlaying(draft, null, "");
    draft.playback = {
      ...draft.playback,
      state: "stopped",
      item_id: null,
      position_seconds: 0,
      started_at_ms: null,
      server_time_ms: at_ms,
    };
  }
}

function previous(draft: Draft, at_ms: number): void {
  const now = current(draft);
  // In other orders, and after the end, this client does not know what played before: wait for the answer.
  if (!now || draft.playlist.order !== "manual") return;
  const before = byPosition(draft).filter((item) => item.position < now.position);
  const wanted = before.at(-1);
  if (wanted) start(draft, wanted, at_ms);
  else setPlayback(draft, draft.playback.state, 0, at_ms);
}

function start(draft: Draft, item: Item, at_ms: number, state: Playback["state"] = "playing"): void {
  setPlaying(draft, item.id, new Date(at_ms).toISOString());
  const { fair } = draft.playlist;
  if (fair !== null) {
    const waiting = [...draft.items.values()].flatMap((other) => (waits(other) && other.adder !== null ? [other.adder] : []));
    draft.playlist = { ...draft.playlist, fair: started(fair, item.adder, waiting) };
  }
  draft.playback = { ...draft.playback, item_id: item.id };
  setPlayback(draft, state, 0, at_ms);
}

function setPlayback(draft: Draft, state: Playback["state"], position_seconds: number, at_ms: number): void {
  if (draft.playback.item_id === null) return;
  const started_at_ms = state === "playing" ? at_ms - Math.round(position_seconds * 1000) : null;
  draft.playback = { ...draft.playback, state, position_seconds, started_at_ms, server_time_ms: at_ms };
}
