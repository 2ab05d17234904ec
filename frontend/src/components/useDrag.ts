// Moving a row, by pointer or by keyboard. All rows have the same height, so a place is a division: there is nothing to
// measure, and changes by others cannot interfere. The song is put down next to its neighbours at that moment.
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Item } from "../protocol/types";
import { Hand } from "./hand";
import { nextPlace } from "./places";

interface DragOptions {
  queue: readonly Item[];
  rowPx: number;
  scroller: RefObject<HTMLElement | null>;
  list: RefObject<HTMLElement | null>;
  mayMove: (item: Item) => boolean;
  /** Whether the place of one decides anything beside the other. */
  arePeers: (one: Item, other: Item) => boolean;
  onDrop: (item: Item, after: string | null) => void;
}

/** A row in hand. By pointer it is `top` pixels from the list's top; by keys it would go behind `after`. */
type Held = { id: string; by: "pointer"; top: number } | { id: string; by: "keys"; after: string | null };

/** Where the row would go: the place it takes, and the gap before it in the queue with the row still in it. */
interface Target {
  from: number;
  place: number;
  gap: number;
}

export function useDrag({ queue, rowPx, scroller, list, mayMove, arePeers, onDrop }: DragOptions) {
  const { t } = useTranslation();
  const [held, setHeld] = useState<Held | null>(null);
  const [said, say] = useState("");
  const item = held && queue.find((other) => other.id === held.id);
  if (held && (!item || !mayMove(item))) setHeld(null); // removed meanwhile, or votes decide now
  const latest = useRef({ queue, rowPx, held, arePeers, onDrop });
  useEffect(() => {
    latest.current = { queue, rowPx, held, arePeers, onDrop };
  });

  const letGo = useCallback(
    (now: Held) => {
      const { queue, rowPx, arePeers, onDrop } = latest.current;
      const { from, place, gap } = targetOf(now, queue, rowPx);
      const item = queue[from];
      setHeld(null);
      if (!item) return;
      const words = { title: item.track.title, place: place + 1, count: queue.length };
      if (place === from) {
        say(t("queue.leftAlone", words));
        return;
      }
      onDrop(item, queue.slice(0, gap).findLast((other) => other !== item && arePeers(item, other))?.id ?? null);
      say(t("queue.putDown", words));
    },
    [t],
  );

  const grab = useCallback(
    (event: PointerEvent<HTMLElement>, { id }: Item) => {
      if (event.button !== 0 || !list.current || !scroller.current) return;
      event.preventDefault();
      event.currentTarget.focus({ preventScroll: true });
      new Hand(event.nativeEvent, list.current, scroller.current).follow(
        (top) => setHeld({ id, by: "pointer", top }),
        (top) => {
          if (top === null) setHeld(null);
          else letGo({ id, by: "pointer", top });
        },
      );
    },
    [list, scroller, letGo],
  );

  const key = useCallback(
    (event: KeyboardEvent<HTMLElement>, item: Item) => {
      const { queue, rowPx, held, arePeers } = latest.current;
      const mine = held?.by === "keys" && held.id === item.id ? held : null;
      const from = queue.findIndex((other) => other.id === item.id);
      const words = (place: number) => ({ title: item.track.title, place: place + 1, count: queue.length });
      if (event.key === " " || event.key === "Enter") {
        if (mine) letGo(mine);
        else {
          setHeld({ id: item.id, by: "keys", after: queue[from - 1]?.id ?? null });
          say(t("queue.pickedUp", words(from)));
        }
      } else if (mine && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        const { place } = targetOf(mine, queue, rowPx);
        const others = queue.filter(({ id }) => id !== item.id);
        const wanted = nextPlace(others, place, event.key === "ArrowUp", (other) => arePeers(item, other));
        setHeld({ ...mine, after: others[wanted - 1]?.id ?? null });
        scrollIntoSight(scroller.current, list.current, wanted * rowPx, rowPx);
        say(t("queue.movedTo", words(wanted)));
      } else if (mine && (event.key === "Escape" || event.key === "Tab")) {
        setHeld(null);
        say(t("queue.leftAlone", words(from)));
        if (event.key === "Tab") return;
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
    [letGo, t, scroller, list],
  );

  useEffect(() => {
    if (held?.by !== "keys") return undefined;
    const elsewhere = () => setHeld(null);
    window.addEventListener("pointerdown", elsewhere);
    return () => window.removeEventListener("pointerdown", elsewhere);
  }, [held?.by]);

  const target = held && item ? targetOf(held, queue, rowPx) : null;
  const top = held?.by === "pointer" ? held.top : (target?.place ?? 0) * rowPx;
  return { lifted: target === null ? null : (held?.id ?? null), top, gap: target?.gap ?? null, said, grab, key };
}

function targetOf(held: Held, queue: readonly Item[], rowPx: number): Target {
  const from = queue.findIndex((item) => item.id === held.id);
  const place = held.by === "pointer" ? Math.round(held.top / rowPx) : placeBehind(held, queue, from);
  const within = Math.min(queue.length - 1, Math.max(0, place));
  return { from, place: within, gap: within > from ? within + 1 : within };
}

function placeBehind({ id, after }: { id: string; after: string | null }, queue: readonly Item[], from: number): number {
  if (after === null) return 0;
  const above = queue.filter((item) => item.id !== id).findIndex((item) => item.id === after);
  return above < 0 ? from : above + 1; // the neighbour is gone: back to where it was
}

function scrollIntoSight(scroller: HTMLElement | null, list: HTMLElement | null, top: number, height: number): void {
  if (!scroller || !list) return;
  const start = list.offsetTop + top;
  if (start < scroller.scrollTop) scroller.scrollTop = start;
  else if (start + height > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = start + height - scroller.clientHeight;
}
