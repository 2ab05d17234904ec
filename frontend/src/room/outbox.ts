// Commands that the log has not told back yet. They are kept in localStorage until the server has answered, so that they
// survive a reload; repeating one is safe, as its op_id has one effect. Their age is counted on the server's clock: the
// one of this device may be wrong, and is often set right just when the network returns.
import type { Command, Item, Track } from "../protocol/types";

export interface Pending {
  readonly op_id: string;
  readonly command: Command;
  /** When it was given, by the server's clock. Their order is that of these times, also after a reload. */
  readonly at_ms: number;
  /** Whose it is: nobody else sends or sees it. Not there yet when it was given before the server said who we are. */
  readonly user_id?: number | null;
  /** What is shown meanwhile: the track of an add, the item of a restore. */
  readonly track?: Track;
  readonly item?: Item;
  /** The song that it is about, as it was called: a refusal names it, and by then it may be gone. */
  readonly title?: string;
  /** The revision that it led to, once it is committed. */
  readonly revision?: number;
}

/** The server remembers an op_id for 24 hours; a command that is older could have its effect twice. */
const KEPT_MS = 23 * 3600 * 1000;

/** Whether a command has the same effect however often it is repeated: it sets something of a song that has an id. */
const isSafeAtAnyAge = ({ command }: Pending) => command.command.startsWith("track.");

export class Outbox {
  private entries: Pending[];
  private readonly prefix: string;

  constructor(
    slug: string,
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length"> | null,
  ) {
    this.prefix = `playlist/${slug}/`;
    this.entries = this.stored().sort((a, b) => a.at_ms - b.at_ms);
  }

  /** What is somebody's, in the order it was given. */
  pending(user_id: number | null): Pending[] {
    return this.entries.filter((entry) => entry.user_id === undefined || entry.user_id === user_id);
  }

  /** What of it has not been answered. */
  unanswered(user_id: number | null): Pending[] {
    return this.pending(user_id).filter((entry) => entry.revision === undefined);
  }

  add(entry: Pending): void {
    const last = this.entries.at(-1)?.at_ms ?? 0;
    const kept = { ...entry, at_ms: Math.max(entry.at_ms, last + 1) };
    this.entries = [...this.entries, kept];
    this.store(kept);
  }

  /**
   * The server has said who we are and what time it is: what was given before that is ours. It has never been sent, and
   * its time is that of this device, so it counts as given now.
   */
  claim(user_id: number | null, now_ms: number): void {
    const unclaimed = this.entries.filter((entry) => entry.user_id === undefined);
    this.entries = this.entries.filter((entry) => entry.user_id !== undefined);
    for (const entry of unclaimed) this.add({ ...entry, at_ms: now_ms, user_id });
  }

  /** Remove and return what is too old to be sent: the room has become another one, and repeating might do it twice. */
  takeExpired(user_id: number | null, now_ms: number): Pending[] {
    const isExpired = (entry: Pending) => !isSafeAtAnyAge(entry) && entry.at_ms <= now_ms - KEPT_MS;
    const expired = this.unanswered(user_id).filter(isExpired);
    for (const { op_id } of expired) this.drop(op_id);
    return expired;
  }

  find(op_id: string): Pending | undefined {
    return this.entries.find((entry) => entry.op_id === op_id);
  }

  /** It is committed: shown until the log has told it, but never sent again. */
  acknowledge(op_id: string, revision: number): void {
    this.forget(op_id);
    this.entries = this.entries.map((entry) => (entry.op_id === op_id ? { ...entry, revision } : entry));
  }

  /** Another history: what was committed in the old one is not waited for. */
  forgetCommitted(): void {
    this.entries = this.entries.filter((entry) => entry.revision === undefined);
  }

  drop(op_id: string): void {
    this.forget(op_id);
    this.entries = this.entries.filter((entry) => entry.op_id !== op_id);
  }

  /** Remove and return what the log has told up to this revision. */
  settle(revision: number): Pending[] {
    const isSettled = (entry: Pending) => entry.revision !== undefined && entry.revision <= revision;
    const settled = this.entries.filter(isSettled);
    if (settled.length > 0) this.entries = this.entries.filter((entry) => !isSettled(entry));
    return settled;
  }

  private stored(): Pending[] {
    const found: Pending[] = [];
    try {
      for (let index = 0; index < (this.storage?.length ?? 0); index++) {
        const key = this.storage?.key(index);
        if (!key?.startsWith(this.prefix)) continue;
        const entry = parse(this.storage?.getItem(key) ?? "");
        if (entry) found.push(entry);
      }
    } catch {
      return []; // a browser that keeps nothing
    }
    return found;
  }

  private store(entry: Pending): void {
    try {
      this.storage?.setItem(this.prefix + entry.op_id, JSON.stringify(entry));
    } catch {
      // Full or forbidden: it is kept until the page is left.
    }
  }

  private forget(op_id: string): void {
    try {
      this.storage?.removeItem(this.prefix + op_id);
    } catch {
      // As above.
    }
  }
}

/** What this client can show: a damaged entry, or one of a newer client, is left alone. */
const COMMANDS: Record<Command["command"], true> = {
  "track.add": true,
  "track.remove": true,
  "track.restore": true,
  "track.move": true,
  "track.vote": true,
  "playback.play": true,
  "playback.pause": true,
  "playback.next": true,
  "playback.previous": true,
  "playback.seek": true,
  "playlist.update": true,
};

function parse(text: string): Pending | null {
  try {
    const value = JSON.parse(text) as Partial<Pending> | null;
    if (typeof value?.op_id !== "string" || typeof value.at_ms !== "number") return null;
    return value.command && Object.hasOwn(COMMANDS, value.command.command) ? (value as Pending) : null;
  } catch {
    return null;
  }
}

/** localStorage, where a browser has it and lets us. */
export function pageStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
