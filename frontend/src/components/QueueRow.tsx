// One song in the queue.
import { Clock, Play } from "lucide-react";
import { memo, type KeyboardEvent, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Direction, Item } from "../protocol/types";
import { AddedBy } from "./AddedBy";
import { Cover } from "./Cover";
import styles from "./QueueRow.module.css";
import { AboutButton, MoveHandle, PlayNextButton, RemoveButton, Votes } from "./QueueRowButtons";
import { clockTime } from "./time";

export interface QueueRowProps {
  item: Item;
  /** Pixels from the list's top. */
  top: number;
  place: number;
  count: number;
  myVote: number;
  /** When it will play, in words; "" while that is not known. */
  playsAt: string;
  isWaiting: boolean;
  /** Whether this is the current item, and paused. */
  isPaused: boolean;
  isLifted: boolean;
  /** On a phone. */
  isNarrow: boolean;
  mayMove: boolean;
  mayRemove: boolean;
  mayPlay: boolean;
  mayVote: boolean;
  mayVoteDown: boolean;
  /** How often this person may bring it to the front; null where that is not on offer. */
  boosts: number | null;
  helpId: string;
  onGrab: (event: PointerEvent<HTMLElement>, item: Item) => void;
  onGrabKey: (event: KeyboardEvent<HTMLElement>, item: Item) => void;
  onVote: (item: Item, direction: Direction) => void;
  onRemove: (item: Item) => void;
  onPlay: (item: Item) => void;
  onBoost: (item: Item) => void;
  /** Shows all about it. */
  onOpen: (item: Item) => void;
}

export const QueueRow = memo(function QueueRow(props: QueueRowProps) {
  const { item, isLifted } = props;
  return (
    <li
      className={`${styles.row} ${item.is_playing ? styles.playing : ""} ${isLifted ? styles.lifted : ""}`}
      style={{ transform: `translateY(${props.top}px)` }}
      data-id={item.id}
      data-waiting={props.isWaiting || undefined}
      aria-current={item.is_playing ? "true" : undefined}
      aria-posinset={props.place}
      aria-setsize={props.count}
    >
      {props.isNarrow ? <Narrow {...props} /> : <Wide {...props} />}
    </li>
  );
});

function Wide(props: QueueRowProps) {
  const { item, isPaused, mayPlay, onPlay } = props;
  const { t } = useTranslation();
  return (
    <div className={styles.wide}>
      <MoveHandle {...props} />
      <button
        type="button"
        className={styles.cover}
        aria-label={t("queue.play", { title: item.track.title })}
        disabled={!mayPlay}
        onClick={() => onPlay(item)}
      >
        <Cover track={item.track} size={96} className={styles.picture ?? ""} />
        {item.is_playing ? <Bars isStill={isPaused} /> : <Play className={styles.playIcon} size={20} aria-hidden="true" />}
      </button>
      <div className={styles.text}>
        <Title item={item} />
        <p className={styles.muted}>
          <Artist item={item} />
          <Dot />
          <span className="ellipsis">
            <AddedBy item={item} />
          </span>
        </p>
      </div>
      <span className={styles.time}>
        {props.isWaiting && <Waits />}
        {clockTime(item.track.duration_seconds)}
        {props.playsAt && <small>{props.playsAt}</small>}
      </span>
      <Votes {...props} />
      <AboutButton {...props} />
      <div className={styles.ends}>
        <PlayNextButton {...props} />
        <RemoveButton {...props} />
      </div>
    </div>
  );
}

/** Cover, two lines and votes; the rest is beside them, where a swipe, a focus or a screen reader finds it. */
function Narrow(props: QueueRowProps) {
  const { item, mayPlay, onPlay } = props;
  const { t } = useTranslation();
  return (
    <div className={styles.narrow} data-part="swipe">
      <div className={styles.cover}>
        <Cover track={item.track} size={96} className={styles.picture ?? ""} />
        {item.is_playing && <Bars isStill={props.isPaused} />}
      </div>
      <div className={styles.text}>
        <Title item={item} />
        <Where {...props} />
      </div>
      <Votes {...props} />
      <AboutButton {...props} />
      <div className={styles.behind}>
        <MoveHandle {...props} />
        <button
          type="button"
          className="icon"
          aria-label={t("queue.play", { title: item.track.title })}
          disabled={!mayPlay}
          onClick={() => onPlay(item)}
        >
          <Play size={20} aria-hidden="true" />
        </button>
        <PlayNextButton {...props} />
        <RemoveButton {...props} />
      </div>
    </div>
  );
}

/** As much as a phone has room for: why the server added it or whose it is, and when it plays or who added it. */
function Where({ item, playsAt, isWaiting }: QueueRowProps) {
  if (item.because)
    return (
      <p className={`clamp ${styles.because}`}>
        {isWaiting && <Waits />}
        {playsAt && (
          <>
            {playsAt}
            <Dot />
          </>
        )}
        <AddedBy item={item} />
      </p>
    );
  return (
    <p className={styles.muted}>
      {isWaiting && <Waits />}
      <Artist item={item} />
      <Dot />
      {playsAt && <span className={styles.when}>{playsAt}</span>}
      <span className={playsAt ? "hidden" : "ellipsis"}>
        <AddedBy item={item} isShort />
      </span>
    </p>
  );
}

function Title({ item }: { item: Item }) {
  return (
    <p dir="auto" className={`ellipsis ${styles.title}`}>
      {item.track.title}
    </p>
  );
}

function Artist({ item }: { item: Item }) {
  return (
    <span dir="auto" className="ellipsis">
      {item.track.artist}
    </span>
  );
}

function Dot() {
  return (
    <span className={styles.dot} aria-hidden="true">
      ·
    </span>
  );
}

function Waits() {
  const { t } = useTranslation();
  return <Clock size={14} role="img" aria-label={t("queue.waiting")} className={styles.clock} />;
}

function Bars({ isStill }: { isStill: boolean }) {
  return (
    <span className={`${styles.bars} ${isStill ? styles.still : ""}`} aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
  );
}
