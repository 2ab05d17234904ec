// A room as this page has it: the confirmed state from the log, the commands that are pending on top of it, and the
// socket between. Everything that is drawn comes from `store`; everything that is asked goes through `run`.
import { createStore, type StoreApi } from "zustand/vanilla";
import { UnknownKind, type Command, type Item, type Limits, type Participant, type Refusal, type ServerFrame, type SnapshotPage, type Track, type You } from "../protocol/types";
import { ServerClock } from "./clock";
import { Connection, type Status } from "./connection";
import { newId } from "./ids";
import { Outbox, pageStorage, type Pending } from "./outbox";
import { Pace } from "./pace";
import { predict } from "./predict";
import { applyEvents, stateFromPages, type RoomState } from "./state";

/** A command that the server refused, for somebody to read. */
export interface Problem {
  readonly id: string;
  readonly command: Command;
  /** The song that it was about. */
  readonly title: string | null;
  readonly error: Refusal;
}

export interface View {
  readonly status: Status;
  readonly you: You | null;
  /** Confirmed and pending; null until the first snapshot. */
  readonly state: RoomState | null;
  /** Items that wait for an answer, by id. */
  readonly waiting: ReadonlySet<string>;
  /** Commands that wait for an answer. */
  readonly unanswered: number;
  readonly online: number;
  readonly people: readonly Participant[];
  readonly problems: readonly Problem[];
}

const FIRST: View = {
  status: { kind: "connecting" },
  you: null,
  state: null,
  waiting: new Set(),
  unanswered: 0,
  online: 0,
  people: [],
  problems: [],
};

const LOOK_EVERY_MS = 10_000;
const RETRY_MS = 1_000;
/** The server says nothing when it does not know what became of a command: then it is asked again. */
const UNKNOWN_AFTER_MS = 30_000;
/** What stands for a refusal when a command has waited too long to be sent. */
const EXPIRED: Refusal = { code: "EXPIRED", message: "This has waited too long to be sent.", details: {} };

export class Room {
  readonly store: StoreApi<View> = createStore<View>(() => FIRST);
  readonly clock = new ServerClock();
  private readonly outbox: Outbox;
  private readonly connection: Connection;
  private readonly pace = new Pace();
  private confirmed: RoomState | null = null;
  /** Something did not fit: what is confirmed is shown, but the next socket begins with a snapshot. */
  private isInDoubt = false;
  private votesRevision = -1;
  private pages: SnapshotPage[] = [];
  /** What was sent on this socket and has no answer: when, by op_id. */
  private inFlight = new Map<string, number>();
  private sending: ReturnType<typeof setTimeout> | null = null;
  private looking: ReturnType<typeof setInterval> | null = null;

  /** `isMember`: this page has joined, so who the server does not know has lost their session. */
  constructor(
    readonly slug: string,
    private readonly isMember: boolean,
    origin: string = location.origin,
  ) {
    this.outbox = new Outbox(slug, pageStorage());
    const url = `${origin.replace(/^http/, "ws")}/ws/playlists/${encodeURIComponent(slug)}`;
    this.connection = new Connection(url, {
      hello: () => this.hello(),
      frame: (frame) => this.heard(frame),
      status: (status) => this.store.setState({ status }),
      woke: () => this.clock.doubt(),
    });
  }

