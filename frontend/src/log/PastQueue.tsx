// A queue to look at, without anything to press.
import { useTranslation } from "react-i18next";
import { AddedBy } from "../components/AddedBy";
import { PlainRow } from "../components/PlainRow";
import { sayVotes } from "../components/votes";
import type { Item } from "../protocol/types";
import styles from "./AsItWas.module.css";

interface PastQueueProps {
  items: readonly Item[];
  /** Whether another time's queue is on its way. */
  isOld: boolean;
}

export function PastQueue({ items, isOld }: PastQueueProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.scroller} role="region" aria-label={t("log.past.queue")} tabIndex={0}>
      {items.length === 0 && <p className={styles.none}>{t("queue.empty")}</p>}
      <ul aria-label={t("log.past.queue")} aria-busy={isOld} className={isOld ? styles.old : ""}>
        {items.map((item) => (
          <PlainRow key={item.id} track={item.track} about={<AddedBy item={item} />} isPlaying={item.is_playing}>
            <span className={styles.muted}>{sayVotes(t, item.votes)}</span>
          </PlainRow>
        ))}
      </ul>
    </div>
  );
}
