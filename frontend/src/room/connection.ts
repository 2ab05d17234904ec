// Keeps one socket open, and opens another when it is gone: after a back-off with full jitter, or at once when the tab
// wakes or the network returns. Knows frames, but nothing of playlists.
import { encodeFrame, parseFrame, SUBPROTOCOL } from "../protocol/frames";
import type { ClientFrame, ServerFrame } from "../protocol/types";

export type Status =
  | { kind: "connecting" }
  | { kind: "open" }
  /** Waits from `since` to `retryAt`, then tries again (performance.now(), milliseconds). */
  | { kind: "waiting"; since: number; retryAt: number }
  | { kind: "offline" }
  | { kind: "ended"; reason: EndReason };

export type EndReason = "removed" | "missing" | "unknown";

export interface ConnectionEvents {
  /** The first frame on a new socket. */
  hello(): ClientFrame;
  /** Throws when the frame does not fit what is known: the connection starts over. */
  frame(frame: ServerFrame): void;
  status(status: Status): void;
  /** The page may have slept. */
  woke(): void;
  /** Whether the server can be reached, but not by sockets. */
  blocked(isBlocked: boolean): void;
}

/** The code of a socket that could not be opened, or that was cut. */
const NO_CLOSE_FRAME = 1006;

/** Close codes after which trying again is no use. */
const FINAL: Record<number, EndReason> = { 4401: "unknown", 4403: "removed", 4404: "missing" };

const CONNECT_MS = 10_000;
/** The server sends something every 15 s at least. */
const SILENCE_MS = 40_000;
/** A question is answered in this time, or something else arrives. */
const PROBE_MS = 4_000;
const BACKOFF_MS = 500;
const BACKOFF_LIMIT_MS = 10_000;
/** A device that plays the sound has few like it, and is out of step with the room until it hears again. */
const HURRIED_LIMIT_MS = 2_000;
/** After so many failures in a row plain HTTP is tried, too. */
const SUSPECT_AFTER = 3;

export class Connection {
  private socket: WebSocket | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private watchdog: ReturnType<typeof setTimeout> | null = null;
  private nextProbe: ReturnType<typeof setTimeout> | null = null;
  /** When the server was asked whether it is still there; null once it has answered. */
  private askedAt: number | null = null;
  private failures = 0;
  private backoffLimitMs = BACKOFF_LIMIT_MS;
  private announcedRetryMs: number | null = null;
  /** How many sockets have failed since one was greeted. */
  private failed = 0;
  /** Whether the server answered over plain HTTP after the last failure. */
  private isServerThere = false;
  /** No more sockets: stopped, or refused for good. */
  private over = false;

  constructor(
    private readonly url: string,
    private readonly events: ConnectionEvents,
    private readonly isReachable: () => Promise<boolean>,
    private readonly random: () => number = Math.random,
  ) {}

  start(): void {
    this.over = false;
    window.addEventListener("online", this.wake);
    window.addEventListener("offline", this.probe);
    document.addEventListener("visibilitychange", this.wake);
    window.addEventListener("pageshow", this.wake);
    this.connect();
  }

  stop(): void {
    this.over = true;
    window.removeEventListener("online", this.wake);
    window.removeEventListener("offline", this.probe);
    document.removeEventListener("visibilitychange", this.wake);
    window.removeEventListener("pageshow", this.wake);
    this.clearTimers();
    this.abandon();
  }

