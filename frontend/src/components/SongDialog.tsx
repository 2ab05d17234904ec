// All about one song in the queue: when it plays, who added it, and what may be done with it.
import type { TFunction } from "i18next";
import { Ban, ListStart, Play, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { BlockedKind } from "../protocol/rest";
import type { Item } from "../protocol/types";
import { useActions, useBoosts, useRights, type Allowance } from "../room/hooks";
import { mayBeNext } from "../room/rights";
import { AddedBy } from "./AddedBy";
import { useSetBlocked } from "./Blocked";
import { Cover } from "./Cover";
import { Dialog } from "./Dialog";
import { MoveSteps } from "./MoveSteps";
import styles from "./SongDialog.module.css";
import { clockTime, timeOfDay } from "./time";
import { Why } from "./Why";

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
  const boosts = useBoosts();
  const { play, boost } = useActions();
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
      <Why item={item} />
      <div className={styles.actions}>
        {boosts && mayBeNext(item) && (
          <button type="button" className="button" disabled={boosts.left === 0} onClick={after(boost)}>
            <ListStart size={18} aria-hidden="true" /> {t("queue.playNextShort")}
            {boosts.of < Infinity && <small className={styles.left}>{sayBoosts(t, boosts)}</small>}
          </button>
        )}
        {rights.playback && (
          <button type="button" className="button" onClick={after(play)}>
            <Play size={18} aria-hidden="true" /> {t("queue.playNow")}
          </button>
        )}
        <MoveSteps item={item} />
        {rights.remove(item) && (
          <button type="button" className="button" aria-label={t("queue.remove", { title })} onClick={after(onRemove)}>
            <X size={18} aria-hidden="true" /> {t("queue.removeShort")}
          </button>
        )}
        {rights.manage && <BlockButtons item={item} onBlock={onClose} />}
      </div>
    </Dialog>
  );
}

function BlockButtons({ item, onBlock }: { item: Item; onBlock: () => void }) {
  const { t } = useTranslation();
  const setBlocked = useSetBlocked();
  const { id, title, artist, artist_id } = item.track;
  const block = (kind: BlockedKind, id: string | number, name: string) => {
    onBlock();
    setBlocked({ kind, id, name }, true);
  };
  return (
    <>
      <button type="button" className="button" onClick={() => block("tracks", id, title)}>
        <Ban size={18} aria-hidden="true" /> {t("rules.blockSong")}
      </button>
      {artist_id !== null && (
        <button type="button" className="button" onClick={() => block("artists", artist_id, artist)}>
          <Ban size={18} aria-hidden="true" /> {t("rules.blockArtist")}
        </button>
      )}
    </>
  );
}

function sayBoosts(t: TFunction, { left, of, nextAtMs }: Allowance): string {
  return left === 0 ? t("queue.nextBoostAt", { time: timeOfDay(new Date(nextAtMs).toISOString()) }) : t("queue.boostsLeft", { left, of });
}
