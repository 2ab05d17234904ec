// A slider that tells only when it is let go: React's onChange is the browser's input event; "change" comes once the
// drag or the key press is over.
import { useEffect, useRef, useState, type ChangeEvent, type CSSProperties, type RefObject } from "react";

interface Slider {
  ref: RefObject<HTMLInputElement | null>;
  type: "range";
  min: 0;
  max: number;
  step: 1;
  value: number;
  style: CSSProperties;
  onChange: (event: ChangeEvent<HTMLInputElement>) => void;
}

/** Shows `value`, between 0 and `max`, or what it is held at. */
export function useSlider(value: number, max: number, done: (value: number) => void): Slider {
  const [held, setHeld] = useState<number | null>(null);
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const element = ref.current;
    const changed = () => {
      done(Number(element?.value));
      setHeld(null);
    };
    const cancelled = () => setHeld(null);
    element?.addEventListener("change", changed);
    element?.addEventListener("pointercancel", cancelled);
    return () => {
      element?.removeEventListener("change", changed);
      element?.removeEventListener("pointercancel", cancelled);
    };
  }, [done]);
  const shown = held ?? value;
  return {
    ref,
    type: "range",
    min: 0,
    max: Math.max(1, max),
    step: 1,
    value: shown,
    style: { "--done": `${max ? (100 * shown) / max : 0}%` } as CSSProperties,
    onChange: (event) => setHeld(Number(event.target.value)),
  };
}
