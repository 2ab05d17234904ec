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
  const isOwn = (item: Item) => isFree || item.added_by === you?.name;
  return {
    manage: isHost,
    playback: isFree,
    remove: isOwn,
    move: (item) => playlist?.order === "manual" && isOwn(item),
  };
}
