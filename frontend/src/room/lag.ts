// What is shown when the log falls behind what plays. While the server is away the sound goes on by the plan, and the page
// with it; a server that is there has the last word, and a moment to say it.
import type { Playback } from "../protocol/types";
import type { Pending } from "./outbox";
import { overAtMs, predict, type Me } from "./predict";
import type { RoomState } from "./state";

/** So late may a server be that can be reached. */
const LATE_MS = 2_000;
const LONGEST_WAIT_MS = 3_600_000;

/** What decides whether the room goes on without the log. */
export interface Line {
  readonly isAway: boolean;
  /** A speaker is on. */
  readonly isHeard: boolean;
}

export class Lag {
  /** A playback that should be over; `isLeft`: the page goes on without the log, until that goes on. */
  private overdue: { playback: Playback; sinceMs: number; isLeft: boolean } | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** `look` is called when the current song is over. */
  constructor(
    private readonly nowMs: () => number,
    private readonly look: () => void,
  ) {}

  /** The state with what is pending, and with what has started by itself where the log does not tell. */
  shown(confirmed: RoomState, pending: readonly Pending[], me: Me, { isAway, isHeard }: Line): RoomState {
    const nowMs = this.nowMs();
    let state = predict(confirmed, pending, me);
    let overMs = overAtMs(state, isHeard);
    if (this.isBehind(state.playback, overMs, nowMs, isAway)) {
      state = predict(confirmed, pending, me, { untilMs: nowMs, isHeard });
      overMs = overAtMs(state, isHeard);
    } else if (this.overdue !== null) overMs = this.overdue.sinceMs + LATE_MS;
    this.wait(overMs - nowMs);
    return state;
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private isBehind(playback: Playback, overMs: number, nowMs: number, isAway: boolean): boolean {
    if (overMs > nowMs) {
      this.overdue = null;
      return false;
    }
    if (this.overdue === null || !isSame(this.overdue.playback, playback))
      this.overdue = { playback, sinceMs: nowMs, isLeft: false };
    this.overdue.isLeft ||= isAway || nowMs - this.overdue.sinceMs >= LATE_MS;
    return this.overdue.isLeft;
  }

  private wait(ms: number): void {
    this.stop();
    if (ms < Infinity) this.timer = setTimeout(this.look, Math.min(ms, LONGEST_WAIT_MS));
  }
}

const isSame = (one: Playback, other: Playback) =>
  one.item_id === other.item_id && one.state === other.state && one.started_at_ms === other.started_at_ms;
