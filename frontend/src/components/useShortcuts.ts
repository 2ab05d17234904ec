// Keys for the whole room: Space plays and pauses, n goes on, / searches. Not while somebody types or is on a button.
import { useEffect, useEffectEvent } from "react";
import { useActions, useRights, useRoom } from "../room/hooks";

export function useShortcuts(openLibrary: () => void): void {
  const room = useRoom();
  const { play, pause, next } = useActions();
  const { playback: mayControl } = useRights();
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const target = event.target as HTMLElement;
    if (target.closest("input, select, textarea, dialog, [contenteditable]")) return;
    if (event.key === "/") openLibrary();
    else if (event.key === " " && mayControl && !target.closest("button, a, summary")) {
      if (room.store.getState().state?.playback.state === "playing") pause();
      else play();
    } else if (event.key === "n" && mayControl) next();
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => pressed(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
}
