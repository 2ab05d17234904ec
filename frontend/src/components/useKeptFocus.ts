// A row that changes its place in the document loses the focus; nobody who uses the keyboard should.
import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";

export function useKeptFocus(list: RefObject<HTMLElement | null>): void {
  /** What has lost the focus in this very task: while React was moving rows, or else it is null again by the next one. */
  const lost = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const element = list.current;
    const left = ({ target, relatedTarget }: FocusEvent) => {
      if (relatedTarget !== null || !(target instanceof HTMLElement)) return;
      lost.current = target;
      queueMicrotask(() => {
        lost.current = null;
      });
    };
    element?.addEventListener("focusout", left);
    return () => element?.removeEventListener("focusout", left);
  }, [list]);
  useLayoutEffect(() => {
    if (lost.current?.isConnected && document.activeElement === document.body) lost.current.focus({ preventScroll: true });
  });
}
