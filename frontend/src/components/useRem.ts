import { useSyncExternalStore } from "react";

/** The pixels of one rem: the size of text that this person has chosen in the browser. */
export function useRem(): number {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener("resize", changed);
      return () => window.removeEventListener("resize", changed);
    },
    () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16,
  );
}
