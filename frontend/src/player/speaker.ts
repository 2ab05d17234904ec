// This device plays the room's sound: the plan in, two engines out. It asks nobody what to play: it holds the plan, and
// goes on by it while the server is away.
import type { StoreApi } from "zustand/vanilla";
import type { Item } from "../protocol/types";
import type { Room } from "../room/room";
import { makeContext, type SpeakerView, type Trouble } from "./control";
import { keepDevice, gainOf, loudness } from "./device";
import { Elements } from "./elements";
import { fileOf, type Cue, type Engine, type EngineEvents, type Problem, type Times } from "./engine";
import { MediaKeys } from "./media-keys";
import { onOutputLost, WakeLock } from "./system";
import { hasSound, planOf, type Planned } from "./plan";
import { Windows } from "./windows";
import { pageStorage } from "../room/outbox";

const TICK_MS = 50;
/** What plays and the two songs after it: so long the server may be away. */
const HELD = 3;
/** People are leased for longer than this. */
const TELL_EVERY_MS = 15_000;
const LOG_EVERY_MS = 1_000;
/** A context that does not run in a hidden page leaves the sound to media elements. */
const STALLED_MS = 2_000;
const LITTLE_MEMORY_GB = 1;

export interface Engines {
  windows: Pick<Windows, "isRunning" | "setClicking" | "unlock"> & Engine | null;
  elements: Pick<Elements, "unlock"> & Engine;
}

export class Speaker {
  private readonly engines: Engines;
  private readonly wake = new WakeLock();
  private readonly keys: MediaKeys;
  private readonly undo: (() => void)[];
  /** Files that only media elements can play. */
  private readonly elsewhere = new Set<string>();
  private planned: readonly Planned<Item>[] = [];
  /** Which of the server's clocks the plan is told in. */
  private clockId: number | undefined;
  private isBehind = false;
  private readonly times: Times = {
    nowMs: () => this.room.clock.nowMs(this.clockId),
    localMs: (serverMs) => this.room.clock.localMs(serverMs, this.clockId),
  };
  private cues: readonly Cue[] = [];
  private isAllElsewhere = false;
  private ranAt: number;
  private tickedAt = -Infinity;
  private toldAt = -Infinity;
  private loggedAt = -Infinity;

  constructor(
    private readonly room: Room,
    private readonly store: StoreApi<SpeakerView>,
    context: AudioContext | null,
    makeEngines: (times: Times, context: AudioContext | null, events: EngineEvents) => Engines = enginesOf,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.ranAt = now();
    this.engines = makeEngines(this.times, context, {
      failed: (cue, problem) => this.failed(cue, problem),
      refused: () => this.trouble({ kind: "tap" }),
      interrupted: () => this.muteHere(),
      beat: () => {
        if (this.now() - this.tickedAt > TICK_MS) this.tick();
      },
      log,
    });
    this.keys = new MediaKeys(room, () => this.muteHere());
    const ticking = setInterval(() => this.tick(), TICK_MS);
    this.undo = [
      () => clearInterval(ticking),
      room.store.subscribe((view, before) => {
        if (view.confirmed !== before.confirmed || view.state !== before.state) this.follow();
        if (view.status !== before.status) this.tell();
      }),
      store.subscribe((view, before) => {
        if (view.device !== before.device || view.isClicking !== before.isClicking) this.adjust();
        if (view.device.name !== before.device.name) this.tell();
      }),
      onOutputLost(() => this.muteHere()),
    ];
    room.listenClosely(true);
    void this.wake.take();
    this.unlock();
    this.adjust();
    this.follow();
    store.setState({ state: "on" });
    this.tell();
    log("on", { engine: this.engines.windows ? "windows" : "elements", wants: this.cues.length });
  }

  close(): void {
    for (const undo of this.undo) undo();
    this.each((engine) => engine.close());
    this.keys.close();
    this.wake.release();
    this.room.listenClosely(false);
    this.room.tellSpeaker({ on: false });
    log("off", {});
  }

