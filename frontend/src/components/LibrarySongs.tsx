import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { rest, type TrackFilters } from "../protocol/rest";
import { LibraryList } from "./LibraryList";
import { useSongRow } from "./LibrarySong";
import { Named } from "./Named";

export function LibrarySongs({ search, genre }: { search: string; genre: string }) {
  const { t } = useTranslation();
  const { rows, query } = useTracks({ search, genre });
  return (
    <LibraryList
      name={`songs/${genre}/${search}`}
      label={t("library.title")}
      rows={rows}
      loading={query}
      nothing={<NothingFound search={search} otherwise={t("library.empty")} />}
      keyOf={(track) => track.id}
    >
      {useSongRow()}
    </LibraryList>
  );
}

/** Songs by these filters, page by page. */
export function useTracks(filters: TrackFilters) {
  const query = useInfiniteQuery({
    queryKey: ["tracks", filters],
    queryFn: ({ pageParam, signal }) => rest.tracks(filters, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  return { rows: query.data?.pages.flatMap((page) => page.rows) ?? [], query };
}

export function NothingFound({ search, otherwise }: { search: string; otherwise: string }) {
  const { t } = useTranslation();
  return search ? <Named name={search} text={(search) => t("library.nothing", { search })} /> : otherwise;
}
