// This device as a speaker, as the page sees it: what is set, what sounds, what is wrong. What makes the sound is loaded
// when somebody asks for it first.
import { createStore, type StoreApi } from "zustand/vanilla";
import { pageStorage } from "../room/outbox";
import type { Room } from "../room/room";
import { keepDevice, readDevice, type Device } from "./device";
import type { Problem } from "./engine";
import type { Speaker } from "./speaker";

/** What keeps this device from sounding, to be said in words. */
export type Trouble =
  | { readonly kind: Problem | "silent"; readonly title: string }
  /** The browser wants a tap first. */
  | { readonly kind: "tap" }
  /** The system stopped the sound, so this device is muted. */
  | { readonly kind: "interrupted" }
  /** The player could not be loaded. */
  | { readonly kind: "unloaded" };

export interface Sounding {
  readonly itemId: string;
  readonly startsAtMs: number;
}

export interface SpeakerView {
  readonly state: "off" | "starting" | "on";
  readonly device: Device;
  readonly isClicking: boolean;
  readonly trouble: Trouble | null;
  readonly sounding: Sounding | null;
}

/** That of nearly all music: its windows are not resampled one by one, so nothing is to be heard where they meet. */
const SAMPLE_RATE = 44_100;

/** The context is made within the tap: Safari lets no other one sound. */
export function makeContext(): AudioContext | null {
  return "AudioContext" in window ? new AudioContext({ latencyHint: "playback", sampleRate: SAMPLE_RATE }) : null;
}

export class SpeakerControl {
  readonly store: StoreApi<SpeakerView>;
  private speaker: Speaker | null = null;
  /** Counts the times that this was turned on or off: what was loaded for an earlier one is not wanted any more. */
  private turn = 0;

  constructor(
    private readonly room: Room,
    private readonly load: () => Promise<typeof import("./speaker")> = () => import("./speaker"),
    private readonly storage: Storage | null = pageStorage(),
  ) {
    const device = readDevice(storage);
    this.store = createStore<SpeakerView>(() => ({ state: "off", device, isClicking: false, trouble: null, sounding: null }));
  }

  /** Within a tap. */
  async turnOn(): Promise<void> {
    if (this.store.getState().state !== "off") {
      this.speaker?.unlock();
      return;
    }
    const turn = ++this.turn;
    this.store.setState({ state: "starting", trouble: null });
    const context = makeContext();
    try {
      const { Speaker } = await this.load();
      if (turn === this.turn) this.speaker = new Speaker(this.room, this.store, context);
      else await context?.close();
    } catch {
      if (turn === this.turn) this.store.setState({ state: "off", trouble: { kind: "unloaded" } });
      await context?.close();
    }
  }

  turnOff(): void {
    this.turn += 1;
    this.speaker?.close();
    this.speaker = null;
    this.store.setState({ state: "off", isClicking: false, trouble: null, sounding: null });
  }

  /** The browser has what the player needs ready when it is asked for. */
  prepare(): void {
    void this.load().catch(() => undefined);
  }

  set(changes: Partial<Device>): void {
    const device = { ...this.store.getState().device, ...changes };
    keepDevice(this.storage, device);
    const { trouble } = this.store.getState();
    this.store.setState({ device, trouble: trouble?.kind === "interrupted" && !device.isMuted ? null : trouble });
    this.speaker?.unlock();
  }

  setClicking(isClicking: boolean): void {
    this.store.setState({ isClicking });
  }
}
