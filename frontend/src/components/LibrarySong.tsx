// A song as every list of the library shows it: to be added to the queue, and to be kept among the favourites.
import { Check, Heart, Plus, VolumeX } from "lucide-react";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Track } from "../protocol/types";
import { useActions, useLists, useRights } from "../room/hooks";
import { Cover } from "./Cover";
import { leaveFocus } from "./focus";
import styles from "./Library.module.css";
import { Row, type RowPlace } from "./LibraryList";
import { clockTime } from "./time";
import { TwoLines } from "./TwoLines";
import twoLines from "./TwoLines.module.css";
import { useFavorites } from "./useFavorites";

interface SongExtras {
  /** What stands before a song instead of its cover. */
  lead?: (track: Track) => ReactNode;
  /** What is said of it where the artist stands otherwise. */
  note?: (track: Track) => string | undefined;
}

/** Draws songs, for a LibraryList. */
export function useSongRow({ lead, note }: SongExtras = {}): (track: Track, place: RowPlace) => ReactNode {
  const { queued } = useLists();
  const { add: mayAdd } = useRights();
  const { add } = useActions();
  const { ids, toggle } = useFavorites();
  return (track, { index, count, top }) => (
    <SongRow
      key={track.id}
      track={track}
      index={index}
      count={count}
      top={top}
      lead={lead?.(track)}
      note={note?.(track)}
      isQueued={queued.has(track.id)}
      mayAdd={mayAdd}
      isFavorite={ids.has(track.id)}
      onAdd={add}
      onFavorite={toggle}
    />
  );
}

interface SongRowProps extends RowPlace {
  track: Track;
  lead: ReactNode;
  note: string | undefined;
  isQueued: boolean;
  mayAdd: boolean;
  isFavorite: boolean;
  onAdd: (track: Track) => void;
  /** Null for nobody in particular, for whom nothing is kept. */
  onFavorite: ((track: Track, isOn: boolean) => void) | null;
}

const SongRow = memo(function SongRow({ track, lead, note, isQueued, mayAdd, isFavorite, onAdd, onFavorite, ...place }: SongRowProps) {
  const { t } = useTranslation();
  const { title, artist, duration_seconds } = track;
  return (
    <Row place={place}>
      {lead ?? <Cover track={track} size={96} className={styles.cover ?? ""} />}
      <TwoLines title={title} extra={note !== undefined && <bdi className={styles.artist}> {artist}</bdi>}>
        <span dir="auto" className={`ellipsis ${note === undefined ? "" : twoLines.long}`} title={note}>
          {note ?? artist}
        </span>
        {note === undefined && <span className={styles.timeBelow}>{clockTime(duration_seconds)}</span>}
        {track.audio_url === null && (
          <span className={styles.silent} title={t("library.noSound")}>
            <VolumeX size={14} aria-hidden="true" />
            <span>{t("library.noSound")}</span>
          </span>
        )}
      </TwoLines>
      <span className={styles.time}>{clockTime(duration_seconds)}</span>
      {onFavorite && (
        <button
          type="button"
          className={`icon ${styles.heart}`}
          aria-label={t("library.favorite", { title })}
          aria-pressed={isFavorite}
          onClick={() => onFavorite(track, !isFavorite)}
        >
          <Heart size={20} aria-hidden="true" />
        </button>
      )}
      <button
        type="button"
        data-main=""
        className={`button ${styles.add}`}
        aria-label={isQueued ? t("library.queued", { title }) : t("library.add", { title })}
        disabled={isQueued || !mayAdd}
        onClick={(event) => {
          leaveFocus(event.currentTarget, "li");
          onAdd(track);
        }}
      >
        {isQueued ? <Check size={18} aria-hidden="true" /> : <Plus size={18} aria-hidden="true" />}
        <span className={styles.addText}>{isQueued ? t("library.queuedShort") : t("library.addShort")}</span>
      </button>
    </Row>
  );
});
