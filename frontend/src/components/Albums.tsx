// Albums and artists of the library, and the page of each: an album with its songs, an artist with albums.
import { ChevronLeft, ChevronRight, ListPlus } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { rest, type Album, type Artist } from "../protocol/rest";
import { useActions, useLists } from "../room/hooks";
import { Cover } from "./Cover";
import styles from "./Library.module.css";
import { TrackRows } from "./TrackRows";
import { VirtualRows, type ListHandle } from "./VirtualRows";

/** An album's songs come on one page, so that it can be added as a whole. */
const WHOLE_ALBUM = 500;

type Handle = React.RefObject<ListHandle | null>;

interface AlbumRowsProps {
  filters: { search?: string; artist_id?: number };
  handle: Handle;
  empty: ReactNode;
  onOpen: (album: Album) => void;
  header?: () => ReactNode;
}

export function AlbumRows({ filters, handle, empty, onOpen, header }: AlbumRowsProps) {
  const { t } = useTranslation();
  return (
    <VirtualRows
      label={t("library.albums")}
      queryKey={["albums", filters]}
      load={(cursor, signal) => rest.albums(filters, cursor, signal)}
      handle={handle}
      empty={empty}
      {...(header && { header })}
      row={(album, place) => (
        <li key={album.id} {...place}>
          <button type="button" className={styles.open} data-main onClick={() => onOpen(album)}>
            <Cover track={{ ...album, album: album.title }} className={styles.cover ?? ""} />
            <span className={styles.text}>
              <span dir="auto" className={`ellipsis ${styles.title}`}>
                {album.title}
              </span>
              <span className={`ellipsis ${styles.muted}`}>
                <bdi>{album.artist}</bdi>
                {album.year !== null && ` · ${album.year}`}
              </span>
            </span>
            <span className={styles.time}>{t("library.tracks", { count: album.track_count })}</span>
            <ChevronRight size={18} aria-hidden="true" />
          </button>
        </li>
      )}
    />
  );
}

interface ArtistRowsProps {
  search: string;
  handle: Handle;
  empty: ReactNode;
  onOpen: (artist: Artist) => void;
}

export function ArtistRows({ search, handle, empty, onOpen }: ArtistRowsProps) {
  const { t } = useTranslation();
  return (
    <VirtualRows
      label={t("library.artists")}
      queryKey={["artists", search]}
      load={(cursor, signal) => rest.artists({ ...(search && { search }) }, cursor, signal)}
      handle={handle}
      empty={empty}
      row={(artist, place) => (
        <li key={artist.id} {...place}>
          <button type="button" className={styles.open} data-main onClick={() => onOpen(artist)}>
            <span dir="auto" className={`ellipsis ${styles.text} ${styles.title}`}>
              {artist.name}
            </span>
            <span className={styles.time}>{t("library.tracks", { count: artist.track_count })}</span>
            <ChevronRight size={18} aria-hidden="true" />
          </button>
        </li>
      )}
    />
  );
}

function PageHead({ title, below, onBack, children }: { title: string; below?: ReactNode; onBack: () => void; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={styles.head}>
      <button type="button" className="icon" aria-label={t("library.back")} onClick={onBack}>
        <ChevronLeft size={22} aria-hidden="true" />
      </button>
      <div className={styles.text}>
        <h3 dir="auto" className="ellipsis">
          {title}
        </h3>
        {below && <p className={`ellipsis ${styles.muted}`}>{below}</p>}
      </div>
      {children}
    </div>
  );
}

export function AlbumPage({ album, handle, onBack }: { album: Album; handle: Handle; onBack: () => void }) {
  const { t } = useTranslation();
  const { queued } = useLists();
  const { addAll } = useActions();
  return (
    <TrackRows
      filters={{ album_id: album.id, sort: "album", limit: WHOLE_ALBUM }}
      handle={handle}
      empty={t("library.empty")}
      header={(tracks) => (
        <PageHead title={album.title} below={<bdi>{album.artist}</bdi>} onBack={onBack}>
          <button
            type="button"
            className="button primary"
            aria-label={t("library.addAlbum", { album: album.title })}
            disabled={tracks.every((track) => queued.has(track.id))}
            onClick={() => addAll(tracks)}
          >
            <ListPlus size={18} aria-hidden="true" />
            <span className={styles.addText}>{t("library.addAlbumShort")}</span>
          </button>
        </PageHead>
      )}
    />
  );
}

interface ArtistPageProps {
  artist: Artist;
  handle: Handle;
  onBack: () => void;
  onOpen: (album: Album) => void;
}

/** Somebody without albums of their own has songs only. */
export function ArtistPage({ artist, handle, onBack, onOpen }: ArtistPageProps) {
  const { t } = useTranslation();
  const header = () => <PageHead title={artist.name} onBack={onBack} />;
  return artist.album_count > 0 ? (
    <AlbumRows filters={{ artist_id: artist.id }} handle={handle} empty={t("library.empty")} onOpen={onOpen} header={header} />
  ) : (
    <TrackRows filters={{ artist_id: artist.id, sort: "album" }} handle={handle} empty={t("library.empty")} header={header} />
  );
}
