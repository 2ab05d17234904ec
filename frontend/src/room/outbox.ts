// Commands that the log has not told back yet. They are kept in localStorage until the server has answered, so that they
// survive a reload; repeating one is safe, as its op_id has one effect.
import type { Command, Item, Track } from "../protocol/types";

export interface Pending {
  readonly op_id: string;
  readonly command: Command;
  /** When it was given, by the server's clock. */
  readonly at_ms: number;
  /** Whose it is: it is not sent for anybody else. */
  readonly user_id: number | null;
  /** What is shown meanwhile: the track of an add, the item of a restore. */
  readonly track?: Track;
  readonly item?: Item;
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
    now_ms: number,
  ) {
    this.prefix = `playlist/${slug}/`;
    this.entries = this.stored()
      .filter((entry) => entry.at_ms > now_ms - KEPT_MS)
      .sort((a, b) => a.at_ms - b.at_ms);
  }

  get pending(): readonly Pending[] {
    return this.entries;
  }

  /** What has not been answered, in the order it was given. */
  unanswered(user_id: number | null): Pending[] {
    return this.entries.filter((entry) => entry.revision === undefined && entry.user_id === user_id);
  }

  add(entry: Pending): void {
    // The order is that of the times, also after a reload.
    const last = this.entries.at(-1)?.at_ms ?? 0;
    const kept = { ...entry, at_ms: Math.max(entry.at_ms, last + 1) };
    this.entries = [...this.entries, kept];
    this.store(kept);
  }

  find(op_id: string): Pending | undefined {
    return this.entries.find((entry) => entry.op_id === op_id);
  }

  /** It is committed: shown until the log has told it, but never sent again. */
  acknowledge(op_id: string, revision: number): void {
    this.forget(op_id);
    this.entries = this.entries.map((entry) => (entry.op_id === op_id ? { ...entry, revision } : entry));
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

function parse(text: string): Pending | null {
  try {
    const value = JSON.parse(text) as Partial<Pending> | null;
    return typeof value?.op_id === "string" && typeof value.at_ms === "number" && value.command ? (value as Pending) : null;
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
