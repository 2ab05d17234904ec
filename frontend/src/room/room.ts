// A room as this page has it: the confirmed state from the log, the pending commands on top of it, and the socket. Views
// draw `store` and act through `run`.
import { createStore, type StoreApi } from "zustand/vanilla";
import {
  UnknownKind,
  type Command,
  type Item,
  type Limits,
  type Refusal,
  type ServerFrame,
  type SnapshotPage,
  type SpeakerFrame,
  type Track,
  type You,
} from "../protocol/types";
import { ServerClock } from "./clock";
import { isServerReachable } from "../protocol/rest";
import { Boosts } from "./boosts";
import { Connection, type ConnectionEvents, type Status } from "./connection";
import { newId } from "./ids";
import { itemsOf, Outbox, pageStorage, type Pending } from "./outbox";
import { Lag } from "./lag";
import { presenceTold, roleChanged } from "./people";
import { Probes } from "./probes";
import { Sender } from "./sender";
import { applyEvents, stateFromPages, trackOf, type RoomState } from "./state";
import { FIRST, type Problem, type View } from "./view";

const NOBODY = { name: null, adder: null };

type SkipTo = "next" | "previous";

/** The default interval of a double click on Windows and most desktops. */
const DOUBLE_CLICK_MS = 500;
const LOOK_EVERY_MS = 10_000;
/** Stands for the server's refusal when a command has become too old to send. */
const EXPIRED: Refusal = { code: "EXPIRED", message: "This has waited too long to be sent.", details: {} };

export class Room {
  readonly store: StoreApi<View> = createStore<View>(() => FIRST);
  readonly clock = new ServerClock();
  readonly boosts: Boosts;
  private readonly outbox: Outbox;
  private readonly connection: Connection;
  private readonly sender: Sender;
  private readonly lag = new Lag(() => this.clock.nowMs(), () => this.publish());
  private readonly probes = new Probes(this.clock, () => this.connection.send({ type: "time", t: performance.now() }));
  private confirmed: RoomState | null = null;
  /** A frame did not fit. The confirmed state stays on show, but the next socket begins with a snapshot. */
  private isInDoubt = false;
  private votesRevision = -1;
  /** The last press of Next or Previous, by this page's monotonic clock. */
  private skip: { to: SkipTo; at: number } | null = null;
  private pages: SnapshotPage[] = [];
  private looking: ReturnType<typeof setInterval> | null = null;

  /**
   * `isMember`: this page has joined, so being unknown to the server means a lost session. `isWall`: it only shows the
   * room, and counts as nobody who is here.
   */
  constructor(
    readonly slug: string,
    private readonly isMember: boolean,
    origin: string = location.origin,
    isWall = false,
  ) {
    this.outbox = new Outbox(slug, pageStorage());
    this.boosts = new Boosts(slug, pageStorage());
    const url = `${origin.replace(/^http/, "ws")}/ws/playlists/${encodeURIComponent(slug)}${isWall ? "?display" : ""}`;
    const events: ConnectionEvents = {
      hello: () => this.hello(),
      frame: (frame) => this.heard(frame),
      status: (status) => this.connected(status),
      woke: () => this.doubtTheClock(),
      blocked: (isBlocked) => this.store.setState({ isBlocked }),
    };
    this.connection = new Connection(url, events, isServerReachable);
    this.sender = new Sender(this.outbox, (frame) => this.connection.send(frame));
  }

  start(): void {
    this.connection.start();
    this.looking = setInterval(() => this.sender.look(), LOOK_EVERY_MS);
    this.probes.start();
  }

  stop(): void {
    this.connection.stop();
    this.sender.stop();
    this.probes.stop();
    if (this.looking !== null) clearInterval(this.looking);
    this.looking = null;
    this.lag.stop();
  }

  /** Give a command: it shows at once, is kept until it is answered, and has one effect. */
  run(command: Command, shown: { track?: Track; tracks?: readonly Track[]; item?: Item } = {}): void {
    const { you, state } = this.store.getState();
    const title = (shown.track ?? shown.item?.track ?? trackOf(command, state))?.title;
    const [op_id, at_ms] = [newId(), this.clock.nowMs()];
    if (command.command === "track.boost") this.boosts.add(op_id, at_ms);
    this.outbox.add({
      op_id,
      command,
      at_ms,
      ...(you && { user_id: you.id }),
      ...(title !== undefined && { title }),
      ...shown,
    });
    this.publish();
    this.sender.sendPending();
  }

  /** Go to the next or the previous song. The second press of a double click is the first one. */
  skipTo(to: SkipTo): void {
    const at = performance.now();
    if (this.skip?.to === to && at - this.skip.at < DOUBLE_CLICK_MS) return;
    this.skip = { to, at };
    this.run({ command: `playback.${to}`, ...this.expected() });
  }

