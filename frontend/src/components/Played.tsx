// What has played, folded; anything can be added again.
import { ChevronRight, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActions, useLists } from "../room/hooks";
import { Cover } from "./Cover";
import styles from "./Played.module.css";
import { timeOfDay } from "./time";

export function Played() {
  const { t, i18n } = useTranslation();
  const { played } = useLists();
  const { add } = useActions();
  const [isOpen, setOpen] = useState(false);
  if (played.length === 0) return null;
  return (
    <details className={styles.played} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <ChevronRight size={18} aria-hidden="true" /> {t("played.title", { count: played.length })}
      </summary>
      <ul>
        {(isOpen ? played : []).map((item) => (
          <li key={item.id} className={styles.row}>
            <Cover track={item.track} className={styles.picture ?? ""} />
            <div className={styles.text}>
              <p className="ellipsis">{item.track.title}</p>
              <p className={`ellipsis ${styles.muted}`}>
                {item.track.artist} · {t("played.at", { time: timeOfDay(item.played_at ?? "", i18n.language) })}
              </p>
            </div>
            <button
              type="button"
              className="button"
              aria-label={t("played.again", { title: item.track.title })}
              onClick={() => add(item.track)}
            >
              <RotateCcw size={16} aria-hidden="true" />
              <span className={styles.long}>{t("played.againShort")}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
