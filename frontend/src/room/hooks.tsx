// React's access to a room: hooks that select from its view, and the actions that people can take.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { CommandOf, Direction, Item, Track } from "../protocol/types";
import { boostsLeft, nextBoostMs } from "./boosts";
import { newId } from "./ids";
import { anyWaits, playingOrder } from "./order";
import { rightsOf, type Rights } from "./rights";
import { Room } from "./room";
import type { RoomState } from "./state";
import type { View } from "./view";

const RoomContext = createContext<Room | null>(null);

interface RoomProviderProps {
  slug: string;
  isMember: boolean;
  isWall?: boolean;
  children: ReactNode;
}

/** Connects while it is mounted. A page has the same room for its whole life. */
export function RoomProvider({ slug, isMember, isWall, children }: RoomProviderProps) {
  const [room] = useState(() => new Room(slug, isMember, location.origin, isWall));
  useEffect(() => {
    room.start();
    return () => room.stop();
  }, [room]);
  return <RoomContext value={room}>{children}</RoomContext>;
}

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (room === null) throw new Error("useRoom needs a RoomProvider above it");
  return room;
}

export function useView<T>(select: (view: View) => T): T {
  return useStore(useRoom().store, useShallow(select));
}

export interface Lists {
  /** The current item and those still to play, in playing order. */
  queue: readonly Item[];
  /** Newest first. */
  played: readonly Item[];
  /** Track ids that cannot be added now. */
  queued: ReadonlySet<string>;
}

const NONE: Lists = { queue: [], played: [], queued: new Set() };

/** The lists of a state, computed once for all components that draw them. */
const listsOf = new WeakMap<RoomState, Lists>();

export function useLists(): Lists {
  const state = useView((view) => view.state);
  if (state === null) return NONE;
  const lists = listsOf.get(state) ?? makeLists(state);
  listsOf.set(state, lists);
  return lists;
}

function makeLists(state: RoomState): Lists {
  const ordered = playingOrder(state.items.values(), state.playlist);
  const queue = ordered.filter((item) => item.is_playing || item.played_at === null);
  const played = ordered.filter((item) => !item.is_playing && item.played_at !== null);
  played.sort((a, b) => ((a.played_at ?? "") < (b.played_at ?? "") ? 1 : -1));
  return { queue, played, queued: new Set(queue.map((item) => item.track_id)) };
}

/** Whether there is a song to play, or to go on from. */
export function useHasMusic(): boolean {
  return useView(({ state }) => state !== null && (state.items.has(state.playback.item_id ?? "") || anyWaits(state.items.values())));
}

export function useRights(): Rights {
  const [playlist, you] = useView((view) => [view.state?.playlist, view.you] as const);
  return useMemo(() => rightsOf(playlist, you), [playlist, you]);
}

/** How often this person may bring a song to the front now; `of`: how often an hour, Infinity without a limit. */
export interface Allowance {
  readonly left: number;
  readonly of: number;
  /** When there will be another one, if none is left. */
  readonly nextAtMs: number;
}

/** Null where it is not on offer. */
export function useBoosts(): Allowance | null {
  const room = useRoom();
  const { boosts: of } = useRights();
  const spent = useStore(room.boosts.store);
  return of === 0 ? null : { left: boostsLeft(spent, of, room.clock.nowMs()), of, nextAtMs: nextBoostMs(spent) };
}

export interface Actions {
  add: (track: Track) => void;
  /** Add tracks in a row; the ids of the items that they become. */
  addAll: (tracks: readonly Track[]) => string[];
  remove: (item: Item) => void;
  restore: (item: Item) => void;
  moveAfter: (item: Item, after: string | null) => void;
  vote: (item: Item, direction: Direction) => void;
  boost: (item: Item) => void;
  play: (item?: Item) => void;
  pause: () => void;
  next: () => void;
  previous: () => void;
  /** Say whether this person wants the current song to be skipped. */
  skip: (item: Item, want: boolean) => void;
  seek: (position_seconds: number) => void;
  setVolume: (volume: number) => void;
  update: (changes: Omit<CommandOf<"playlist.update">, "command">) => void;
}

export function useActions(): Actions {
  const room = useRoom();
  return useMemo(
    () => ({
      add: (track) => room.run({ command: "track.add", track_id: track.id, id: newId() }, { track }),
      addAll: (tracks) => addAll(room, tracks),
      remove: (item) => room.run({ command: "track.remove", id: item.id }),
      restore: (item) =>
        room.run(
          { command: "track.restore", id: item.id },
          { item: item.is_playing ? { ...item, is_playing: false, played_at: null } : item },
        ),
      moveAfter: (item, after) => room.run({ command: "track.move", id: item.id, after }),
      vote: (item, direction) => room.run({ command: "track.vote", id: item.id, direction }),
      boost: (item) => room.run({ command: "track.boost", id: item.id }),
      play: (item) => room.run({ command: "playback.play", ...(item && { item_id: item.id }), ...room.expected() }),
      pause: () => room.run({ command: "playback.pause", ...room.expected() }),
      next: () => room.skipTo("next"),
      previous: () => room.skipTo("previous"),
      skip: (item, want) => room.run({ command: "playback.skip", item_id: item.id, want }),
      seek: (position_seconds) => room.run({ command: "playback.seek", position_seconds, ...room.expected() }),
      setVolume: (volume) => room.run({ command: "playback.volume", volume }),
      update: (changes) => room.run({ command: "playlist.update", ...changes }),
    }),
    [room],
  );
}

/** So many tracks with the longest ids fit into one frame. */
const ADDED_AT_ONCE = 100;

function addAll(room: Room, tracks: readonly Track[]): string[] {
  const ids = tracks.map(newId);
  for (let from = 0; from < tracks.length; from += ADDED_AT_ONCE) {
    const part = tracks.slice(from, from + ADDED_AT_ONCE);
    const track_ids = part.map((track) => track.id);
    room.run({ command: "tracks.add", track_ids, ids: ids.slice(from, from + part.length) }, { tracks: part });
  }
  return ids;
}
