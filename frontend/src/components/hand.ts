// A pointer that holds a row until it lets go; near the edges the list scrolls under it. It listens to the window, since
// changes by others may move the row in the document or take it out.

/** How near an edge the list begins to scroll, and how fast: pixels, and pixels a frame. */
const EDGE_PX = 72;
const SPEED_PX = 14;

export class Hand {
  private y: number;
  private frame = 0;
  private hasMoved = false;
  private readonly pointerId: number;
  /** Pixels from the row's top to the pointer. */
  private readonly inRow: number;

  constructor(
    event: PointerEvent,
    private readonly list: HTMLElement,
    private readonly scroller: HTMLElement,
  ) {
    this.y = event.clientY;
    this.pointerId = event.pointerId;
    const row = (event.target as Element | null)?.closest("li")?.getBoundingClientRect();
    this.inRow = this.y - (row?.top ?? this.y);
  }

  /** Calls `tell` with the row's top in pixels from the list's, then `end`: with null when the row is not put down. */
  follow(tell: (top: number) => void, end: (top: number | null) => void): void {
    const move = (event: PointerEvent) => {
      if (event.pointerId !== this.pointerId) return;
      this.hasMoved ||= event.clientY !== this.y;
      this.y = event.clientY;
      if (this.hasMoved) tell(this.top);
    };
    const stop = (top: number | null) => {
      listening.abort();
      cancelAnimationFrame(this.frame);
      end(top);
    };
    const scroll = () => {
      if (this.hasMoved && this.scroll()) tell(this.top);
      this.frame = requestAnimationFrame(scroll);
    };
    const listening = new AbortController();
    const { signal } = listening;
    window.addEventListener("pointermove", move, { signal });
    window.addEventListener("pointerup", (event) => event.pointerId === this.pointerId && stop(this.hasMoved ? this.top : null), { signal });
    window.addEventListener("pointercancel", (event) => event.pointerId === this.pointerId && stop(null), { signal });
    window.addEventListener("keydown", (event) => event.key === "Escape" && stop(null), { signal, capture: true });
    this.frame = requestAnimationFrame(scroll);
  }

  private get top(): number {
    return this.y - this.inRow - this.list.getBoundingClientRect().top;
  }

  private scroll(): boolean {
    const { top, bottom } = this.scroller.getBoundingClientRect();
    const direction = this.y < top + EDGE_PX ? -1 : this.y > bottom - EDGE_PX ? 1 : 0;
    const before = this.scroller.scrollTop;
    if (direction !== 0) this.scroller.scrollTop += direction * SPEED_PX;
    return this.scroller.scrollTop !== before;
  }
}
