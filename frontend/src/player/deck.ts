// One media element: loaded, put on its mark, started at its instant, kept on time.
import { fileOf, type Cue, type EngineEvents, type Times } from "./engine";
import { ELEMENT_PACE, ElementPace } from "./sync";

/** As much of an HTMLAudioElement as a deck uses. */
export interface Media {
  src: string;
  preload: string;
  currentTime: number;
  playbackRate: number;
  preservesPitch: boolean;
  volume: number;
  readonly paused: boolean;
  readonly ended: boolean;
  readonly seeking: boolean;
  readonly readyState: number;
  readonly error: unknown;
  play(): Promise<void>;
  pause(): void;
  load(): void;
  addEventListener(kind: string, listener: () => void): void;
}

const HAVE_METADATA = 1;
const HAVE_FUTURE_DATA = 3;
/** From the decision to start to the start: time to seek there and to fetch. */
const AIM_MS = 400;
const AIM_LIMIT_MS = 4_000;
/** From play() to the first sample, before it was measured. */
const START_LATENCY_MS = 60;
const LATENCY_LIMIT_MS = 250;
const MEASURE_AFTER_MS = 350;
/** A song whose time has changed by less is steered there. */
const MOVED_MS = 25;
const RETRY_MS = 1_500;

type Phase = "idle" | "aiming" | "waiting" | "playing";

export class Deck {
  cue: Cue | null = null;
  delayMs = 0;
  private phase: Phase = "idle";
  private level = 1;
  private targetMs = 0;
  private aimMs = AIM_MS;
  private isAimed = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private startedAt = 0;
  private startLatencyMs = START_LATENCY_MS;
  private isMeasured = true;
  private retryAt = 0;
  private lateMs = 0;
  private readonly pace = new ElementPace();

  constructor(
    private readonly media: Media,
    private readonly times: Times,
    private readonly events: EngineEvents,
    private readonly now: () => number,
    private readonly head: (url: string) => Promise<Response> = (url) => fetch(url, { method: "HEAD" }),
  ) {
    media.preload = "auto";
    // With it, Chromium ignores small changes of pace, and makes lumps of larger ones.
    media.preservesPitch = false;
    media.addEventListener("error", () => void this.failed());
    media.addEventListener("pause", () => this.paused());
  }

  holds(cue: Cue): boolean {
    return this.cue !== null && this.cue.itemId === cue.itemId && fileOf(this.cue) === fileOf(cue);
  }

  isNeeded(cues: readonly Cue[]): boolean {
    const now = this.times.nowMs();
    return this.cue !== null && now < this.cue.endsAtMs && cues.some((cue) => this.holds(cue));
  }

  get heard() {
    if (this.phase !== "playing" || this.cue === null || this.media.paused) return null;
    return { cue: this.cue, lateMs: this.lateMs, pace: this.media.playbackRate };
  }

  setLevel(level: number): void {
    this.level = level;
    this.media.volume = Math.min(1, level * (this.cue?.gain ?? 1));
  }

  unlock(): void {
    if (this.cue === null) this.media.load();
    else if (this.phase === "playing" && this.media.paused) this.stop();
  }

  load(cue: Cue): void {
    if (this.holds(cue)) return;
    this.stop();
    this.cue = cue;
    this.media.src = cue.url;
    this.media.load();
    this.setLevel(this.level);
  }

  /** The plan has changed: the same song may have another time. */
  follow(cue: Cue): void {
    const movedMs = this.cue === null ? 0 : Math.abs(this.cue.startsAtMs - cue.startsAtMs);
    this.cue = cue;
    if (movedMs < MOVED_MS || this.phase === "idle") return;
    this.pause();
  }

