// One row at most is swiped aside: a touch or the focus elsewhere closes the others.
import { useEffect, type RefObject } from "react";

export function useOneSwipe(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const closeOthers = ({ target }: Event) => {
      for (const row of list.current?.querySelectorAll("[data-part=swipe]") ?? [])
        if (row.scrollLeft > 0 && !row.contains(target as Node)) row.scrollTo({ left: 0, behavior: calm() ? "instant" : "smooth" });
    };
    window.addEventListener("pointerdown", closeOthers);
    window.addEventListener("focusin", closeOthers);
    return () => {
      window.removeEventListener("pointerdown", closeOthers);
      window.removeEventListener("focusin", closeOthers);
    };
  }, [list]);
}

const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
