// The wall: the current song, the next ones, and the code to join. It dims by itself when nothing plays and nothing has
// changed for a while.
import { useEffect, useReducer, useRef, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { BootRoom } from "../boot";
import { AddedBy } from "../components/AddedBy";
import { BlockedLine, ConnectionStatus } from "../components/ConnectionStatus";
import { Cover } from "../components/Cover";
import { useCurrent, usePosition } from "../components/NowPlaying";
import { JoinCode } from "../components/Share";
import { SoundButton, SoundLine } from "../components/Sound";
import { clockTime, timeOfDay } from "../components/time";
import { SpeakerProvider } from "../player/hooks";
import { usePlan } from "../player/usePlan";
import { rest } from "../protocol/rest";
import type { Item } from "../protocol/types";
import { RoomProvider, useRoom, useView } from "../room/hooks";
import { upcoming } from "../room/order";
import styles from "./Display.module.css";
import { JoinForm } from "./Entry";
import { Ended } from "./Ended";
import { secretIn } from "./fragment";
import { Lyrics } from "./Lyrics";
import { Message } from "./Message";
import { Secret } from "./Secret";

const DIM_AFTER_MS = 90_000;
const NEXT = 5;
const DRIFT_PX = 8;

export default function Display({ room }: { room: BootRoom }) {
  const { t } = useTranslation();
  const [secret, setSecret] = useState(() => secretIn("display"));
  const [hasLink, setHasLink] = useState(room.wall);
  const [hasJoined, setJoined] = useState(room.entry === "open");
  if (secret !== null)
    return (
      <Secret
        refusedTitle={t("roles.noWall")}
        spend={async () => {
          await rest.becomeWall(room.slug, secret);
        }}
        onDone={(worked) => {
          setSecret(null);
          setHasLink(hasLink || worked);
        }}
      />
    );
  if (!hasJoined && !hasLink && !room.public) return <JoinForm room={room} onJoined={() => setJoined(true)} />;
  return (
    <RoomProvider slug={room.slug} isMember={!room.public && !hasLink} isWall>
      <SpeakerProvider>
        <Wall fallbackName={room.name} hasLink={hasLink} />
      </SpeakerProvider>
    </RoomProvider>
  );
}

function Wall({ fallbackName, hasLink }: { fallbackName: string; hasLink: boolean }) {
  const { t } = useTranslation();
  const [state, status] = useView((view) => [view.state, view.status] as const);
  const playlist = state?.playlist;
  const isQuiet = useQuiet(state?.revision ?? 0);
  const isDim = isQuiet && state?.playback.state !== "playing";
  const wall = useRef<HTMLElement>(null);
  useDrift(wall);
  useEffect(() => {
    document.title = playlist?.name ?? fallbackName;
  }, [playlist, fallbackName]);
  if (status.kind === "ended" && hasLink && status.reason === "unknown")
    return <Message title={t("roles.wallEnded")} hint={t("roles.wallEndedHint")} />;
  if (status.kind === "ended") return <Ended reason={status.reason} />;
  return (
    <main ref={wall} className={`${styles.wall} ${isDim ? styles.dim : ""}`}>
      <header className={styles.header}>
        <h1 dir="auto" className="ellipsis">
          {playlist?.name ?? fallbackName}
        </h1>
        <div>
          <ConnectionStatus />
          <BlockedLine />
        </div>
        <SoundLine className={styles.heard ?? ""} isWall />
        <SoundButton className={styles.button ?? ""} />
        <Clock />
      </header>
      <Now />
      <footer className={styles.footer}>
        <Next />
        {playlist && (
          <div className={styles.join}>
            <JoinCode url={playlist.join_url} />
            <p>{t("display.joinAt")}</p>
          </div>
        )}
      </footer>
    </main>
  );
}

/** What plays: by the plan, which goes on while the server is away. */
function usePlaying(): Item | null {
  const current = useCurrent();
  return usePlan(1_000)[0]?.item ?? current;
}

function Now() {
  const { t } = useTranslation();
  const current = usePlaying();
  const hasNext = useView((view) => view.state !== null && upcoming(view.state.items.values(), view.state.playlist).length > 0);
  return (
    <section className={styles.now} aria-label={t("player.title")}>
      {current ? (
        <>
          <Cover track={current.track} className={styles.cover ?? ""} />
          <div className={styles.text}>
            <p dir="auto" className={`clamp ${styles.title}`}>
              {current.track.title}
            </p>
            <p dir="auto" className={`clamp ${styles.artist}`}>
              {current.track.artist}
            </p>
            <p className={styles.by}>
              <AddedBy item={current} />
            </p>
            <Progress item={current} />
            <Lyrics item={current} />
          </div>
        </>
      ) : (
        <p className={`clamp ${styles.title}`}>{hasNext ? t("display.ready") : t("display.idle")}</p>
      )}
    </section>
  );
}

/** The next songs, with their times while the room plays. */
function Next() {
  const { t } = useTranslation();
  const state = useView((view) => view.state);
  const planned = usePlan(1_000);
  const next: readonly { item: Item; startsAtMs: number | null }[] =
    planned.length > 0
      ? planned.slice(1)
      : (state === null ? [] : upcoming(state.items.values(), state.playlist)).map((item) => ({ item, startsAtMs: null }));
  return (
    <section className={styles.next} aria-label={t("display.next")}>
      {next.length > 0 && <h2>{t("display.next")}</h2>}
      <ol>
        {next.slice(0, NEXT).map(({ item, startsAtMs }) => (
          <li key={item.id}>
            {startsAtMs !== null && <span className={styles.at}>{timeOfDay(new Date(startsAtMs).toISOString())}</span>}
            <Cover track={item.track} className={styles.small ?? ""} />
            <span className={`ellipsis ${styles.song}`}>
              <bdi>{item.track.title}</bdi> <bdi className={styles.muted}>{item.track.artist}</bdi>
            </span>
            <span className={`ellipsis ${styles.adder}`}>
              <AddedBy item={item} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Progress({ item }: { item: Item }) {
  const room = useRoom();
  const [entry] = usePlan(250);
  const paused = usePosition(item);
  const duration = item.track.duration_ms / 1000;
  const seconds = entry ? Math.max(0, (room.clock.nowMs() - entry.startsAtMs) / 1000) : paused;
  return (
    <div className={styles.progress}>
      <span>{clockTime(Math.min(seconds, duration))}</span>
      <progress max={duration} value={Math.min(seconds, duration)} aria-hidden="true" />
      <span>{clockTime(duration)}</span>
    </div>
  );
}

/** The time of day, by the server's clock. */
function Clock() {
  const room = useRoom();
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, []);
  const iso = new Date(room.clock.nowMs()).toISOString();
  return (
    <time className={styles.clock} dateTime={iso}>
      {timeOfDay(iso)}
    </time>
  );
}

/** Moves everything by a few pixels a minute, so that nothing burns in. */
function useDrift(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let minute = 0;
    const timer = setInterval(() => {
      minute += 1;
      // Two periods without a common one: all over the square before it comes back.
      const [x, y] = [DRIFT_PX * Math.sin(minute * 0.7), DRIFT_PX * Math.sin(minute * 0.45)];
      if (element.current) element.current.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    }, 60_000);
    return () => clearInterval(timer);
  }, [element]);
}

/** True after a while without a change of `what`, a touch or a key. */
function useQuiet(what: number): boolean {
  const [awakeAt, setAwakeAt] = useState({ what, count: 0 });
  const [isQuiet, setQuiet] = useState(false);
  if (awakeAt.what !== what) {
    setAwakeAt({ what, count: awakeAt.count + 1 });
    setQuiet(false);
  }
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(true), DIM_AFTER_MS);
    const wake = () => {
      setQuiet(false);
      setAwakeAt((was) => ({ ...was, count: was.count + 1 }));
    };
    window.addEventListener("pointerdown", wake);
    window.addEventListener("keydown", wake);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pointerdown", wake);
      window.removeEventListener("keydown", wake);
    };
  }, [awakeAt]);
  return isQuiet;
}