  /** Sound as the cue says, or go on doing so. `isAhead`: its beginning is yet to come. */
  play(cue: Cue, isAhead: boolean): void {
    this.load(cue);
    if (this.phase !== "idle" || this.now() < this.retryAt) return;
    this.isAimed = !isAhead || cue.heardFromMs > cue.startsAtMs;
    this.aimAt(isAhead ? cue.heardFromMs : this.times.nowMs() + this.aimMs);
  }

  stop(): void {
    this.pause();
    this.cue = null;
  }

  private pause(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.phase = "idle";
    if (!this.media.paused) this.media.pause();
  }

  tick(): void {
    const { cue, media } = this;
    if (cue === null) return;
    if (this.times.nowMs() >= cue.endsAtMs + 500) this.stop();
    else if (this.phase === "aiming") this.makeReady(cue);
    else if (this.phase === "playing" && !media.paused && !media.seeking) this.steer(cue);
  }

  /** Seek to what is to be heard at a moment of the server's clock, and begin at that moment. */
  private aimAt(targetMs: number): void {
    this.pause();
    this.phase = "aiming";
    this.targetMs = targetMs;
    this.makeReady(this.cue);
  }

  private makeReady(cue: Cue | null): void {
    const { media } = this;
    if (cue === null || media.readyState < HAVE_METADATA || media.seeking) return;
    const position = Math.max(0, this.targetMs + this.delayMs - cue.startsAtMs) / 1000;
    if (Math.abs(media.currentTime - position) > 0.0005) {
      media.currentTime = position;
      return; // until it is there
    }
    if (media.readyState < HAVE_FUTURE_DATA) return;
    const waitMs = this.times.localMs(this.targetMs) - this.startLatencyMs - this.now();
    if (waitMs < -5) {
      // That took longer than thought: aim further ahead.
      this.aimMs = Math.min(AIM_LIMIT_MS, this.aimMs - waitMs + 100);
      this.aimAt(this.times.nowMs() + this.aimMs);
      return;
    }
    this.phase = "waiting";
    this.timer = setTimeout(() => this.go(), Math.max(0, waitMs));
  }

  private go(): void {
    this.timer = null;
    this.phase = "playing";
    this.startedAt = this.now();
    this.isMeasured = false;
    this.aimMs = AIM_MS;
    this.media.playbackRate = ELEMENT_PACE;
    this.pace.started(this.startedAt, this.isAimed);
    this.media.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") this.events.refused();
      this.phase = "idle";
      this.retryAt = this.now() + RETRY_MS;
    });
  }

  private steer(cue: Cue): void {
    const now = this.now();
    const age = now - this.startedAt;
    if (age < 150) return;
    this.lateMs = this.times.nowMs() + this.delayMs - cue.startsAtMs - this.media.currentTime * 1000;
    const verdict = this.pace.judge(this.lateMs, now);
    if (!this.isMeasured && age > MEASURE_AFTER_MS) {
      this.isMeasured = true;
      const learnt = this.startLatencyMs + 0.5 * this.lateMs;
      this.startLatencyMs = Math.max(-LATENCY_LIMIT_MS, Math.min(LATENCY_LIMIT_MS, learnt));
    }
    if (verdict === "restart") {
      this.events.log("seek", { late_ms: this.lateMs });
      this.isAimed = true;
      this.aimAt(this.times.nowMs() + this.aimMs);
    } else if (verdict !== null) this.media.playbackRate = verdict;
  }

  /** A pause that nobody here has asked for. */
  private paused(): void {
    if (this.phase !== "playing" || this.media.ended || !this.media.paused) return;
    this.phase = "idle";
    this.events.interrupted();
  }

  private async failed(): Promise<void> {
    const { cue } = this;
    if (cue === null || this.media.error === null) return;
    this.stop();
    this.retryAt = this.now() + RETRY_MS;
    const status = await this.head(cue.url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 0 || status >= 500) return; // the server is away: again
    const isForbidden = status === 401 || status === 403;
    this.events.failed(cue, isForbidden ? "forbidden" : status === 404 ? "missing" : "broken");
  }
}
