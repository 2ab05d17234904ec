// Songs of the library, which can be added and liked.
import { Check, Heart, Plus, VolumeX } from "lucide-react";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { rest, type TrackFilters } from "../protocol/rest";
import type { Track } from "../protocol/types";
import { useActions, useLists } from "../room/hooks";
import { Cover } from "./Cover";
import styles from "./Library.module.css";
import { clockTime } from "./time";
import { useFavorites } from "./useFavorites";
import { VirtualRows, type ListHandle, type RowPlace } from "./VirtualRows";

interface TrackRowsProps {
  /** Favourites alone come in the order of their own, the newest first. */
  filters: TrackFilters | "favorites";
  handle: React.RefObject<ListHandle | null>;
  empty: ReactNode;
  header?: (tracks: readonly Track[]) => ReactNode;
}

export function TrackRows({ filters, handle, empty, header }: TrackRowsProps) {
  const { t } = useTranslation();
  const { queued } = useLists();
  const { add } = useActions();
  const { liked, toggle } = useFavorites();
  const isOwn = filters === "favorites" || filters.favorites === true;
  return (
    <VirtualRows
      label={t("library.title")}
      queryKey={["tracks", isOwn ? "favorites" : "all", filters]}
      load={(cursor, signal) => (filters === "favorites" ? rest.favorites(cursor, signal) : rest.tracks(filters, cursor, signal))}
      handle={handle}
      empty={empty}
      {...(header && { header })}
      row={(track, place) => (
        <TrackRow
          key={track.id}
          track={track}
          {...place}
          top={place.style.transform}
          isQueued={queued.has(track.id)}
          isLiked={liked === null ? null : liked.has(track.id)}
          onAdd={add}
          onLike={toggle}
        />
      )}
    />
  );
}

interface TrackRowProps extends Omit<RowPlace, "style"> {
  track: Track;
  top: string;
  isQueued: boolean;
  /** Null where nothing can be liked. */
  isLiked: boolean | null;
  onAdd: (track: Track) => void;
  onLike: (track: Track) => void;
}

const TrackRow = memo(function TrackRow({ track, top, isQueued, isLiked, onAdd, onLike, ...place }: TrackRowProps) {
  const { t } = useTranslation();
  const { title, artist, duration_seconds } = track;
  return (
    <li {...place} style={{ transform: top }}>
      <Cover track={track} className={styles.cover ?? ""} />
      <div className={styles.text}>
        <p dir="auto" className={`ellipsis ${styles.title}`}>
          {title}
        </p>
        <p className={`ellipsis ${styles.muted}`}>
          <bdi>{artist}</bdi>
          {track.audio_url === null && (
            <span className={styles.silent}>
              <VolumeX size={14} aria-hidden="true" /> {t("library.noSound")}
            </span>
          )}
        </p>
      </div>
      <span className={styles.time}>{clockTime(duration_seconds)}</span>
      {isLiked !== null && (
        <button
          type="button"
          className={`icon ${styles.heart}`}
          aria-label={t("library.like", { title })}
          aria-pressed={isLiked}
          onClick={() => onLike(track)}
        >
          <Heart size={20} aria-hidden="true" />
        </button>
      )}
      <button
        type="button"
        className={`button ${styles.add}`}
        data-main
        aria-label={isQueued ? t("library.queued", { title }) : t("library.add", { title })}
        disabled={isQueued}
        onClick={(event) => {
          // The button is about to be disabled: keyboard focus moves to its row.
          if (document.activeElement === event.currentTarget) event.currentTarget.closest("li")?.focus();
          onAdd(track);
        }}
      >
        {isQueued ? <Check size={18} aria-hidden="true" /> : <Plus size={18} aria-hidden="true" />}
        <span className={styles.addText}>{isQueued ? t("library.queuedShort") : t("library.addShort")}</span>
      </button>
    </li>
  );
});
