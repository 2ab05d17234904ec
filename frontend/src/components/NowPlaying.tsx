// The current song, on the server's clock: a bar below everything, and large on demand.
import { Music, Pause, Play, SkipBack, SkipForward } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Item } from "../protocol/types";
import { useActions, useHasMusic, useRights, useRoom, useView } from "../room/hooks";
import { positionSeconds } from "../room/predict";
import { Cover } from "./Cover";
import { Dialog } from "./Dialog";
import styles from "./NowPlaying.module.css";
import { SkipVote } from "./SkipVote";
import { RoomVolume, Sound } from "./Sound";
import { clockTime } from "./time";
import { useSlider } from "./useSlider";

const TICK_MS = 250;
/** Keeps a line's height until the room is known. */
const UNKNOWN = "\u00a0";

export function useCurrent(): Item | null {
  return useView((view) => view.state?.items.get(view.state.playback.item_id ?? "") ?? null);
}

export function NowPlaying() {
  const { t } = useTranslation();
  const current = useCurrent();
  const hint = useHint();
  const [isLarge, setLarge] = useState(false);
  if (current === null && isLarge) setLarge(false);
  const bar = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    // Notices are placed above the bar, whatever its height.
    document.documentElement.style.setProperty("--player-height", `${bar.current?.offsetHeight ?? 0}px`);
  });
  return (
    <section ref={bar} className={styles.bar} aria-label={t("player.title")}>
      <Position key={current?.id} item={current} className={styles.thin ?? ""} />
      <div className={styles.what}>
        {current ? (
          <button type="button" className={styles.open} aria-label={t("player.open", { title: current.track.title })} onClick={() => setLarge(true)}>
            <Cover track={current.track} className={styles.cover ?? ""} />
          </button>
        ) : (
          <span className={styles.noCover}>
            <Music aria-hidden="true" />
          </span>
        )}
        <div className={styles.text}>
          <p dir="auto" className={`ellipsis ${styles.title}`}>
            {current?.track.title ?? (hint === null ? UNKNOWN : t("player.nothing"))}
          </p>
          <p dir="auto" className={`ellipsis ${styles.muted}`}>
            {current?.track.artist ?? hint ?? UNKNOWN}
          </p>
        </div>
      </div>
      <Controls item={current} />
      <div className={styles.volume}>
        <RoomVolume />
      </div>
      <div className={styles.sound}>
        <Sound />
      </div>
      {current && isLarge && (
        <Dialog title={t("player.title")} closeLabel={t("player.close")} kind="full" onClose={() => setLarge(false)}>
          <div className={styles.large}>
            <Cover track={current.track} className={styles.largeCover ?? ""} />
            <p dir="auto" className={styles.largeTitle}>
              {current.track.title}
            </p>
            <p dir="auto" className={styles.muted}>
              {current.track.artist}
            </p>
            <Position key={current.id} item={current} className={styles.wide ?? ""} />
            <Controls item={current} />
            <div className={styles.wide}>
              <RoomVolume />
            </div>
          </div>
        </Dialog>
      )}
    </section>
  );
}

/** Why nothing plays, and what to do; null until the room is known. */
function useHint(): string | null {
  const { t } = useTranslation();
  const hasMusic = useHasMusic();
  const [hasSongs, fallback] = useView(({ state }) => [state && state.items.size > 0, state?.playlist.rules.fallback] as const);
  if (hasSongs === null) return null;
  if (hasMusic) return t("player.nothingHint");
  if (!hasSongs) return t("player.emptyHint");
  return t(fallback === "off" ? "player.overHint" : "player.nothingFitsHint");
}

function Controls({ item }: { item: Item | null }) {
  const { t } = useTranslation();
  const { play, pause, next, previous } = useActions();
  const { playback: mayControl } = useRights();
  const hasMusic = useHasMusic();
  const [isPlaying, isEmpty] = useView((view) => [view.state?.playback.state === "playing", !view.state?.items.size] as const);
  return (
    <div className={`${styles.controls} ${mayControl ? styles.inCharge : ""}`}>
      <button type="button" className="icon" aria-label={t("player.previous")} disabled={!mayControl || isEmpty} onClick={previous}>
        <SkipBack fill="currentColor" size={22} aria-hidden="true" />
      </button>
      <button
        type="button"
        className={`icon ${styles.play}`}
        aria-label={isPlaying ? t("player.pause") : t("player.play")}
        disabled={!mayControl || !hasMusic}
        onClick={() => (isPlaying ? pause() : play())}
      >
        {isPlaying ? <Pause fill="currentColor" aria-hidden="true" /> : <Play fill="currentColor" aria-hidden="true" />}
      </button>
      <button type="button" className="icon" aria-label={t("player.next")} disabled={!mayControl || !hasMusic} onClick={next}>
        <SkipForward fill="currentColor" size={22} aria-hidden="true" />
      </button>
      {item && <SkipVote item={item} />}
    </div>
  );
}

/** Seconds into the current track; redraws as they pass. */
export function usePosition(item: Item | null): number {
  const room = useRoom();
  const playback = useView((view) => view.state?.playback ?? null);
  const [, redraw] = useState(0);
  const isPlaying = playback?.state === "playing";
  useEffect(() => {
    if (!isPlaying) return undefined;
    const timer = setInterval(() => redraw((count) => count + 1), TICK_MS);
    return () => clearInterval(timer);
  }, [isPlaying]);
  if (playback === null || item === null) return 0;
  return Math.min(item.track.duration_ms / 1000, positionSeconds(playback, room.clock.nowMs()));
}

function Position({ item, className }: { item: Item | null; className: string }) {
  const { t } = useTranslation();
  const { seek } = useActions();
  const { playback: mayControl } = useRights();
  const now = usePosition(item);
  const duration = (item?.track.duration_ms ?? 0) / 1000;
  const slider = useSlider(Math.floor(now), Math.floor(duration), seek);
  return (
    <div className={className}>
      <span className={styles.clock}>{clockTime(slider.value)}</span>
      <input
        {...slider}
        className="slider"
        aria-label={t("player.position")}
        aria-valuetext={t("player.positionText", { position: clockTime(slider.value), duration: clockTime(duration) })}
        disabled={item === null || !mayControl}
      />
      <span className={styles.clock}>{clockTime(duration)}</span>
    </div>
  );
}
