// What an import has found, what the library does not have, and what was left out for which reason.
import { Check, Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Imported } from "../protocol/types";
import { Named } from "./Named";
import styles from "./SaveOrImport.module.css";
import { skippedByReason } from "./skipped";

const SHOWN = 50;

interface ImportOutcomeProps {
  outcome: Imported;
  onSearch: (text: string) => void;
  onAgain: () => void;
}

export function ImportOutcome({ outcome: { added, missing, skipped }, onSearch, onAgain }: ImportOutcomeProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(SHOWN);
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className={styles.outcome}>
      <p ref={heading} tabIndex={-1} className={styles.added}>
        {added.length > 0 && <Check size={20} aria-hidden="true" />} {t("evening.added", { count: added.length })}
      </p>
      {missing.length > 0 && (
        <>
          <h4>{t("evening.missing", { count: missing.length })}</h4>
          <ul className={styles.missing} aria-label={t("evening.missingList")}>
            {missing.slice(0, shown).map(({ line, title, artist }) => (
              <li key={line}>
                <span className={styles.name}>
                  <bdi>{title}</bdi>
                  {artist && (
                    <small>
                      <bdi>{artist}</bdi>
                    </small>
                  )}
                </span>
                <button type="button" className="icon" aria-label={t("evening.search", { title })} onClick={() => onSearch(title)}>
                  <Search size={18} aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
          {missing.length > shown && (
            <button type="button" className="button" onClick={() => setShown(shown + SHOWN)}>
              {t("played.more")}
            </button>
          )}
        </>
      )}
      {skipped.length > 0 && (
        <>
          <h4>{t("evening.skipped", { count: skipped.length })}</h4>
          <ul className={styles.skipped}>
            {skippedByReason(skipped).map(({ reason, count, lines }) => (
              <li key={reason}>
                <Named name={lines} text={(lines) => t("evening.skippedWhy", { why: t(`evening.reason.${reason}`, { count }), lines })} />
              </li>
            ))}
          </ul>
        </>
      )}
      <button type="button" className="button" onClick={onAgain}>
        {t("evening.again")}
      </button>
    </div>
  );
}
