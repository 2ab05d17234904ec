// The wall: the current song, the next ones, and the code to join. It dims by itself when nothing plays and nothing has
// changed for a while.
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BootRoom } from "../boot";
import { AddedBy } from "../components/AddedBy";
import { BlockedLine, ConnectionStatus } from "../components/ConnectionStatus";
import { Cover } from "../components/Cover";
import { useCurrent, usePosition } from "../components/NowPlaying";
import { JoinCode } from "../components/Share";
import { clockTime } from "../components/time";
import { RoomProvider, useView } from "../room/hooks";
import { upcoming } from "../room/order";
import styles from "./Display.module.css";
import { JoinForm } from "./Entry";
import { Ended } from "./Ended";

const DIM_AFTER_MS = 90_000;
const NEXT = 5;

export default function Display({ room }: { room: BootRoom }) {
  const [isIn, setIn] = useState(room.entry === "open" || room.public);
  if (!isIn) return <JoinForm room={room} onJoined={() => setIn(true)} />;
  return (
    <RoomProvider slug={room.slug} isMember={!room.public} isWall>
      <Wall fallbackName={room.name} />
    </RoomProvider>
  );
}

function Wall({ fallbackName }: { fallbackName: string }) {
  const { t } = useTranslation();
  const current = useCurrent();
  const [state, status] = useView((view) => [view.state, view.status] as const);
  const playlist = state?.playlist;
  const next = state ? upcoming(state.items.values(), state.playlist.order).slice(0, NEXT) : [];
  const isQuiet = useQuiet(state?.revision ?? 0);
  const isDim = isQuiet && state?.playback.state !== "playing";
  useEffect(() => {
    document.title = playlist?.name ?? fallbackName;
  }, [playlist, fallbackName]);
  if (status.kind === "ended") return <Ended reason={status.reason} />;
  return (
    <main className={`${styles.wall} ${isDim ? styles.dim : ""}`}>
      <header className={styles.header}>
        <h1 dir="auto" className="ellipsis">
          {playlist?.name ?? fallbackName}
        </h1>
        <div>
          <ConnectionStatus />
          <BlockedLine />
        </div>
      </header>
      <section className={styles.now} aria-label={t("player.title")}>
        {current ? (
          <>
            <Cover track={current.track} className={styles.cover ?? ""} />
            <div className={styles.text}>
              <p dir="auto" className={styles.title}>
                {current.track.title}
              </p>
              <p dir="auto" className={styles.artist}>
                {current.track.artist}
              </p>
              <p className={styles.by}>
                <AddedBy item={current} />
              </p>
              <Progress />
            </div>
          </>
        ) : (
          <p className={styles.title}>{next.length > 0 ? t("display.ready") : t("display.idle")}</p>
        )}
      </section>
      <footer className={styles.footer}>
        <section className={styles.next} aria-label={t("display.next")}>
          {next.length > 0 && <h2>{t("display.next")}</h2>}
          <ol>
            {next.map((item) => (
              <li key={item.id}>
                <Cover track={item.track} className={styles.small ?? ""} />
                <span dir="auto" className="ellipsis">
                  {item.track.title}
                </span>
                <span dir="auto" className={`ellipsis ${styles.muted}`}>
                  {item.track.artist}
                </span>
              </li>
            ))}
          </ol>
        </section>
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

function Progress() {
  const current = useCurrent();
  const seconds = usePosition(current);
  const duration = current?.track.duration_seconds ?? 1;
  return (
    <div className={styles.progress}>
      <span>{clockTime(seconds)}</span>
      <progress max={duration} value={seconds} aria-hidden="true" />
      <span>{clockTime(duration)}</span>
    </div>
  );
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
