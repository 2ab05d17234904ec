// All about one song in the queue: when it plays, who added it, and what may be done with it.
import { Play, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Item } from "../protocol/types";
import { useActions, useRights } from "../room/hooks";
import { AddedBy } from "./AddedBy";
import { Cover } from "./Cover";
import { Dialog } from "./Dialog";
import styles from "./SongDialog.module.css";
import { clockTime } from "./time";

interface SongDialogProps {
  item: Item;
  /** When it will play, in words; "" while that is not known. */
  playsAt: string;
  onRemove: (item: Item) => void;
  onClose: () => void;
}

export function SongDialog({ item, playsAt, onRemove, onClose }: SongDialogProps) {
  const { t } = useTranslation();
  const rights = useRights();
  const { play } = useActions();
  const { title, artist, album, duration_seconds } = item.track;
  const after = (act: (item: Item) => void) => () => {
    onClose();
    act(item);
  };
  return (
    <Dialog title={title} closeLabel={t("queue.close")} onClose={onClose}>
      <div className={styles.song}>
        <Cover track={item.track} className={styles.cover ?? ""} />
        <div className={styles.text}>
          <p dir="auto">{artist}</p>
          {album && (
            <p dir="auto" className={styles.muted}>
              {album}
            </p>
          )}
          <p className={styles.muted}>
            {clockTime(duration_seconds)} · <AddedBy item={item} />
          </p>
        </div>
      </div>
      {playsAt && <p className={styles.when}>{t("queue.playsAt", { when: playsAt })}</p>}
      <div className={styles.actions}>
        {rights.playback && (
          <button type="button" className="button" aria-label={t("queue.play", { title })} onClick={after(play)}>
            <Play size={18} aria-hidden="true" /> {t("queue.playShort")}
          </button>
        )}
        {rights.remove(item) && (
          <button type="button" className="button" aria-label={t("queue.remove", { title })} onClick={after(onRemove)}>
            <X size={18} aria-hidden="true" /> {t("queue.removeShort")}
          </button>
        )}
      </div>
    </Dialog>
  );
}
