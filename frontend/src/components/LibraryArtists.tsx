// The artists, and the page of one: the albums, then the songs.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { rest } from "../protocol/rest";
import type { Album, Artist, Track } from "../protocol/types";
import { useLibrary } from "./libraryContext";
import { AlbumRow, useAlbums } from "./LibraryAlbums";
import { LibraryHead } from "./LibraryHead";
import { LibraryList, OpenButton, Row } from "./LibraryList";
import { useSongRow } from "./LibrarySong";
import { NothingFound, useTracks } from "./LibrarySongs";
import { TwoLines } from "./TwoLines";

export function LibraryArtists({ search }: { search: string }) {
  const { t } = useTranslation();
  const { open } = useLibrary();
  const query = useInfiniteQuery({
    queryKey: ["artists", search],
    queryFn: ({ pageParam, signal }) => rest.artists(search, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  return (
    <LibraryList
      name={`artists/${search}`}
      label={t("library.tabs.artists")}
      rows={query.data?.pages.flatMap((page) => page.rows) ?? []}
      loading={query}
      nothing={<NothingFound search={search} otherwise={t("library.noArtists")} />}
      keyOf={(artist) => artist.id}
    >
      {(artist, place) => (
        <Row key={artist.id} place={place}>
          <TwoLines title={artist.name}>{countsOf(t, artist)}</TwoLines>
          <OpenButton label={t("library.openArtist", { name: artist.name })} onOpen={() => open({ kind: "artist", artist })} />
        </Row>
      )}
    </LibraryList>
  );
}

function countsOf(t: ReturnType<typeof useTranslation>["t"], { album_count, track_count }: Artist): string {
  const songs = t("library.songs", { count: track_count });
  return album_count === 0 ? songs : `${t("library.albums", { count: album_count })} · ${songs}`;
}

type Work = { kind: "album"; album: Album } | { kind: "song"; track: Track };

const keyOf = (work: Work) => (work.kind === "album" ? `album ${work.album.id}` : work.track.id);

export function LibraryArtist({ artist }: { artist: Artist }) {
  const { t } = useTranslation();
  const albums = useAlbums({ artist_id: artist.id });
  const songs = useTracks({ artist_id: artist.id, sort: "album" });
  const song = useSongRow();
  const areAllAlbumsHere = albums.query.isSuccess && !albums.query.hasNextPage;
  const rows: Work[] = albums.rows.map((album) => ({ kind: "album", album }));
  if (areAllAlbumsHere) rows.push(...songs.rows.map((track) => ({ kind: "song" as const, track })));
  const behind = areAllAlbumsHere ? songs.query : albums.query;
  return (
    <>
      <LibraryHead title={artist.name} />
      <LibraryList
        name={`artist/${artist.id}`}
        label={artist.name}
        rows={rows}
        loading={behind}
        nothing={t("library.empty")}
        keyOf={keyOf}
      >
        {(work, place) => (work.kind === "album" ? <AlbumRow key={keyOf(work)} album={work.album} place={place} /> : song(work.track, place))}
      </LibraryList>
    </>
  );
}
