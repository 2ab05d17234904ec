// The engine that keeps time to the tenth of a millisecond: pieces of a second, put on the AudioContext's clock ahead of
// their time. Nothing has to be on time for them to be: a tick a second is enough.
import { Beat } from "./beat";
import { Clicks } from "./clicks";
import { fileOf, shifted, type Cue, type Engine, type EngineEvents, type Times } from "./engine";
import { OutputClock } from "./output";
import { indexAt, Pieces, WINDOW_MS, type Piece, type Want } from "./pieces";
import { paceOfPiece, Restarts } from "./sync";
import { Watchdog } from "./watchdog";

const PIECE_MS = 1_000;
const AHEAD_MS = 2_500;
/** The first piece needs so long from here into the loudspeaker's queue. */
const START_MS = 150;
const RESTART_IN_MS = 30;
/** A rest of a second that is not worth a piece of its own. */
const SLIVER_MS = 20;
/** Less than the plan can tell. */
const PART_MS = 1;
/** What sounds until so soon ends by itself: the log may tell of a change of songs before the last samples are out. */
const LET_END_MS = 50;
/** Plans that differ by less are the same plan. */
const SAME_MS = 20;
const DECODE_AHEAD_MS = 12_000;
/** So long the server may be away: three songs, and no more of a set that lasts for hours, which a phone has to hold. */
const FETCH_AHEAD_MS = 900_000;
const FADE_S = 0.012;

interface Queued {
  readonly cue: Cue;
  readonly fromMs: number;
  readonly toMs: number;
  readonly contextS: number;
  readonly pace: number;
  /** Null for a piece of silence. */
  readonly source: AudioBufferSourceNode | null;
  readonly run: GainNode;
}

export class Windows implements Engine {
  private cues: readonly Cue[] = [];
  private queued: Queued[] = [];
  /** Where the next piece goes: on the server's clock, and behind which place of the context's. */
  private head: { serverMs: number; contextS: number | null } | null = null;
  /** What sounds without a break goes through one node, which fades in and out. */
  private run: GainNode | null = null;
  private master: GainNode;
  private output: OutputClock;
  private level = 1;
  private delayMs = 0;
  private readonly pieces: Pieces;
  private readonly restarts = new Restarts();
  private readonly watchdog: Watchdog;
  private clicks: Clicks;
  private beat: Beat;

  constructor(
    private context: AudioContext,
    private readonly makeContext: () => AudioContext,
    private readonly times: Times,
    private readonly events: EngineEvents,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.pieces = new Pieces((bytes) => this.context.decodeAudioData(bytes), events, now);
    this.watchdog = new Watchdog(now);
    [this.master, this.output, this.clicks, this.beat] = this.wire();
  }

  follow(cues: readonly Cue[]): void {
    this.cues = cues;
    const now = this.times.nowMs();
    const first = this.queued.findIndex((piece) => piece.toMs > now + LET_END_MS && !cues.some((cue) => isOf(piece, cue)));
    if (first >= 0) this.cutFrom(first);
    this.beat.start();
  }

  shift(ms: number): void {
    this.cues = this.cues.map((cue) => shifted(cue, ms));
    this.queued = this.queued.map((piece) => ({ ...piece, cue: shifted(piece.cue, ms), fromMs: piece.fromMs + ms, toMs: piece.toMs + ms }));
    if (this.head) this.head = { ...this.head, serverMs: this.head.serverMs + ms };
  }

  setLevel(level: number): void {
    this.level = level;
    this.master.gain.setTargetAtTime(level, this.context.currentTime, 0.03);
  }

  setDelay(ms: number): void {
    this.delayMs = ms;
  }

  /** A click at each full second of the server's clock, to compare devices by. */
  setClicking(isOn: boolean): void {
    this.clicks.isOn = isOn;
  }

  get heard() {
    const now = this.times.nowMs();
    const piece = this.queued.find(({ fromMs, toMs }) => fromMs <= now && now < toMs);
    const wanted = this.placeOf(now);
    if (!piece?.source || wanted === null) return null;
    const place = piece.contextS + (now - piece.fromMs) / 1000 / piece.pace;
    return { cue: piece.cue, lateMs: (place - wanted) * 1000, pace: piece.pace };
  }

