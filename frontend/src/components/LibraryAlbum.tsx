// The page of an album: its songs in order, and all of them at once into the queue.
import { useQuery } from "@tanstack/react-query";
import { Check, ListPlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { rest } from "../protocol/rest";
import type { Album, Track } from "../protocol/types";
import { useActions, useLists, useRights, useRoom } from "../room/hooks";
import type { Room } from "../room/room";
import { Cover } from "./Cover";
import { coverOf } from "./LibraryAlbums";
import { LibraryList, whole } from "./LibraryList";
import { LibraryHead } from "./LibraryHead";
import styles from "./LibraryHead.module.css";
import { useSongRow } from "./LibrarySong";
import { Named } from "./Named";
import { useNotify } from "./notices";
import { roughTime } from "./time";

export function LibraryAlbum({ album }: { album: Album }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["albums", "tracks", album.id], queryFn: ({ signal }) => rest.albumTracks(album.id, signal) });
  const tracks = query.data ?? [];
  const hasDiscs = tracks.some((track) => (track.disc_number ?? 1) > 1);
  const { title, artist, year, track_count, duration_ms } = album;
  const facts = [year, t("library.songs", { count: track_count }), roughTime(t, duration_ms / 1000)].filter(Boolean);
  return (
    <>
      <LibraryHead title={title} picture={<Cover track={coverOf(album)} className={styles.cover ?? ""} />}>
        <p dir="auto" className="ellipsis">
          {artist}
        </p>
        <p className={styles.facts}>{facts.join(" · ")}</p>
        <AddAlbum title={title} tracks={tracks} isReady={query.isSuccess} />
      </LibraryHead>
      <LibraryList
        name={`album/${album.id}`}
        label={title}
        rows={tracks}
        loading={whole(query)}
        nothing={t("library.empty")}
        keyOf={(track) => track.id}
      >
        {useSongRow({ lead: (track) => <span className={styles.number}>{numberOf(track, hasDiscs)}</span> })}
      </LibraryList>
    </>
  );
}

function numberOf({ disc_number, track_number }: Track, hasDiscs: boolean): string {
  if (track_number === null) return "–";
  return hasDiscs ? `${disc_number ?? 1}-${track_number}` : String(track_number);
}

function AddAlbum({ title, tracks, isReady }: { title: string; tracks: readonly Track[]; isReady: boolean }) {
  const { t } = useTranslation();
  const { queued } = useLists();
  const { add: mayAdd } = useRights();
  const { addAll } = useActions();
  const room = useRoom();
  const notify = useNotify();
  const wanted = tracks.filter((track) => !queued.has(track.id) && !track.missing);
  const isQueued = isReady && wanted.length === 0;
  return (
    <button
      type="button"
      className={`button primary ${styles.addAll}`}
      aria-label={t(isQueued ? "library.queued" : "library.addAlbum", { title })}
      // Not disabled when it has been pressed: it keeps the keyboard's focus, and says what it has become.
      aria-disabled={isQueued}
      disabled={!isReady || !mayAdd}
      onClick={() => {
        if (isQueued) return;
        whenAnswered(room, addAll(wanted), (count) => {
          if (count > 0) notify(<Named name={title} text={(title) => t("library.added", { count, title })} />);
        });
      }}
    >
      {isQueued ? <Check size={18} aria-hidden="true" /> : <ListPlus size={18} aria-hidden="true" />}
      {t(isQueued ? "library.queuedShort" : "library.addAlbumShort")}
    </button>
  );
}

/** Tells how many of these items are there, once the server has answered: another person may have been faster. */
function whenAnswered(room: Room, ids: readonly string[], tell: (count: number) => void): void {
  const stop = room.store.subscribe(({ waiting, state }) => {
    if (state === null || ids.some((id) => waiting.has(id))) return;
    stop();
    tell(ids.filter((id) => state.items.has(id)).length);
  });
}
