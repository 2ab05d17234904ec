// The room's plan, for what is drawn: the times in the queue, and the wall.
import { useEffect, useMemo, useReducer } from "react";
import type { Item } from "../protocol/types";
import { useRoom, useView } from "../room/hooks";
import type { RoomState } from "../room/state";
import { planOf, type Planned } from "./plan";

/** Whole plans, computed once for all components that draw them. */
const plans = new WeakMap<RoomState, Map<boolean, Planned<Item>[]>>();

function wholePlan(state: RoomState, isHeard: boolean): Planned<Item>[] {
  const known = plans.get(state) ?? new Map<boolean, Planned<Item>[]>();
  plans.set(state, known);
  const planned = known.get(isHeard) ?? planOf(state, -Infinity, isHeard);
  known.set(isHeard, planned);
  return planned;
}

/**
 * Each item that plays now or later; nothing unless the room plays. Looks at the clock every `everyMs`. It goes on while
 * the server is away, as the speakers do.
 */
export function usePlan(everyMs: number): readonly Planned<Item>[] {
  const room = useRoom();
  const [state, isHeard] = useView((view) => [view.state, view.speakers.length > 0] as const);
  const [now, look] = useReducer(() => room.clock.nowMs(), 0);
  const isPlaying = state?.playback.state === "playing";
  useEffect(() => {
    if (!isPlaying) return undefined;
    look();
    const timer = setInterval(look, everyMs);
    return () => clearInterval(timer);
  }, [state, isPlaying, everyMs]);
  return useMemo(
    () => (state === null ? [] : wholePlan(state, isHeard).filter(({ endsAtMs }) => now < endsAtMs)),
    [state, isHeard, now],
  );
}
