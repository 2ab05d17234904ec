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

const CLOCK_EVERY_MS = 60_000;
const RETRY_MS = 1_000;

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
  /** What was sent on this socket and has no answer. */
  private inFlight = new Set<string>();
  private sending: ReturnType<typeof setTimeout> | null = null;
  private measuring: ReturnType<typeof setInterval> | null = null;

  constructor(
    readonly slug: string,
    origin: string = location.origin,
  ) {
    this.outbox = new Outbox(slug, pageStorage(), Date.now());
    const url = `${origin.replace(/^http/, "ws")}/ws/playlists/${encodeURIComponent(slug)}`;
    this.connection = new Connection(url, {
      hello: () => this.hello(),
      frame: (frame) => this.heard(frame),
      status: (status) => this.store.setState({ status }),
    });
  }

  start(): void {
    this.connection.start();
    this.measuring = setInterval(() => this.askTheTime(), CLOCK_EVERY_MS);
  }

  stop(): void {
    this.connection.stop();
    if (this.sending !== null) clearTimeout(this.sending);
    if (this.measuring !== null) clearInterval(this.measuring);
  }

  /** Do something: it shows at once, is kept until it is answered, and has one effect. */
  run(command: Command, shown: { track?: Track; item?: Item } = {}): void {
    const user_id = this.store.getState().you?.id ?? null;
    this.outbox.add({ op_id: newId(), command, at_ms: this.clock.nowMs(), user_id, ...shown });
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
        this.welcomed(frame.you, frame.limits);
        return;
      case "snapshot":
        this.snapshot(frame);
        return;
      case "changes":
        this.changed(frame);
        return;
      case "my_votes":
        this.votesRevision = frame.revision;
        if (this.confirmed) this.confirmed = { ...this.confirmed, myVotes: frame.votes };
        this.publish();
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

  private welcomed(you: You, limits: Limits): void {
    this.pace.follow(limits);
    this.store.setState({ you });
    this.clock.forget();
    this.askTheTime();
    this.sendPending();
  }

  private snapshot(page: SnapshotPage): void {
    this.pages = page.page === 1 ? [page] : [...this.pages, page];
    if (page.page < page.pages) return;
    const state = stateFromPages(this.pages);
    this.pages = [];
    if (state === null) throw new Error("A page of the snapshot is missing");
    // In another history what was committed is not to be waited for.
    if (page.reason === "history_changed" || page.reason === "cursor_ahead")
      for (const entry of this.outbox.pending) if (entry.revision !== undefined) this.outbox.drop(entry.op_id);
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
    if (entry) {
      const problem = { id: op_id, command: entry.command, error };
      this.store.setState(({ problems }) => ({ problems: [...problems, problem].slice(-3) }));
    }
    this.publish();
    this.sendPending();
  }

  // ── What goes out ──────────────────────────────────────────────────────────────────────────────────────────────────

  private sendPending(): void {
    const you = this.store.getState().you;
    if (you === null || this.sending !== null) return;
    for (const entry of this.outbox.unanswered(you.id)) {
      if (this.inFlight.has(entry.op_id)) continue;
      const waitMs = this.pace.take(this.inFlight.size);
      if (waitMs > 0) {
        this.sendLater(waitMs);
        return;
      }
      if (!this.connection.send({ type: "command", op_id: entry.op_id, ...entry.command })) return;
      this.inFlight.add(entry.op_id);
    }
  }

  private sendLater(ms: number): void {
    this.sending ??= setTimeout(() => {
      this.sending = null;
      this.sendPending();
    }, ms);
  }

  private askTheTime(): void {
    this.connection.send({ type: "time", t: performance.now() });
  }

  private publish(): void {
    const you = this.store.getState().you;
    const pending = this.outbox.pending;
    const unanswered = pending.filter((entry) => entry.revision === undefined);
    this.store.setState({
      state: this.confirmed && predict(this.confirmed, pending, you?.name ?? ""),
      waiting: new Set(unanswered.flatMap(itemOf)),
      unanswered: unanswered.length,
    });
  }
}

/** The item that a command is about. */
function itemOf({ command }: Pending): string[] {
  return "id" in command ? [command.id] : [];
}
