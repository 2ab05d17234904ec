// The queue as it was at any time of the evening, and the way back to it.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ArrowLeft, SkipBack, SkipForward } from "lucide-react";
import { useEffect, useRef, useState, type CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { Named } from "../components/Named";
import { sayError } from "../components/refusals";
import { timeOfDay } from "../components/time";
import { rest, RestError } from "../protocol/rest";
import { useLists, useRights, useRoom, useView } from "../room/hooks";
import styles from "./AsItWas.module.css";
import { eveningOf, markAt, markBeside, waitingIn, type Evening } from "./evening";
import { PastQueue } from "./PastQueue";
import { BringBack } from "./BringBack";

/** The slider goes by this. */
const STEP_MS = 10_000;
const SLIDING_MS = 200;

export function AsItWas({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const { slug, clock } = useRoom();
  const [now] = useState(() => clock.nowMs());
  // Cut to milliseconds, the time would lie before the first thing that is kept.
  const opened = useView(({ state }) => (state ? Date.parse(state.playlist.created_at) + 1 : 0));
  const plays = useQuery({ queryKey: ["history", slug], queryFn: ({ signal }) => rest.history(slug, signal), staleTime: 0 });
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), []);
  return (
    <>
      <button ref={back} type="button" className={`button ${styles.backward}`} onClick={onBack}>
        <ArrowLeft size={18} aria-hidden="true" /> {t("log.past.backward")}
      </button>
      {plays.error ? <p role="alert">{sayError(t, plays.error)}</p> : plays.data && <Slide evening={eveningOf(plays.data, opened, now)} now={now} />}
    </>
  );
}

function Slide({ evening, now }: { evening: Evening; now: number }) {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const { manage } = useRights();
  const { queue } = useLists();
  const newest = useView((view) => view.confirmed?.revision ?? 0);
  const [at, setAt] = useState(now);
  const wanted = useSettled(at, SLIDING_MS);
  const past = useQuery({
    queryKey: ["past", slug, wanted],
    queryFn: ({ signal }) => rest.past(slug, new Date(wanted).toISOString(), signal),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  });
  const part = (time: number) => `${(100 * (time - evening.from)) / Math.max(1, now - evening.from)}%`;
  const { error, data } = past;
  const heard = markAt(evening, at);
  const time = timeOfDay(new Date(at).toISOString());
  return (
    <>
      <div className={styles.slide}>
        <Beside evening={evening} at={at} direction={-1} onGo={setAt} />
        <div className={styles.track}>
          <input
            type="range"
            className="slider"
            aria-label={t("log.past.time")}
            aria-valuetext={heard ? t("log.past.during", { time, title: heard.title }) : time}
            min={evening.from}
            max={now}
            step={STEP_MS}
            value={at}
            style={{ "--done": part(at) } as CSSProperties}
            onChange={({ target }) => setAt(Math.min(now, Number(target.value)))}
          />
          <div className={styles.marks} aria-hidden="true">
            {evening.marks.map((mark) => (
              <span key={mark.at} style={{ left: part(mark.at) }} />
            ))}
          </div>
        </div>
        <Beside evening={evening} at={at} direction={1} onGo={setAt} />
      </div>
      <p className={styles.when}>
        <strong>{time}</strong>{" "}
        {heard && <Named name={heard.title} text={(title) => t("log.past.played", { title })} />}
      </p>
      {error ? (
        <p role="alert" className={styles.none}>
          {error instanceof RestError && error.code === "NOT_FOUND" ? t("log.past.notKept") : sayError(t, error)}
        </p>
      ) : data === undefined ? (
        <p className={styles.none}>{t("log.loading")}</p>
      ) : (
        <>
          <PastQueue items={waitingIn(data.items)} isOld={past.isPlaceholderData || at !== wanted} />
          {manage && <BringBack revision={data.revision} then={data.items} now={queue} isReady={!past.isPlaceholderData && at === wanted && data.revision < newest} />}
        </>
      )}
    </>
  );
}

interface BesideProps {
  evening: Evening;
  at: number;
  direction: -1 | 1;
  onGo: (at: number) => void;
}

/** To the beginning of the song before, or of the next one. */
function Beside({ evening, at, direction, onGo }: BesideProps) {
  const { t } = useTranslation();
  const mark = markBeside(evening, at, direction);
  const Icon = direction === 1 ? SkipForward : SkipBack;
  return (
    <button
      type="button"
      className="icon"
      aria-label={t(direction === 1 ? "log.past.later" : "log.past.earlier")}
      disabled={mark === undefined}
      onClick={() => mark && onGo(mark.at)}
    >
      <Icon size={20} aria-hidden="true" />
    </button>
  );
}

/** The value, once it has been stable for `ms`. */
function useSettled(value: number, ms: number): number {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
