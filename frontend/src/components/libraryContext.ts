// What the parts of the library share: where lists were left, and the way to an album's or an artist's page and back.
import { createContext, useContext, type RefObject } from "react";
import type { Album, Artist } from "../protocol/types";

export type LibraryPage = { kind: "album"; album: Album } | { kind: "artist"; artist: Artist } | { kind: "suggestions" };

export interface ListHandle {
  focusRow: (index: number) => void;
}

/** Where a list was left: its scroll offset in pixels, and the row from which a page was opened. */
export interface ListPlace {
  top: number;
  opened?: number;
}

interface LibraryParts {
  handle: RefObject<ListHandle | null>;
  places: Map<string, ListPlace>;
  open: (page: LibraryPage) => void;
  back: () => void;
}

export const LibraryContext = createContext<LibraryParts | null>(null);

export function useLibrary(): LibraryParts {
  const parts = useContext(LibraryContext);
  if (parts === null) throw new Error("useLibrary needs a Library above it");
  return parts;
}
