// Gives the focus back to a row that lost it by changing its place in the document.
import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";

export function useKeptFocus(list: RefObject<HTMLElement | null>): void {
  /** The element that lost the focus in this very task, while React was moving rows; null again in the next task. */
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
