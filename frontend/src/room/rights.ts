// The rights of this person, so that the page offers nothing that would be refused. The server judges every command
// anyway.
import type { Item, Playlist, You } from "../protocol/types";
import { waits } from "./order";

export interface Rights {
  /** Settings and people: the host and cohosts. */
  manage: boolean;
  /** Roles, the host link, handing over. */
  host: boolean;
  add: boolean;
  vote: boolean;
  downvote: boolean;
  playback: boolean;
  /** How many songs an hour this person may bring to the front; Infinity without a limit. */
  boosts: number;
  remove: (item: Item) => boolean;
  move: (item: Item) => boolean;
  /** Whether the place of one decides anything beside the other: in fair order only for the songs of one person. */
  arePeers: (one: Item, other: Item) => boolean;
}

export function rightsOf(playlist: Playlist | undefined, you: You | null): Rights {
  const isHost = you?.role === "host";
  const leads = isHost || you?.role === "cohost";
  // Without an identity only `main` lets anybody do anything; and nobody without one is somebody who adds, but for a wall.
  const isNobody = you?.id === null && (playlist?.slug !== "main" || you.adder === null);
  const guests = isNobody ? undefined : playlist?.rules.guests;
  const may = (right: keyof Playlist["rules"]["guests"]) => leads || guests?.[right] === true;
  // By `adder`: two people may have the same name, and one person another name on another day.
  const isOwn = (item: Item) => item.adder !== null && item.adder === you?.adder;
  return {
    manage: leads,
    host: isHost,
    add: may("add"),
    vote: may("vote"),
    downvote: may("vote") && may("downvote"),
    playback: may("playback"),
    boosts: leads ? Infinity : isNobody ? 0 : (playlist?.rules.boosts_per_hour ?? 0),
    remove: (item) => may("remove_any") || isOwn(item),
    // In fair order people move their own songs among themselves, whatever else they may.
    move: (item) => (playlist?.order === "fair" ? isOwn(item) && waits(item) : may("move") && playlist?.order === "manual"),
    arePeers: (one, other) => playlist?.order !== "fair" || (one.adder === other.adder && waits(other)),
  };
}

/** Whether a boost would bring the song forward. */
export const mayBeNext = (item: Item) => waits(item) && item.boosted_at === null;
