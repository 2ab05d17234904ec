// Commands that the log has not told back yet. They are kept in localStorage until the server has answered, so that they
// survive a reload; repeating one is safe, as its op_id has one effect.
import type { Command, Item, Track } from "../protocol/types";

export interface Pending {
  readonly op_id: string;
  readonly command: Command;
  /** When it was given, by the server's clock. */
  readonly at_ms: number;
  /** When it was given, by this device's clock: how long it may be kept. */
  readonly kept_at: number;
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

/** The server remembers an op_id for 24 hours; what is older could have its effect twice. */
const KEPT_MS = 23 * 3600 * 1000;

export class Outbox {
  private entries: Pending[];
  private readonly prefix: string;

  constructor(
    slug: string,
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length"> | null,
    private readonly now: () => number = () => Date.now(),
  ) {
    this.prefix = `playlist/${slug}/`;
    this.entries = this.stored().sort((a, b) => a.kept_at - b.kept_at);
    this.expire();
  }

  /** What is somebody's, in the order it was given. */
  pending(user_id: number | null): Pending[] {
    return this.entries.filter((entry) => entry.user_id === undefined || entry.user_id === user_id);
  }

  /** What of it has not been answered, and is not too old to be sent. */
  unanswered(user_id: number | null): Pending[] {
    this.expire();
    return this.pending(user_id).filter((entry) => entry.revision === undefined);
  }

  add(entry: Omit<Pending, "kept_at">): void {
    // The order is that of the times, also after a reload.
    const last = this.entries.at(-1)?.kept_at ?? 0;
    const kept = { ...entry, kept_at: Math.max(this.now(), last + 1) };
    this.entries = [...this.entries, kept];
    this.store(kept);
  }

  /** The server has said who we are: what was given before is ours. */
  claim(user_id: number | null): void {
    this.entries = this.entries.map((entry) => {
      if (entry.user_id !== undefined) return entry;
      const mine = { ...entry, user_id };
      this.store(mine);
      return mine;
    });
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

  private expire(): void {
    const oldest = this.now() - KEPT_MS;
    for (const entry of this.entries) if (entry.kept_at <= oldest) this.drop(entry.op_id);
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
    if (typeof value?.op_id !== "string" || typeof value.at_ms !== "number" || typeof value.kept_at !== "number") return null;
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