  get isRunning(): boolean {
    return this.context.state === "running";
  }

  /** Within a tap: the browser may have been waiting for one. */
  unlock(): void {
    void this.context.resume().catch(() => undefined);
  }

  tick(): void {
    const isNeeded = this.cues.length > 0 || this.clicks.isOn;
    const verdict = this.watchdog.look(this.context, isNeeded);
    if (verdict === "resume") this.resume();
    if (verdict === "replace") this.replace();
    this.output.look();
    const now = this.times.nowMs();
    this.queued = this.queued.filter((piece) => piece.toMs > now - PIECE_MS);
    this.pieces.want(this.wants(now));
    if (this.output.offsetMs === null) return;
    this.fill(now);
    this.clicks.fill(now, (serverMs) => this.placeOf(serverMs));
  }

  close(): void {
    this.cutFrom(0);
    this.cues = [];
    this.clicks.isOn = false;
    const { context } = this;
    // After the fade.
    setTimeout(() => void context.close().catch(() => undefined), 100);
  }

  private wire(): [GainNode, OutputClock, Clicks, Beat] {
    const master = this.context.createGain();
    master.gain.value = this.level;
    master.connect(this.context.destination);
    const beat = new Beat(this.context, () => this.cues.length > 0, () => this.events.beat());
    return [master, new OutputClock(this.context, this.now), new Clicks(this.context, master), beat];
  }

  private resume(): void {
    this.context.resume().catch(() => undefined);
    if (this.context.state === "suspended") this.events.refused();
  }

  /** The context's clock stands still: a new one may run. */
  private replace(): void {
    this.events.log("context replaced", { state: this.context.state, at: this.context.currentTime });
    void this.context.close().catch(() => undefined);
    this.context = this.makeContext();
    const { isOn } = this.clicks;
    [this.master, this.output, this.clicks, this.beat] = this.wire();
    this.clicks.isOn = isOn;
    this.beat.start();
    this.queued = [];
    this.head = this.run = null;
  }

  /** The context's time at which something must be put out to be heard at a moment of the server's clock. */
  private placeOf(serverMs: number): number | null {
    return this.output.contextTimeAt(this.times.localMs(serverMs) - this.delayMs);
  }

