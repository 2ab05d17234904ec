// A queue to look at, without anything to press.
import { useTranslation } from "react-i18next";
import { AddedBy } from "../components/AddedBy";
import { Cover } from "../components/Cover";
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
          <li key={item.id} className={styles.row} aria-current={item.is_playing ? "true" : undefined}>
            <Cover track={item.track} size={96} className={styles.picture ?? ""} />
            <div className={styles.text}>
              <p dir="auto" className={`ellipsis ${styles.title}`}>
                {item.track.title}
              </p>
              <p className={`ellipsis ${styles.muted}`}>
                <bdi>{item.track.artist}</bdi> · <AddedBy item={item} />
              </p>
            </div>
            <span className={styles.muted}>{t("queue.votes", { count: item.votes })}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
