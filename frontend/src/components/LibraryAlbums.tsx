import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { rest } from "../protocol/rest";
import type { Album } from "../protocol/types";
import { Cover } from "./Cover";
import styles from "./Library.module.css";
import { useLibrary } from "./libraryContext";
import { LibraryList, OpenButton, Row, type RowPlace } from "./LibraryList";
import { NothingFound } from "./LibrarySongs";
import { TwoLines } from "./TwoLines";

export function LibraryAlbums({ search }: { search: string }) {
  const { t } = useTranslation();
  const { rows, query } = useAlbums({ search });
  return (
    <LibraryList
      name={`albums/${search}`}
      label={t("library.tabs.albums")}
      rows={rows}
      loading={query}
      nothing={<NothingFound search={search} otherwise={t("library.noAlbums")} />}
      keyOf={(album) => album.id}
    >
      {(album, place) => <AlbumRow key={album.id} album={album} place={place} />}
    </LibraryList>
  );
}

/** Albums by these filters, page by page. */
export function useAlbums(filters: { search?: string; artist_id?: number }) {
  const query = useInfiniteQuery({
    queryKey: ["albums", filters],
    queryFn: ({ pageParam, signal }) => rest.albums(filters, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  return { rows: query.data?.pages.flatMap((page) => page.rows) ?? [], query };
}

/** What a Cover takes, of an album. */
export const coverOf = ({ title, artist, cover_url }: Album) => ({ title, artist, album: title, cover_url });

export function AlbumRow({ album, place }: { album: Album; place: RowPlace }) {
  const { t } = useTranslation();
  const { open } = useLibrary();
  const { title, artist, year, track_count } = album;
  return (
    <Row place={place}>
      <Cover track={coverOf(album)} size={96} className={styles.cover ?? ""} />
      <TwoLines title={title}>
        <span dir="auto" className="ellipsis">
          {artist}
        </span>
      </TwoLines>
      <p className={styles.count}>
        <span>{t("library.songs", { count: track_count })}</span>
        <span>{year}</span>
      </p>
      <OpenButton label={t("library.openAlbum", { title })} onOpen={() => open({ kind: "album", album })} />
    </Row>
  );
}