  /** Within a tap. */
  unlock(): void {
    this.engines.windows?.unlock();
    this.engines.elements.unlock();
    if (this.store.getState().trouble?.kind === "tap") this.trouble(null);
  }

  // ── What to play ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** The plan of what is committed: what is only asked for has no time yet, but a pause is a pause at once. */
  private follow(): void {
    const { confirmed, state } = this.room.store.getState();
    const isWanted = confirmed !== null && state?.playback.state === "playing";
    if (isWanted && !this.takeClock(confirmed.playback.clock)) return;
    this.planned = isWanted ? planOf(confirmed, this.times.nowMs(), true) : [];
    const heardFromMs = (confirmed?.playback.started_at_ms ?? 0) + 1000 * (confirmed?.playback.position_seconds ?? 0);
    this.cues = this.planned.slice(0, HELD).flatMap((entry) => {
      const isCurrent = entry.item.id === confirmed?.playback.item_id;
      const cue = cueOf(entry, isCurrent ? heardFromMs : entry.startsAtMs);
      return cue === null ? [] : [cue];
    });
    this.assign();
    this.adjust();
    this.explain();
  }

  /**
   * Tell times by the clock of the playback from now on. False while it was set and nothing is known of it yet: until then
   * what plays goes on by the one before.
   */
  private takeClock(id: number): boolean {
    const { clock } = this.room;
    this.isBehind = !clock.knows(id);
    if (this.isBehind || id === this.clockId) return !this.isBehind;
    const before = clock.nowMs(this.clockId);
    const isFirst = this.clockId === undefined;
    this.clockId = id;
    const ms = clock.nowMs(id) - before;
    if (!isFirst) this.each((engine) => engine.shift(ms));
    return true;
  }

  private assign(): void {
    const { windows, elements } = this.engines;
    const isForElements = (cue: Cue) => windows === null || this.isAllElsewhere || this.elsewhere.has(fileOf(cue));
    windows?.follow(this.cues.filter((cue) => !isForElements(cue)));
    elements.follow(this.cues.filter(isForElements));
  }

  private tick(): void {
    this.tickedAt = this.now();
    const first = this.planned[0];
    if (this.isBehind || (first && this.times.nowMs() >= first.endsAtMs)) this.follow();
    this.chooseEngine();
    this.each((engine) => engine.tick());
    const heard = this.engines.windows?.heard ?? this.engines.elements.heard;
    const before = this.store.getState().sounding;
    const isSame = before?.itemId === heard?.cue.itemId && before?.startsAtMs === heard?.cue.startsAtMs;
    if (!isSame) {
      const sounding = heard && { itemId: heard.cue.itemId, startsAtMs: heard.cue.startsAtMs };
      this.store.setState({ sounding });
      if (sounding) this.sounds(sounding.itemId);
      log("sounds", { item: sounding?.itemId ?? null, starts_at_ms: sounding?.startsAtMs ?? null });
    }
    const now = this.now();
    if (!isSame || now - this.toldAt > TELL_EVERY_MS) this.tell();
    if (heard && now - this.loggedAt > LOG_EVERY_MS) {
      this.loggedAt = now;
      log("heard", { item: heard.cue.itemId, late_ms: heard.lateMs, pace: heard.pace });
    }
    this.keys.show(this.planned[0] ?? null);
  }

  /** In a page that is hidden some systems let a context stand still; media elements go on. */
  private chooseEngine(): void {
    const { windows } = this.engines;
    if (windows === null) return;
    if (windows.isRunning || !document.hidden) this.ranAt = this.now();
    const isAllElsewhere = this.now() - this.ranAt > STALLED_MS;
    if (isAllElsewhere === this.isAllElsewhere) return;
    this.isAllElsewhere = isAllElsewhere;
    log("engine", { name: isAllElsewhere ? "elements" : "windows" });
    this.assign();
  }

  // ── How it sounds ──────────────────────────────────────────────────────────────────────────────────────────────────