  start(): void {
    this.connection.start();
    this.looking = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  stop(): void {
    this.connection.stop();
    if (this.sending !== null) clearTimeout(this.sending);
    if (this.looking !== null) clearInterval(this.looking);
    this.sending = this.looking = null;
  }

  /** Do something: it shows at once, is kept until it is answered, and has one effect. */
  run(command: Command, shown: { track?: Track; item?: Item } = {}): void {
    const { you, state } = this.store.getState();
    const title = (shown.track ?? shown.item?.track ?? trackOf(command, state))?.title;
    this.outbox.add({
      op_id: newId(),
      command,
      at_ms: this.clock.nowMs(),
      ...(you && { user_id: you.id }),
      ...(title !== undefined && { title }),
      ...shown,
    });
    this.publish();
    this.sendPending();
  }

  dismiss(problem: Problem): void {
    this.store.setState(({ problems }) => ({ problems: problems.filter((other) => other !== problem) }));
  }

  // ── What comes in ──────────────────────────────────────────────────────────────────────────────────────────────────

  private hello() {
    this.pages = [];
    this.inFlight.clear();
    const known = this.confirmed;
    return known === null || this.isInDoubt
      ? { type: "hello" as const }
      : { type: "hello" as const, resume: { revision: known.revision, stamp: known.stamp } };
  }

  private heard(frame: ServerFrame): void {
    switch (frame.type) {
      case "welcome":
        this.welcomed(frame.you, frame.limits, frame.server_time_ms);
        return;
      case "snapshot":
        this.snapshot(frame);
        return;
      case "changes":
        this.changed(frame);
        return;
      case "my_votes":
        this.votesRevision = frame.revision;
        this.voted(frame.votes);
        return;
      case "ack":
        this.inFlight.delete(frame.op_id);
        this.outbox.acknowledge(frame.op_id, frame.revision);
        this.settle();
        this.sendPending();
        return;
      case "nack":
        this.refused(frame.op_id, frame.error, frame.retryable);
        return;
      case "presence":
        this.store.setState({ online: frame.online, people: frame.participants });
        return;
      case "time":
        if (typeof frame.t === "number") this.clock.heard(frame.t, frame.server_time_ms);
        return;
      case "error":
        console.warn("The server did not understand:", frame.error.message);
        return;
      case "ping":
      case "going_away":
        return; // the connection's business
      default:
        throw new UnknownKind(frame);
    }
  }

  private welcomed(you: You, limits: Limits, serverTimeMs: number): void {
    if (you.id === null && this.isMember) {
      this.connection.end("unknown");
      return;
    }
    this.pace.follow(limits);
    this.store.setState({ you });
    this.clock.seed(serverTimeMs);
    this.askTheTime();
    this.outbox.claim(you.id, serverTimeMs);
    for (const entry of this.outbox.takeExpired(you.id, serverTimeMs)) this.report(entry, EXPIRED);
    this.publish();
    this.sendPending();
  }

  /** All my votes. Those for songs that are not here now stay: a removal can be taken back, with its votes. */
  private voted(votes: Record<string, number>): void {
    const known = this.confirmed;
    if (known) {
      const away = Object.entries(known.myVotes).filter(([id]) => !known.items.has(id));
      this.confirmed = { ...known, myVotes: { ...Object.fromEntries(away), ...votes } };
    }
    this.publish();
  }

  private snapshot(page: SnapshotPage): void {
    this.pages = page.page === 1 ? [page] : [...this.pages, page];
    if (page.page < page.pages) return;
    const state = stateFromPages(this.pages);
    this.pages = [];
    if (state === null) throw new Error("A page of the snapshot is missing");
    // In another history what was committed is not to be waited for.
    if (page.reason === "history_changed" || page.reason === "cursor_ahead") this.outbox.forgetCommitted();
    this.confirmed = state;
    this.isInDoubt = false;
    this.votesRevision = state.revision;
    this.settle();
  }

  private changed(frame: Extract<ServerFrame, { type: "changes" }>): void {
    const known = this.confirmed;
    this.isInDoubt = true; // until it has worked
    if (known?.revision !== frame.from)
      throw new Error(`A change from ${frame.from} does not follow on ${known?.revision ?? "nothing"}`);
    this.confirmed = applyEvents(known, frame.events, frame.revision, frame.stamp);
    this.isInDoubt = false;
    // The log may be faster than the answer, and says as much.
    for (const { op_id } of frame.events) if (op_id !== undefined && this.outbox.find(op_id)) this.outbox.acknowledge(op_id, frame.revision);
    this.settle();
  }

  /** What the log has told needs no guess any more. My own vote is told separately, maybe a moment later. */
  private settle(): void {
    const known = this.confirmed;
    if (known === null) return;
    for (const { command, revision } of this.outbox.settle(known.revision)) {
      if (command.command !== "track.vote" || this.votesRevision >= (revision ?? 0)) continue;
      const value = { up: 1, down: -1, none: 0 }[command.direction];
      this.confirmed = { ...known, myVotes: { ...this.confirmed?.myVotes, [command.id]: value } };
    }
    this.publish();
  }

  private refused(op_id: string, error: Refusal, retryable: boolean): void {
    this.inFlight.delete(op_id);
    if (retryable) {
      this.sendLater(RETRY_MS);
      return;
    }
    const entry = this.outbox.find(op_id);
    this.outbox.drop(op_id);
    if (entry) this.report(entry, error);
    this.publish();
    this.sendPending();
  }

  private report({ op_id, command, title }: Pending, error: Refusal): void {
    const problem = { id: op_id, command, title: title ?? null, error };
    this.store.setState(({ problems }) => ({ problems: [...problems, problem] }));
  }

  // ── What goes out ──────────────────────────────────────────────────────────────────────────────────────────────────

  private sendPending(): void {
    const you = this.store.getState().you;
    if (you === null || this.sending !== null) return;
    const busy = new Set<string>();
    for (const entry of this.outbox.unanswered(you.id)) {
      // One after the other where they concern the same: an earlier one may have to be repeated.
      const concerns = concernsOf(entry);
      const mustWait = concerns.some((what) => busy.has(what));
      for (const what of concerns) busy.add(what);
      if (mustWait || this.inFlight.has(entry.op_id)) continue;
      const waitMs = this.pace.take(this.inFlight.size);
      if (waitMs > 0) {
        this.sendLater(waitMs);
        return;
      }
      if (!this.connection.send({ type: "command", op_id: entry.op_id, ...entry.command })) return;
      this.inFlight.set(entry.op_id, performance.now());
    }
  }

  private sendLater(ms: number): void {
    this.sending ??= setTimeout(() => {
      this.sending = null;
      this.sendPending();
    }, ms);
  }

  private look(): void {
    this.askTheTime();
    const longAgo = performance.now() - UNKNOWN_AFTER_MS;
    for (const [op_id, sentAt] of this.inFlight) if (sentAt < longAgo) this.inFlight.delete(op_id);
    this.sendPending();
  }

  private askTheTime(): void {
    this.connection.send({ type: "time", t: performance.now() });
  }

  private publish(): void {
    const you = this.store.getState().you;
    const pending = this.outbox.pending(you?.id ?? null);
    const unanswered = pending.filter((entry) => entry.revision === undefined);
    this.store.setState({
      state: this.confirmed && predict(this.confirmed, pending, you?.name ?? ""),
      waiting: new Set(unanswered.flatMap(({ command }) => ("id" in command ? [command.id] : []))),
      unanswered: unanswered.length,
    });
  }
}

/** The track of the item that a command names, or expects to be current. */
function trackOf(command: Command, state: RoomState | null): Track | undefined {
  const named = "id" in command ? command.id : "item_id" in command ? command.item_id : undefined;
  const expected = "expect_item_id" in command ? command.expect_item_id : undefined;
  return state?.items.get(named ?? expected ?? "")?.track;
}

/** What a command is about: items, or what plays, or the room. */
function concernsOf({ command }: Pending): string[] {
  if (!command.command.startsWith("track.")) return [command.command.split(".")[0] ?? ""];
  const ids = [..."id" in command ? [command.id] : [], ..."after" in command ? [command.after] : []];
  return ids.filter((id) => typeof id === "string");
}
