// Moving a row, by pointer or by keyboard. All rows have the same height, so a place is a division: there is nothing to
// measure, and what others do meanwhile cannot get in the way. The song is put down relative to its neighbours of then.
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Item } from "../protocol/types";

interface DragOptions {
  queue: readonly Item[];
  rowPx: number;
  scroller: RefObject<HTMLElement | null>;
  list: RefObject<HTMLElement | null>;
  onDrop: (item: Item, after: string | null) => void;
}

interface Held {
  id: string;
  by: "pointer" | "keys";
  /** The gap where it would go, counted from the top, in the queue with the row still in it. */
  gap: number;
  /** Pixels from the list's top to the row in hand. */
  top: number;
}

/** How near an edge the list begins to scroll, and how fast: pixels, and pixels a frame. */
const EDGE_PX = 72;
const SPEED_PX = 14;

export function useDrag({ queue, rowPx, scroller, list, onDrop }: DragOptions) {
  const { t } = useTranslation();
  const [held, setHeld] = useState<Held | null>(null);
  const [said, say] = useState("");
  const latest = useRef({ queue, rowPx, onDrop });
  useEffect(() => {
    latest.current = { queue, rowPx, onDrop };
  });

  /** Put the row down where it is held now. */
  const drop = useCallback(
    (now: Held) => {
      const { queue, onDrop } = latest.current;
      const from = queue.findIndex((item) => item.id === now.id);
      const item = queue[from];
      setHeld(null);
      if (!item) return; // somebody has removed it
      if (now.gap === from || now.gap === from + 1) {
        say(t("queue.leftAlone", { title: item.track.title }));
        return;
      }
      onDrop(item, queue[now.gap - 1]?.id ?? null);
      const place = now.gap > from ? now.gap : now.gap + 1;
      say(t("queue.putDown", { title: item.track.title, place, count: queue.length }));
    },
    [t],
  );

  const grab = useCallback(
    (event: PointerEvent<HTMLElement>, item: Item) => {
      if (event.button !== 0 || !list.current || !scroller.current) return;
      event.preventDefault();
      event.currentTarget.focus({ preventScroll: true });
      const row = event.currentTarget.closest("li")?.getBoundingClientRect();
      const inRow = event.clientY - (row?.top ?? event.clientY);
      const hand = new Hand(event, inRow, list.current, scroller.current, () => latest.current);
      hand.follow(item.id, setHeld, (now) => (now === null ? setHeld(null) : drop(now)));
    },
    [list, scroller, drop],
  );

  const key = useCallback(
    (event: KeyboardEvent<HTMLElement>, item: Item) => {
      const { queue, rowPx } = latest.current;
      const from = queue.findIndex((other) => other.id === item.id);
      const words = (place: number) => ({ title: item.track.title, place, count: queue.length });
      const isHeld = held?.by === "keys" && held.id === item.id;
      if (event.key === " " || event.key === "Enter") {
        if (isHeld) drop(held);
        else {
          setHeld({ id: item.id, by: "keys", gap: from, top: from * rowPx });
          say(t("queue.pickedUp", words(from + 1)));
        }
      } else if (isHeld && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        const place = Math.min(queue.length - 1, Math.max(0, placeOf(held.gap, from) + (event.key === "ArrowUp" ? -1 : 1)));
        setHeld({ ...held, gap: place > from ? place + 1 : place, top: place * rowPx });
        scrollIntoSight(scroller.current, list.current, place * rowPx, rowPx);
        say(t("queue.movedTo", words(place + 1)));
      } else if (isHeld && (event.key === "Escape" || event.key === "Tab")) {
        setHeld(null);
        say(t("queue.leftAlone", words(from + 1)));
        if (event.key === "Tab") return;
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
    [held, drop, t, scroller, list],
  );

  return { lifted: held?.id ?? null, top: held?.top ?? 0, gap: held?.gap ?? null, said, grab, key };
}

/** Which place the gap is, counted without the row that is moved. */
const placeOf = (gap: number, from: number) => (gap > from ? gap - 1 : gap);

function scrollIntoSight(scroller: HTMLElement | null, list: HTMLElement | null, top: number, height: number): void {
  if (!scroller || !list) return;
  const start = list.offsetTop + top;
  if (start < scroller.scrollTop) scroller.scrollTop = start;
  else if (start + height > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = start + height - scroller.clientHeight;
}

/** A pointer that holds a row until it lets go; near the edges the list scrolls under it. */
class Hand {
  private y: number;
  private frame = 0;
  private moved = false;

  constructor(
    event: PointerEvent<HTMLElement>,
    private readonly inRow: number,
    private readonly list: HTMLElement,
    private readonly scroller: HTMLElement,
    private readonly latest: () => { queue: readonly Item[]; rowPx: number },
  ) {
    this.y = event.clientY;
    this.target = event.currentTarget;
    this.pointerId = event.pointerId;
  }

  private readonly target: HTMLElement;
  private readonly pointerId: number;

  /** Tells each place it comes to, and at the end the last one; null when it was taken away. */
  follow(id: string, tell: (held: Held) => void, end: (held: Held | null) => void): void {
    const move = (event: globalThis.PointerEvent) => {
      this.moved ||= Math.abs(event.clientY - this.y) > 0;
      this.y = event.clientY;
      if (this.moved) tell(this.held(id));
    };
    const stop = (event: Event) => {
      cancelAnimationFrame(this.frame);
      this.target.removeEventListener("pointermove", move);
      this.target.removeEventListener("pointerup", stop);
      this.target.removeEventListener("pointercancel", stop);
      window.removeEventListener("keydown", escape, true);
      end(event.type === "pointerup" && this.moved ? this.held(id) : null);
    };
    const escape = (event: globalThis.KeyboardEvent) => {
      if (event.key === "Escape") stop(event);
    };
    const scroll = () => {
      if (this.moved && this.scroll()) tell(this.held(id));
      this.frame = requestAnimationFrame(scroll);
    };
    this.target.setPointerCapture(this.pointerId);
    this.target.addEventListener("pointermove", move);
    this.target.addEventListener("pointerup", stop);
    this.target.addEventListener("pointercancel", stop);
    window.addEventListener("keydown", escape, true);
    this.frame = requestAnimationFrame(scroll);
  }

  private held(id: string): Held {
    const { queue, rowPx } = this.latest();
    const top = this.y - this.inRow - this.list.getBoundingClientRect().top;
    const from = queue.findIndex((item) => item.id === id);
    // The row's middle decides: over another row's middle it takes that one's place.
    const place = Math.min(queue.length - 1, Math.max(0, Math.round(top / rowPx)));
    return { id, by: "pointer", gap: place > from ? place + 1 : place, top };
  }

  private scroll(): boolean {
    const { top, bottom } = this.scroller.getBoundingClientRect();
    const over = this.y < top + EDGE_PX ? -1 : this.y > bottom - EDGE_PX ? 1 : 0;
    const before = this.scroller.scrollTop;
    if (over !== 0) this.scroller.scrollTop += over * SPEED_PX;
    return this.scroller.scrollTop !== before;
  }
}
