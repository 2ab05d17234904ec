// The lock screen and the media keys: what plays, where it is, pause, next, previous. They show only for pages that play
// a media element, so one plays silence.
import type { Item } from "../protocol/types";
import { rightsOf } from "../room/rights";
import type { Room } from "../room/room";
import type { Planned } from "./plan";
import silence from "./silence.mp3";
import { canSeeOutputs } from "./system";

const ACTIONS = ["play", "pause", "nexttrack", "previoustrack"] as const;
const COVERS = [96, 320, 640] as const;

export class MediaKeys {
  private readonly session: MediaSession | null = "mediaSession" in navigator ? navigator.mediaSession : null;
  private readonly silence: HTMLAudioElement | null;
  private shown = "";

  /** `muteHere`: what a pause does where it may mean no more than headphones that were pulled out. */
  constructor(
    private readonly room: Room,
    private readonly muteHere: () => void,
  ) {
    this.silence = this.session && new Audio(silence);
    if (this.silence === null || this.session === null) return;
    this.silence.loop = true;
    void this.silence.play().catch(() => undefined);
    this.session.setActionHandler("play", () => this.run("play"));
    this.session.setActionHandler("pause", () => this.pause());
    this.session.setActionHandler("nexttrack", () => this.run("next"));
    this.session.setActionHandler("previoustrack", () => this.run("previous"));
  }

  /** What plays now, to be called every tick. */
  show(current: Planned<Item> | null): void {
    if (this.session === null) return;
    const shown = JSON.stringify([current?.item.track, current?.startsAtMs]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.session.playbackState = current ? "playing" : "paused";
    this.session.metadata = current && metadataOf(current.item);
    if (current === null) return;
    const duration = current.item.track.duration_ms / 1000;
    const position = Math.max(0, Math.min(duration, (this.room.clock.nowMs() - current.startsAtMs) / 1000));
    this.session.setPositionState({ duration, position, playbackRate: 1 });
  }

  close(): void {
    this.silence?.pause();
    if (this.session === null) return;
    for (const action of ACTIONS) this.session.setActionHandler(action, null);
    this.session.metadata = null;
    this.session.playbackState = "none";
  }

  /** A phone pauses what plays when its headphones are pulled out, by the same action as its lock screen. */
  private pause(): void {
    if (canSeeOutputs() && !matchMedia("(pointer: coarse)").matches) this.run("pause");
    else this.muteHere();
  }

  private run(action: "play" | "pause" | "next" | "previous"): void {
    const { state, you } = this.room.store.getState();
    if (!rightsOf(state?.playlist, you).playback) return;
    if (action === "next" || action === "previous") this.room.skipTo(action);
    else this.room.run({ command: `playback.${action}`, ...this.room.expected() });
  }
}

function metadataOf({ track }: Item): MediaMetadata {
  const artwork = track.cover_url?.startsWith("/media/")
    ? COVERS.map((size) => ({ src: `${track.cover_url ?? ""}?size=${size}`, sizes: `${size}x${size}`, type: "image/jpeg" }))
    : [];
  return new MediaMetadata({ title: track.title, artist: track.artist, album: track.album, artwork });
}
