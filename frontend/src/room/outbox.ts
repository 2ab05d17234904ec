// Commands whose effect has not come back through the log yet. They stay in localStorage until the server has answered,
// so that they survive a reload; repeating one is safe, as its op_id has one effect. Their age is measured on the
// server's clock: the device's own may be wrong, and is often corrected just when the network returns.
import type { Command, Item, Track } from "../protocol/types";

export interface Pending {
  readonly op_id: string;
  readonly command: Command;
  /** When it was given, on the server's clock. Entries are in the order of these times, also after a reload. */
  readonly at_ms: number;
  /** The person who gave it, the only one to send or see it. Undefined until the server has said who that is. */
  readonly user_id?: number | null;
  /** Shown until the answer comes: the track of an add, the tracks of a tracks.add, the item of a restore. */
  readonly track?: Track;
  readonly tracks?: readonly Track[];
  readonly item?: Item;
  /** The title of its song, for a refusal to name: by then the song may be gone. */
  readonly title?: string;
  /** The revision of its commit. */
  readonly revision?: number;
}

/** The server remembers an op_id for 24 hours; a command that is older could have its effect twice. */
const KEPT_MS = 23 * 3600 * 1000;

/** Commands about songs set something of items by their ids: repeating them changes nothing. */
const isSafeAtAnyAge = ({ command }: Pending) => /^tracks?\./.test(command.command);

/** The ids of the items that a command makes or changes. */
export function itemsOf(command: Command): readonly string[] {
  if ("ids" in command) return command.ids ?? [];
  return "id" in command ? [command.id ?? []].flat() : [];
}

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

  /** The entries of one person, oldest first. */
  pending(user_id: number | null): Pending[] {
    return this.entries.filter((entry) => entry.user_id === undefined || entry.user_id === user_id);
  }

  /** Those of them that have had no answer. */
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
   * Assign the entries that were given before the first welcome. They have never been sent, and their time is this
   * device's, so they count as given now.
   */
  claim(user_id: number | null, now_ms: number): void {
    const unclaimed = this.entries.filter((entry) => entry.user_id === undefined);
    this.entries = this.entries.filter((entry) => entry.user_id !== undefined);
    for (const entry of unclaimed) this.add({ ...entry, at_ms: now_ms, user_id });
  }

  /** Remove and return the entries that are too old to send: the room has moved on, and a repetition might act twice. */
  takeExpired(user_id: number | null, now_ms: number): Pending[] {
    const isExpired = (entry: Pending) => !isSafeAtAnyAge(entry) && entry.at_ms <= now_ms - KEPT_MS;
    const expired = this.unanswered(user_id).filter(isExpired);
    for (const { op_id } of expired) this.drop(op_id);
    return expired;
  }

  find(op_id: string): Pending | undefined {
    return this.entries.find((entry) => entry.op_id === op_id);
  }

  /** Note a commit: the entry is shown until the log has caught up, but never sent again. */
  acknowledge(op_id: string, revision: number): void {
    this.forget(op_id);
    this.entries = this.entries.map((entry) => (entry.op_id === op_id ? { ...entry, revision } : entry));
  }

  /** The log has been replaced: commits of the old one will never come through. */
  forgetCommitted(): void {
    this.entries = this.entries.filter((entry) => entry.revision === undefined);
  }

  drop(op_id: string): void {
    this.forget(op_id);
    this.entries = this.entries.filter((entry) => entry.op_id !== op_id);
  }

  /** Remove and return the entries whose commit the log has reached. */
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
      return []; // this browser keeps nothing
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

/** The commands that this client can show; an entry that is damaged or of a newer client is left alone. */
const COMMANDS: Record<Command["command"], true> = {
  "track.add": true,
  "tracks.add": true,
  "track.remove": true,
  "track.restore": true,
  "log.undo": true,
  "track.move": true,
  "track.vote": true,
  "track.boost": true,
  "playback.play": true,
  "playback.pause": true,
  "playback.next": true,
  "playback.previous": true,
  "playback.seek": true,
  "playback.volume": true,
  "playback.skip": true,
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
