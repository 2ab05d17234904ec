// What can be done with a song in the queue.
import { ChevronDown, ChevronUp, GripVertical, ListStart, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { QueueRowProps } from "./QueueRow";
import styles from "./QueueRow.module.css";
import { sayVotes, signed } from "./votes";

export function MoveHandle({ item, mayMove, helpId, onGrab, onGrabKey }: QueueRowProps) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className={`icon ${styles.handle}`}
      aria-label={t("queue.move", { title: item.track.title })}
      aria-describedby={helpId}
      disabled={!mayMove}
      onPointerDown={(event) => onGrab(event, item)}
      onKeyDown={(event) => onGrabKey(event, item)}
    >
      <GripVertical size={20} aria-hidden="true" />
    </button>
  );
}

/** Lies over the texts, which stay texts. */
export function AboutButton({ item, isNarrow, onOpen }: QueueRowProps) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className={styles.about}
      data-part={isNarrow ? "neighbour" : undefined}
      aria-label={t("queue.about", { title: item.track.title })}
      aria-haspopup="dialog"
      onClick={() => onOpen(item)}
    />
  );
}

/** Where this person may bring the song to the front. */
export function PlayNextButton({ item, boosts, onBoost }: QueueRowProps) {
  const { t } = useTranslation();
  return (
    boosts !== null && (
      <button
        type="button"
        className={`icon ${styles.next}`}
        aria-label={t("queue.playNext", { title: item.track.title })}
        disabled={boosts === 0}
        onClick={() => onBoost(item)}
      >
        <ListStart size={20} aria-hidden="true" />
      </button>
    )
  );
}

export function RemoveButton({ item, isNarrow, mayRemove, onRemove }: QueueRowProps) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="icon"
      data-part={isNarrow ? undefined : "neighbour"}
      aria-label={t("queue.remove", { title: item.track.title })}
      disabled={!mayRemove}
      onClick={() => onRemove(item)}
    >
      <X size={18} aria-hidden="true" />
    </button>
  );
}

export function Votes({ item, myVote, mayVote, mayVoteDown, onVote }: QueueRowProps) {
  const { t } = useTranslation();
  const { title } = item.track;
  return (
    <div className={styles.votes}>
      <button
        type="button"
        className={`icon ${styles.vote}`}
        aria-label={t("queue.upvote", { title })}
        aria-pressed={myVote === 1}
        disabled={!mayVote}
        onClick={() => onVote(item, myVote === 1 ? "none" : "up")}
      >
        <ChevronUp size={22} aria-hidden="true" />
      </button>
      <span className={styles.count}>
        {signed(item.votes)}
        {/* In all our languages the number comes first. */}
        <span className="hidden">{sayVotes(t, item.votes).slice(signed(item.votes).length)}</span>
      </span>
      <button
        type="button"
        className={`icon ${styles.vote}`}
        aria-label={t("queue.downvote", { title })}
        aria-pressed={myVote === -1}
        disabled={!mayVoteDown}
        onClick={() => onVote(item, myVote === -1 ? "none" : "down")}
      >
        <ChevronDown size={22} aria-hidden="true" />
      </button>
    </div>
  );
}