  private wants(now: number): Want[] {
    return this.cues.flatMap((cue) => {
      const first = indexAt(Math.max(0, now - cue.startsAtMs, cue.heardFromMs - cue.startsAtMs));
      const last = indexAt(Math.max(0, Math.min(cue.endsAtMs - 1, now + FETCH_AHEAD_MS) - cue.startsAtMs));
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, count) => ({
        cue,
        index: first + count,
        isSoon: cue.startsAtMs + (first + count) * WINDOW_MS < now + DECODE_AHEAD_MS,
      }));
    });
  }

  private fill(now: number): void {
    if (this.head !== null && this.head.serverMs < now + RESTART_IN_MS) this.head = null; // fell behind
    const { head } = this;
    if (head !== null && head.contextS !== null) {
      const place = this.placeOf(head.serverMs);
      const lateMs = place === null ? 0 : (head.contextS - place) * 1000;
      if (this.restarts.isDue(lateMs, this.now())) {
        this.events.log("restart", { late_ms: lateMs });
        this.cutFrom(0);
        this.head = { serverMs: now + this.leadMs(now) + RESTART_IN_MS, contextS: null };
      }
    }
    while (this.putNext(now));
  }

  /** How far what is put out right now is ahead of what is heard. */
  private leadMs(now: number): number {
    return Math.max(0, (this.context.currentTime - (this.placeOf(now) ?? this.context.currentTime)) * 1000);
  }

  /** Returns whether another one may follow. */
  private putNext(now: number): boolean {
    const head = this.head ?? { serverMs: now + Math.max(START_MS, this.leadMs(now) + RESTART_IN_MS), contextS: null };
    if (head.serverMs > now + AHEAD_MS) return false;
    const cue = this.cues.find(({ endsAtMs }) => endsAtMs > head.serverMs + PART_MS);
    if (cue === undefined) return false;
    if (cue.heardFromMs > head.serverMs + PART_MS) {
      // Silence until then.
      if (cue.heardFromMs > now + AHEAD_MS) return false;
      this.head = { serverMs: cue.heardFromMs, contextS: null };
      return true;
    }
    const serverMs = Math.max(head.serverMs, cue.heardFromMs);
    const positionMs = serverMs - cue.startsAtMs;
    const piece = this.pieces.at(cue, positionMs);
    const wanted = this.placeOf(serverMs);
    if (piece === null || wanted === null) return false;
    const second = Math.floor((positionMs + SLIVER_MS) / PIECE_MS) * PIECE_MS + PIECE_MS;
    const plannedMs = Math.min(second - positionMs, cue.endsAtMs - serverMs);
    const restMs = piece.toMs - positionMs;
    // The plan counts in whole ms, and a file ends with a part of one: what follows may be the same concert.
    const lengthMs = restMs < plannedMs + PART_MS ? restMs : plannedMs;
    const place = this.onFrame(head.contextS ?? wanted);
    if (place < this.context.currentTime + 0.003) {
      this.head = null;
      return false;
    }
    const pace = head.contextS === null ? 1 : paceOfPiece((head.contextS - wanted) * 1000, lengthMs);
    this.put(cue, piece, { positionMs, lengthMs, place, pace, isFirst: head.contextS === null, serverMs });
    this.head = { serverMs: Math.min(serverMs + lengthMs, cue.endsAtMs), contextS: place + lengthMs / 1000 / pace };
    return true;
  }

  private put(cue: Cue, piece: Piece, at: Placement): void {
    if (at.isFirst || this.run === null) this.run = this.newRun(at.place);
    const queued = { cue, fromMs: at.serverMs, toMs: at.serverMs + at.lengthMs, contextS: at.place, pace: at.pace, run: this.run };
    if (piece.buffer === null) {
      this.queued.push({ ...queued, source: null });
      return;
    }
    const source = this.context.createBufferSource();
    const gain = this.context.createGain();
    gain.gain.value = cue.gain;
    source.buffer = piece.buffer;
    source.playbackRate.value = at.pace;
    source.connect(gain).connect(this.run);
    const { sampleRate } = piece.buffer;
    const offset = Math.round(Math.max(0, piece.offsetS + (at.positionMs - piece.fromMs) / 1000) * sampleRate) / sampleRate;
    source.start(at.place, offset, at.lengthMs / 1000);
    source.onended = () => gain.disconnect();
    this.queued.push({ ...queued, source });
  }

  private newRun(place: number): GainNode {
    const run = this.context.createGain();
    run.gain.setValueAtTime(0, place);
    run.gain.linearRampToValueAtTime(1, place + FADE_S);
    run.connect(this.master);
    return run;
  }

  /** Take back what is queued from here on, fading out what sounds. */
  private cutFrom(first: number): void {
    const now = this.context.currentTime;
    const cut = this.queued.slice(first);
    this.queued = this.queued.slice(0, first);
    const [next] = cut;
    const sounds = next === undefined || next.contextS < now + FADE_S;
    this.head = sounds ? null : { serverMs: next.fromMs, contextS: next.contextS };
    if (sounds && this.run !== null) {
      this.run.gain.cancelScheduledValues(now);
      this.run.gain.setTargetAtTime(0, now, FADE_S / 3);
      this.run = null;
    }
    for (const { source, contextS } of cut) source?.stop(contextS > now + FADE_S ? 0 : now + 2 * FADE_S);
  }

  private onFrame(contextS: number): number {
    const { sampleRate } = this.context;
    return Math.round(contextS * sampleRate) / sampleRate;
  }
}

interface Placement {
  positionMs: number;
  lengthMs: number;
  /** Seconds on the context's clock. */
  place: number;
  pace: number;
  isFirst: boolean;
  serverMs: number;
}

/** Whether a piece is still what its stretch of a plan says. */
const isOf = (piece: Queued, cue: Cue) =>
  cue.itemId === piece.cue.itemId &&
  fileOf(cue) === fileOf(piece.cue) &&
  Math.abs(cue.startsAtMs - piece.cue.startsAtMs) < SAME_MS &&
  piece.fromMs > cue.heardFromMs - SAME_MS &&
  piece.toMs < cue.endsAtMs + SAME_MS;