  private adjust(): void {
    const { device, isClicking } = this.store.getState();
    const room = this.room.store.getState().state?.playback.volume ?? 100;
    const level = device.isMuted ? 0 : loudness(room) * loudness(device.volume);
    this.each((engine) => {
      engine.setLevel(level);
      engine.setDelay(device.delayMs);
    });
    this.engines.windows?.setClicking(isClicking);
  }

  private each(act: (engine: Engine) => void): void {
    if (this.engines.windows) act(this.engines.windows);
    act(this.engines.elements);
  }

  /** The system has taken this device's sound away. That is its own affair: the room plays on. */
  private muteHere(): void {
    const device = { ...this.store.getState().device, isMuted: true };
    keepDevice(pageStorage(), device);
    this.store.setState({ device, trouble: { kind: "interrupted" } });
  }

  // ── What is told ───────────────────────────────────────────────────────────────────────────────────────────────────

  private failed(cue: Cue, problem: Problem | "elsewhere"): void {
    log("failed", { item: cue.itemId, problem });
    if (problem === "elsewhere") {
      this.elsewhere.add(fileOf(cue));
      this.assign();
    } else if (cue.itemId === this.planned[0]?.item.id) this.trouble({ kind: problem, title: this.planned[0].item.track.title });
  }

  /** What was wrong with a song is over with it; one without a file is passed over in five seconds. */
  private explain(): void {
    const current = this.planned[0]?.item.track;
    const { trouble } = this.store.getState();
    if (current && !hasSound(current)) this.trouble({ kind: current.missing ? "missing" : "silent", title: current.title });
    else if (trouble && "title" in trouble && trouble.title !== current?.title) this.trouble(null);
  }

  /** What kept it from sounding is over: the browser wanted no tap after all, a file is there again. */
  private sounds(itemId: string): void {
    const { trouble } = this.store.getState();
    const isOfSong = trouble !== null && "title" in trouble && itemId === this.planned[0]?.item.id;
    if (isOfSong || trouble?.kind === "tap") this.trouble(null);
  }

  private trouble(trouble: Trouble | null): void {
    const before = this.store.getState().trouble;
    if (JSON.stringify(before) !== JSON.stringify(trouble)) this.store.setState({ trouble });
  }

  private tell(): void {
    const { sounding, device } = this.store.getState();
    this.toldAt = this.now();
    const { you } = this.room.store.getState();
    this.room.tellSpeaker({
      on: true,
      ...(you !== null && you.id !== null && device.name !== "" && { name: device.name }),
      ...(sounding && { item_id: sounding.itemId, started_at_ms: sounding.startsAtMs }),
    });
  }
}

/** For whoever looks into the browser's console, and for what listens to browsers. */
function log(what: string, facts: Record<string, unknown>): void {
  console.debug("speaker", JSON.stringify({ what, at: performance.timeOrigin + performance.now(), ...facts }));
}

function enginesOf(times: Times, context: AudioContext | null, events: EngineEvents): Engines {
  const memory = "deviceMemory" in navigator ? Number(navigator.deviceMemory) : Infinity;
  const isSmall = memory <= LITTLE_MEMORY_GB;
  if (isSmall) void context?.close();
  const again = () => makeContext() ?? new AudioContext();
  return {
    windows: context === null || isSmall ? null : new Windows(context, again, times, events),
    elements: new Elements(times, events),
  };
}

function cueOf({ item, startsAtMs, endsAtMs }: Planned<Item>, heardFromMs: number): Cue | null {
  const { id, audio_url, audio_version, gain_db } = item.track;
  if (!hasSound(item.track) || audio_url === null || audio_version === null) return null;
  return {
    itemId: item.id,
    trackId: id,
    version: audio_version,
    url: audio_url,
    startsAtMs,
    heardFromMs: Math.max(startsAtMs, heardFromMs),
    endsAtMs,
    gain: gainOf(gain_db),
  };
}
