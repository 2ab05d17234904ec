// Sends the outbox: no faster than the server takes it, and one after the other where commands concern the same thing,
// since an earlier one may have to be repeated.
import type { ClientFrame, Limits } from "../protocol/types";
import { itemsOf, type Outbox, type Pending } from "./outbox";
import { Pace } from "./pace";

const RETRY_MS = 1_000;
const RETRY_LIMIT_MS = 30_000;
/** The server stays silent when it does not know the outcome of a command, which is then sent again. */
const UNKNOWN_AFTER_MS = 30_000;

export class Sender {
  private readonly pace = new Pace();
  /** When each unanswered command was sent on this socket, by op_id. */
  private readonly inFlight = new Map<string, number>();
  /** The person whose commands are sent; undefined before the first welcome. */
  private userId: number | null | undefined;
  /** How many answers in a row were to try again. */
  private retries = 0;
  private waiting: ReturnType<typeof setTimeout> | null = null;

  /** `send` returns whether the frame went out. */
  constructor(
    private readonly outbox: Outbox,
    private readonly send: (frame: ClientFrame) => boolean,
  ) {}

  /** There is a new socket, on which nothing has been sent: what the one before was in trouble with may be over. */
  restart(): void {
    this.inFlight.clear();
    this.retries = 0;
    this.stop();
  }

  /** Send for this person, within these limits. */
  welcomed(userId: number | null, limits: Limits): void {
    this.userId = userId;
    this.pace.follow(limits);
  }

  /** The command is committed, or refused for good. */
  answered(op_id: string): void {
    this.inFlight.delete(op_id);
    this.retries = 0;
  }

  /** Try a command again, later and later while the server is in trouble. */
  sendAgain(op_id: string): void {
    this.inFlight.delete(op_id);
    this.sendLater(Math.min(RETRY_LIMIT_MS, RETRY_MS * 2 ** this.retries));
    this.retries += 1;
  }

  /** Send the commands again that have had no answer for long. */
  look(): void {
    const longAgo = performance.now() - UNKNOWN_AFTER_MS;
    for (const [op_id, sentAt] of this.inFlight) if (sentAt < longAgo) this.inFlight.delete(op_id);
    this.sendPending();
  }

  sendPending(): void {
    if (this.userId === undefined || this.waiting !== null) return;
    const busy = new Set<string>();
    for (const entry of this.outbox.unanswered(this.userId)) {
      const concerns = concernsOf(entry);
      const mustWait = concerns.some((what) => busy.has(what));
      for (const what of concerns) busy.add(what);
      if (mustWait || this.inFlight.has(entry.op_id)) continue;
      const waitMs = this.pace.take(this.inFlight.size);
      if (waitMs > 0) {
        this.sendLater(waitMs);
        return;
      }
      if (!this.send({ type: "command", op_id: entry.op_id, ...entry.command })) return;
      this.inFlight.set(entry.op_id, performance.now());
    }
  }

  stop(): void {
    if (this.waiting !== null) clearTimeout(this.waiting);
    this.waiting = null;
  }

  private sendLater(ms: number): void {
    this.waiting ??= setTimeout(() => {
      this.waiting = null;
      this.sendPending();
    }, ms);
  }
}

/** The ids of the items that a command is about, else "playback" or "playlist". */
function concernsOf({ command }: Pending): string[] {
  if (!/^tracks?\./.test(command.command)) return [command.command.split(".")[0] ?? ""];
  const after = "after" in command && typeof command.after === "string" ? [command.after] : [];
  return [...itemsOf(command), ...after];
}
