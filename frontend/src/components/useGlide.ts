// Rows whose place changes glide there (FLIP: https://aerotwist.com/blog/flip-your-animations/). By the Web Animations
// API, as rows also change their place in the document, which ends every CSS transition.
import { useLayoutEffect, useRef, type RefObject } from "react";
import type { Item } from "../protocol/types";

const GLIDE_MS = 220;

export function useGlide(list: RefObject<HTMLElement | null>, queue: readonly Item[], rowPx: number, lifted: string | null): void {
  const before = useRef<{ queue: readonly Item[]; rowPx: number; places: Map<string, number> } | null>(null);
  useLayoutEffect(() => {
    const was = before.current;
    if (was?.queue === queue && was.rowPx === rowPx) return;
    const places = placesOf(queue);
    before.current = { queue, rowPx, places };
    if (was?.rowPx !== rowPx || window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const row of list.current?.children ?? []) {
      const id = (row as HTMLElement).dataset.id ?? "";
      const [from, to] = [was.places.get(id), places.get(id)];
      if (from === undefined || to === undefined || from === to || id === lifted) continue;
      row.animate([{ transform: `translateY(${from * rowPx}px)` }, { transform: `translateY(${to * rowPx}px)` }], {
        duration: GLIDE_MS,
        easing: "cubic-bezier(0.2, 0, 0, 1)",
      });
    }
  }, [list, queue, rowPx, lifted]);
}

const placesOf = (queue: readonly Item[]) => new Map(queue.map((item, index) => [item.id, index]));
