// Keys for the whole room: Space plays and pauses, n skips, / searches. They rest while a field or a button has focus.
import { useEffect, useEffectEvent } from "react";
import { useActions, useHasMusic, useRights, useRoom } from "../room/hooks";

export function useShortcuts(openLibrary: () => void): void {
  const room = useRoom();
  const { play, pause, next } = useActions();
  const { playback: mayControl } = useRights();
  const hasMusic = useHasMusic();
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const target = event.target as HTMLElement;
    if (target.closest("input, select, textarea, dialog, [contenteditable]")) return;
    if (event.key === "/") openLibrary();
    // A focused button or row keeps its keys, so that nobody stops the music for everybody by accident.
    else if (!mayControl || !hasMusic || target.closest("button, a, summary, li")) return;
    else if (event.key === "n") next();
    else if (event.key !== " ") return;
    else if (room.store.getState().state?.playback.state === "playing") pause();
    else play();
    event.preventDefault();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => pressed(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
}