  /**
   * The current item as this page shows it, to be named by every command about what plays: one that is meant for this
   * song is not done to the next, and two people who skip at once skip one song.
   */
  expected(): { expect_item_id: string | null } {
    return { expect_item_id: this.store.getState().state?.playback.item_id ?? null };
  }

  /** Whether milliseconds count: this device plays the sound. */
  listenClosely(isOn: boolean): void {
    this.probes.follow(isOn);
    this.connection.hurry(isOn);
  }

  /** What this device plays; it is told again by the speaker on every new socket. */
  tellSpeaker(frame: Omit<SpeakerFrame, "type">): void {
    this.connection.send({ type: "speaker", ...frame });
  }

  dismiss(problem: Problem): void {
    this.store.setState(({ problems }) => ({ problems: problems.filter((other) => other !== problem) }));
  }

  // ── Coming in ──────────────────────────────────────────────────────────────────────────────────────────────────────

  private connected(status: Status): void {
    this.store.setState({ status });
    if (status.kind !== "open") this.publish();
  }

  private hello() {
    this.pages = [];
    this.sender.restart();
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
        this.sender.answered(frame.op_id);
        this.outbox.acknowledge(frame.op_id, frame.revision);
        this.settle();
        this.sender.sendPending();
        return;
      case "nack":
        this.refused(frame.op_id, frame.error, frame.retryable);
        return;
      case "presence":
        this.store.setState(presenceTold(frame));
        return;
      case "time":
        this.toldTheTime(frame);
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
    this.sender.welcomed(you.id, limits);
    this.store.setState({ you });
    this.clock.seed(serverTimeMs);
    this.probes.start();
    this.outbox.claim(you.id, serverTimeMs);
    for (const entry of this.outbox.takeExpired(you.id, serverTimeMs)) this.report(entry, EXPIRED);
    this.publish();
    this.sender.sendPending();
  }

  /** All my votes. Those for absent songs stay: a removal can be undone, with its votes. */
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
    if (page.reason === "history_changed" || page.reason === "cursor_ahead") {
      this.outbox.forgetCommitted();
      this.store.setState(({ rewrites }) => ({ rewrites: rewrites + 1 }));
    }
    this.confirmed = state;
    this.isInDoubt = false;
    this.votesRevision = state.revision;
    this.settle();
  }

  private changed(frame: Extract<ServerFrame, { type: "changes" }>): void {
    const known = this.confirmed;
    this.isInDoubt = true; // until the events have been applied
    if (known?.revision !== frame.from)
      throw new Error(`A change from ${frame.from} does not follow on ${known?.revision ?? "nothing"}`);
    this.confirmed = applyEvents(known, frame.events, frame.revision, frame.stamp);
    this.isInDoubt = false;
    for (const event of frame.events) if (event.type === "participant.changed") this.store.setState(roleChanged(event.participant));
    // The log may come before the answer, and names the commands it holds.
    for (const { op_id } of frame.events) if (op_id !== undefined && this.outbox.find(op_id)) this.outbox.acknowledge(op_id, frame.revision);
    this.settle();
  }

  /** Commands in the log need no prediction any more. My own votes come separately, perhaps a moment later. */
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
    if (retryable) {
      this.sender.sendAgain(op_id);
      return;
    }
    this.sender.answered(op_id);
    const entry = this.outbox.find(op_id);
    this.outbox.drop(op_id);
    if (entry) this.report(entry, error);
    this.publish();
    this.sender.sendPending();
  }

  private report({ op_id, command, title }: Pending, error: Refusal): void {
    if (command.command === "track.boost") this.boosts.refused(op_id, error, this.confirmed?.playlist.rules.boosts_per_hour ?? 0);
    const problem = { id: op_id, command, title: title ?? null, error };
    this.store.setState(({ problems }) => ({ problems: [...problems, problem] }));
  }

  // ── Going out ──────────────────────────────────────────────────────────────────────────────────────────────────────

  private doubtTheClock(): void {
    this.clock.doubt();
    this.probes.hurry();
  }

  private toldTheTime({ t, server_time_ms, clock }: Extract<ServerFrame, { type: "time" }>): void {
    if (typeof t !== "number") return;
    this.clock.heard(t, server_time_ms, clock);
    this.probes.hurry();
  }

  private publish(): void {
    const { you, status, speakers } = this.store.getState();
    const line = { isAway: status.kind !== "open", isHeard: speakers.length > 0 };
    const pending = this.outbox.pending(you?.id ?? null);
    // Its times are of a clock that was set meanwhile.
    if (this.confirmed && !this.clock.knows(this.confirmed.playback.clock)) this.probes.start();
    const unanswered = pending.filter((entry) => entry.revision === undefined);
    this.store.setState({
      confirmed: this.confirmed,
      state: this.confirmed && this.lag.shown(this.confirmed, pending, you ?? NOBODY, line),
      waiting: new Set(unanswered.flatMap(({ command }) => itemsOf(command))),
      unanswered: unanswered.length,
    });
  }
}
