import { useEffect, useEffectEvent } from "react";

/** What file dialogs offer for playlists, and what is taken for one when it is dropped; the server judges by content. */
export const PLAYLISTS = ".m3u,.m3u8,.xspf,.jspf,.json,.csv,.txt";

export const isPlaylist = ({ name }: File): boolean => PLAYLISTS.split(",").some((ending) => name.toLowerCase().endsWith(ending));

/**
 * Takes those files that it wants, wherever on the page they are dropped: a browser would leave the page for one that
 * lands beside a small target.
 */
export function useDropped(isWanted: (file: File) => boolean, take: (files: readonly File[]) => void): void {
  const dropped = useEffectEvent((files: Iterable<File>) => {
    const wanted = [...files].filter(isWanted);
    if (wanted.length > 0) take(wanted);
  });
  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const over = (event: DragEvent) => {
      if (holdsFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      dropped(event.dataTransfer?.files ?? []);
    };
    window.addEventListener("dragover", over);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("drop", drop);
    };
  }, []);
}