  /** Returns whether the frame went out. */
  send(frame: ClientFrame): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(encodeFrame(frame));
    return true;
  }

  /** Whether to try again more often while the server is away. A wait that has begun keeps its length. */
  hurry(isOn: boolean): void {
    this.backoffLimitMs = isOn ? HURRIED_LIMIT_MS : BACKOFF_LIMIT_MS;
  }

  private connect(): void {
    this.clearTimers();
    this.events.status({ kind: "connecting" });
    const socket = new WebSocket(this.url, [SUBPROTOCOL]);
    this.socket = socket;
    this.watch(CONNECT_MS);
    socket.onopen = () => {
      this.watch(SILENCE_MS);
      socket.send(encodeFrame(this.events.hello()));
    };
    socket.onmessage = ({ data }) => this.heard(data);
    socket.onclose = ({ code }) => this.closed(code);
  }

  private heard(data: unknown): void {
    // Until the answer is there, a frame may be one that was on its way before the line broke.
    this.watch(this.askedAt === null ? SILENCE_MS : PROBE_MS);
    const frame = parseFrame(data);
    if (frame === "unknown") return;
    try {
      if (frame === null) throw new Error("This is no frame");
      if (frame.type === "ping") this.send({ type: "pong", t: frame.t });
      if (frame.type === "going_away") this.announcedRetryMs = frame.retry_ms;
      if (frame.type === "welcome") this.greeted();
      if (frame.type === "time") this.answered(frame.t);
      this.events.frame(frame);
      // A socket that is greeted and then cut off counts as a failure.
      if (frame.type !== "welcome") this.failures = 0;
    } catch (error) {
      console.warn("Starting over:", error);
      this.abandon();
      this.later();
    }
  }

  private greeted(): void {
    this.failed = 0;
    this.isServerThere = false;
    this.events.blocked(false);
    this.events.status({ kind: "open" });
  }

  private closed(code: number): void {
    this.socket = null;
    const reason = FINAL[code];
    if (code === NO_CLOSE_FRAME) this.suspect();
    if (reason) this.end(reason);
    else this.later();
  }

  /**
   * A socket has failed. When plain HTTP works after one failure and after the next one, too, then the server was there
   * all the time, and something on the way lets no sockets pass.
   */
  private suspect(): void {
    this.failed += 1;
    if (this.failed < SUSPECT_AFTER) return;
    void this.isReachable().then((isThere) => {
      if (this.failed === 0) return;
      this.events.blocked(isThere && this.isServerThere);
      this.isServerThere = isThere;
    });
  }

  /** Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
  private later(): void {
    this.clearTimers();
    if (this.over) return;
    const limitMs = Math.min(this.backoffLimitMs, BACKOFF_MS * 2 ** this.failures);
    // Without a network there may still be a server: on this very machine.
    const waitMs = navigator.onLine ? (this.announcedRetryMs ?? this.random() * limitMs) : this.backoffLimitMs;
    this.failures += 1;
    this.announcedRetryMs = null;
    const since = performance.now();
    this.events.status(navigator.onLine ? { kind: "waiting", since, retryAt: since + waitMs } : { kind: "offline" });
    this.retry = setTimeout(() => this.connect(), waitMs);
  }

  /** The tab is visible again, or the network is back. */
  private readonly wake = (): void => {
    if (this.over || document.visibilityState === "hidden") return;
    if (this.socket === null) this.connect();
    else this.probe();
  };

  /** Ask for an answer: the socket may be dead without the browser's knowing. */
  private readonly probe = (): void => {
    this.events.woke();
    this.ask();
  };

  private ask(): void {
    if (this.nextProbe !== null) clearTimeout(this.nextProbe);
    const now = performance.now();
    if (!this.send({ type: "time", t: now })) return;
    this.askedAt = now;
    this.watch(PROBE_MS);
  }

  private answered(t: unknown): void {
    if (this.askedAt === null || typeof t !== "number" || t < this.askedAt) return;
    this.askedAt = null;
    this.watch(SILENCE_MS);
    // The network may have been on its way out, and the answer on its way in.
    if (!navigator.onLine) this.nextProbe = setTimeout(() => this.ask(), PROBE_MS);
  }

  /** Give up for good. */
  end(reason: EndReason): void {
    this.over = true;
    this.clearTimers();
    this.abandon();
    this.events.status({ kind: "ended", reason });
  }

  private watch(ms: number): void {
    if (this.watchdog !== null) clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      this.abandon();
      this.suspect();
      this.later();
    }, ms);
  }

  /** Drop the socket without waiting for it to close. */
  private abandon(): void {
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private clearTimers(): void {
    if (this.retry !== null) clearTimeout(this.retry);
    if (this.watchdog !== null) clearTimeout(this.watchdog);
    if (this.nextProbe !== null) clearTimeout(this.nextProbe);
    this.retry = this.watchdog = this.nextProbe = this.askedAt = null;
  }
}
