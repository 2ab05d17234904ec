// One song in the queue.
import { ChevronDown, ChevronUp, Clock, GripVertical, Play, X } from "lucide-react";
import { memo, type KeyboardEvent, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Direction, Item } from "../protocol/types";
import { AddedBy } from "./AddedBy";
import { Cover } from "./Cover";
import styles from "./QueueRow.module.css";
import { clockTime } from "./time";

interface QueueRowProps {
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
  mayMove: boolean;
  mayRemove: boolean;
  mayPlay: boolean;
  helpId: string;
  onGrab: (event: PointerEvent<HTMLElement>, item: Item) => void;
  onGrabKey: (event: KeyboardEvent<HTMLElement>, item: Item) => void;
  onVote: (item: Item, direction: Direction) => void;
  onRemove: (item: Item) => void;
  onPlay: (item: Item) => void;
}

export const QueueRow = memo(function QueueRow(props: QueueRowProps) {
  const { item, top, place, count, isWaiting, isLifted, mayMove, mayRemove, helpId } = props;
  const { t } = useTranslation();
  const { title, artist, duration_seconds } = item.track;
  return (
    <li
      className={`${styles.row} ${item.is_playing ? styles.playing : ""} ${isLifted ? styles.lifted : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      data-id={item.id}
      data-waiting={isWaiting || undefined}
      aria-current={item.is_playing ? "true" : undefined}
      aria-posinset={place}
      aria-setsize={count}
    >
      <button
        type="button"
        className={`icon ${styles.handle}`}
        aria-label={t("queue.move", { title })}
        aria-describedby={helpId}
        disabled={!mayMove}
        onPointerDown={(event) => props.onGrab(event, item)}
        onKeyDown={(event) => props.onGrabKey(event, item)}
      >
        <GripVertical size={20} aria-hidden="true" />
      </button>
      <button
        type="button"
        className={styles.cover}
        aria-label={t("queue.play", { title })}
        disabled={!props.mayPlay}
        onClick={() => props.onPlay(item)}
      >
        <Cover track={item.track} size={96} className={styles.picture ?? ""} />
        {item.is_playing ? <Bars isStill={props.isPaused} /> : <Play className={styles.playIcon} size={20} aria-hidden="true" />}
      </button>
      <div className={styles.text}>
        <p dir="auto" className={`ellipsis ${styles.title}`}>
          {title}
        </p>
        <p className={styles.muted}>
          <span dir="auto" className="ellipsis">
            {artist}
          </span>
          <span className={styles.dot} aria-hidden="true">
            ·
          </span>
          <span className="ellipsis">
            <AddedBy item={item} />
          </span>
        </p>
      </div>
      <span className={styles.time}>
        {isWaiting && <Clock size={14} role="img" aria-label={t("queue.waiting")} className={styles.clock} />}
        {clockTime(duration_seconds)}
        {props.playsAt && <small>{props.playsAt}</small>}
      </span>
      <Votes item={item} myVote={props.myVote} onVote={props.onVote} />
      <button
        type="button"
        className={`icon ${styles.remove}`}
        data-part="remove"
        aria-label={t("queue.remove", { title })}
        disabled={!mayRemove}
        onClick={() => props.onRemove(item)}
      >
        <X size={18} aria-hidden="true" />
      </button>
    </li>
  );
});

function Votes({ item, myVote, onVote }: Pick<QueueRowProps, "item" | "myVote" | "onVote">) {
  const { t } = useTranslation();
  const { title } = item.track;
  return (
    <div className={styles.votes}>
      <button
        type="button"
        className={`icon ${styles.vote}`}
        aria-label={t("queue.upvote", { title })}
        aria-pressed={myVote === 1}
        onClick={() => onVote(item, myVote === 1 ? "none" : "up")}
      >
        <ChevronUp size={22} aria-hidden="true" />
      </button>
      <span className={styles.count}>
        {item.votes}
        {/* In all our languages the number comes first. */}
        <span className="hidden">{t("queue.votes", { count: item.votes }).slice(String(item.votes).length)}</span>
      </span>
      <button
        type="button"
        className={`icon ${styles.vote}`}
        aria-label={t("queue.downvote", { title })}
        aria-pressed={myVote === -1}
        onClick={() => onVote(item, myVote === -1 ? "none" : "down")}
      >
        <ChevronDown size={22} aria-hidden="true" />
      </button>
    </div>
  );
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
