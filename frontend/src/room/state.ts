// The confirmed state of a room, and how each event of the log changes it. Pure functions.
import { UnknownKind, type Command, type Item, type Playback, type Playlist, type RoomEvent, type Skip, type SnapshotPage, type Track } from "../protocol/types";

export interface RoomState {
  readonly revision: number;
  readonly stamp: string;
  readonly playlist: Playlist;
  readonly playback: Playback;
  readonly items: ReadonlyMap<string, Item>;
  /** item id → 1 or −1. */
  readonly myVotes: Readonly<Record<string, number>>;
}

/** A state under construction, not shared with anybody yet. */
export interface Draft {
  playlist: Playlist;
  playback: Playback;
  items: Map<string, Item>;
  myVotes: Record<string, number>;
}

export function draftOf({ playlist, playback, items, myVotes }: RoomState): Draft {
  return { playlist, playback, items: new Map(items), myVotes: { ...myVotes } };
}

/** The state in a snapshot's pages, in order; null when one is missing. */
export function stateFromPages(pages: readonly SnapshotPage[]): RoomState | null {
  const first = pages[0];
  const last = pages.at(-1);
  if (!first?.playlist || !first.playback || !last || last.page !== last.pages || pages.length !== last.pages) return null;
  const items = pages.flatMap((page) => page.items);
  return {
    revision: last.revision,
    stamp: last.stamp,
    playlist: first.playlist,
    playback: first.playback,
    items: new Map(items.map((item) => [item.id, item])),
    myVotes: last.my_votes ?? {},
  };
}

/**
 * The state after these events, which lead from `state.revision` to `revision`.
 * Throws UnknownKind for an event that is newer than this client, and Error for one that does not fit the state.
 */
export function applyEvents(state: RoomState, events: readonly RoomEvent[], revision: number, stamp: string): RoomState {
  const draft = draftOf(state);
  for (const event of events) applyEvent(draft, event);
  return { ...draft, revision, stamp };
}

/** What the log of an earlier version does not tell of an item. */
const UNBOOSTED = { boosted_at: null, because: null };

function applyEvent(draft: Draft, event: RoomEvent): void {
  switch (event.type) {
    case "track.added":
      draft.items.set(event.item.id, { ...UNBOOSTED, ...event.item });
      return;
    case "track.removed":
      itemIn(draft, event.id);
      draft.items.delete(event.id); // my vote stays: a removal can be taken back, with its votes
      return;
    case "track.boosted":
    case "track.moved":
    case "track.voted":
      draft.items.set(event.item.id, { ...itemIn(draft, event.item.id), ...event.item });
      return;
    case "track.playing":
      setPlaying(draft, event.id, event.at);
      draft.playback = event.playback;
      draft.playlist = { ...draft.playlist, fair: event.fair ?? null, skip: null };
      return;
    case "track.updated":
      for (const item of draft.items.values())
        if (item.track_id === event.track.id) draft.items.set(item.id, { ...item, track: event.track });
      return;
    case "playback.skip_voted":
      draft.playlist = { ...draft.playlist, skip: skipVoted(draft.playlist.skip, event, event.actor?.id ?? null) };
      return;
    case "playback.changed":
      draft.playback = event.playback;
      return;
    case "playlist.reordered":
      for (const { id, position } of event.items) draft.items.set(id, { ...itemIn(draft, id), position });
      return;
    case "participant.changed":
    case "blocked.changed":
      return; // neither is part of the state: room.ts has the people
    case "playlist.updated":
      draft.playlist = { ...draft.playlist, ...event.playlist };
      return;
    default:
      throw new UnknownKind(event);
  }
}

interface SkipVote extends Omit<Skip, "people"> {
  readonly want: boolean;
}

/** The votes to skip after one of them; null without any. */
export function skipVoted(before: Skip | null, { item_id, votes, needed, want }: SkipVote, by: number | null): Skip | null {
  if (votes === 0) return null;
  const people = (before?.people ?? []).filter((id) => id !== by);
  return { item_id, votes, needed, people: want && by !== null ? [...people, by] : people };
}

/** One item is current, or none; `at` is when it was started. */
export function setPlaying(draft: Draft, id: string | null, at: string): void {
  for (const item of draft.items.values())
    if (item.is_playing && item.id !== id) draft.items.set(item.id, { ...item, is_playing: false });
  if (id !== null) draft.items.set(id, { ...itemIn(draft, id), is_playing: true, played_at: at });
}

function itemIn(draft: Draft, id: string): Item {
  const item = draft.items.get(id);
  if (!item) throw new Error(`There is no item ${id}`);
  return item;
}

/** The track of the item that a command names, or expects to be current. */
export function trackOf(command: Command, state: RoomState | null): Track | undefined {
  const named = "id" in command ? command.id : "item_id" in command ? command.item_id : undefined;
  const expected = "expect_item_id" in command ? command.expect_item_id : undefined;
  return state?.items.get(named ?? expected ?? "")?.track;
}
