// The rights of this person, so that the page offers nothing that would be refused. The server judges every command
// anyway.
import type { Item, Playlist, You } from "../protocol/types";

export interface Rights {
  /** Settings and people. */
  manage: boolean;
  playback: boolean;
  remove: (item: Item) => boolean;
  move: (item: Item) => boolean;
}

export function rightsOf(playlist: Playlist | undefined, you: You | null): Rights {
  const isHost = you?.role === "host";
  const isFree = isHost || playlist?.policy === "open";
  // By `adder`: two people may have the same name, and one person another name on another day.
  const isOwn = (item: Item) => item.adder !== null && item.adder === you?.adder;
  return {
    manage: isHost,
    playback: isFree,
    remove: (item) => isFree || isOwn(item),
    move: () => isFree && playlist?.order === "manual",
  };
}
