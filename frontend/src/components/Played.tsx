// The songs that have played, folded; any of them can be added again.
import { ChevronRight, RotateCcw } from "lucide-react";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Item, Track } from "../protocol/types";
import { useActions, useLists, useRights } from "../room/hooks";
import { PlainRow } from "./PlainRow";
import styles from "./Played.module.css";
import { timeOfDay } from "./time";

const SHOWN = 50;

export function Played() {
  const { t } = useTranslation();
  const { played } = useLists();
  const { add } = useActions();
  const { add: mayAdd } = useRights();
  const [isOpen, setOpen] = useState(false);
  const [shown, setShown] = useState(SHOWN);
  if (played.length === 0) return null;
  return (
    <details className={styles.played} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <ChevronRight size={18} aria-hidden="true" /> {t("played.title", { count: played.length })}
      </summary>
      <ul>
        {played.slice(0, isOpen ? shown : 0).map((item) => (
          <PlayedRow key={item.id} item={item} mayAdd={mayAdd} onAdd={add} />
        ))}
      </ul>
      {played.length > shown && (
        <button type="button" className={`button ${styles.more}`} onClick={() => setShown(shown + SHOWN)}>
          {t("played.more")}
        </button>
      )}
    </details>
  );
}

interface PlayedRowProps {
  item: Item;
  mayAdd: boolean;
  onAdd: (track: Track) => void;
}

const PlayedRow = memo(function PlayedRow({ item, mayAdd, onAdd }: PlayedRowProps) {
  const { t } = useTranslation();
  const { track } = item;
  return (
    <PlainRow track={track} about={t("played.at", { time: timeOfDay(item.played_at ?? "") })}>
      <button type="button" className="button" aria-label={t("played.again", { title: track.title })} disabled={!mayAdd} onClick={() => onAdd(track)}>
        <RotateCcw size={16} aria-hidden="true" />
        <span className={styles.long}>{t("played.againShort")}</span>
      </button>
    </PlainRow>
  );
});
