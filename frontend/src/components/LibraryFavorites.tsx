import { useTranslation } from "react-i18next";
import { LibraryList, whole } from "./LibraryList";
import { useSongRow } from "./LibrarySong";
import { NothingFound, useTracks } from "./LibrarySongs";
import { useFavorites, useFavoritesQuery } from "./useFavorites";
import styles from "./Library.module.css";

export function LibraryFavorites({ search }: { search: string }) {
  const { t } = useTranslation();
  const { toggle } = useFavorites();
  if (toggle === null) return <p className={styles.empty}>{t("library.nobodysFavorites")}</p>;
  return search ? <Found search={search} /> : <Newest />;
}

/** All of them: what was liked last comes first. */
function Newest() {
  const { t } = useTranslation();
  const query = useFavoritesQuery({ staleTime: 0 });
  return (
    <LibraryList
      name="favorites"
      label={t("library.tabs.favorites")}
      rows={query.data ?? []}
      loading={whole(query)}
      nothing={t("library.noFavorites")}
      keyOf={(track) => track.id}
    >
      {useSongRow()}
    </LibraryList>
  );
}

function Found({ search }: { search: string }) {
  const { t } = useTranslation();
  const { rows, query } = useTracks({ search, favorites: true });
  return (
    <LibraryList
      name={`favorites/${search}`}
      label={t("library.tabs.favorites")}
      rows={rows}
      loading={query}
      nothing={<NothingFound search={search} otherwise={t("library.noFavorites")} />}
      keyOf={(track) => track.id}
    >
      {useSongRow()}
    </LibraryList>
  );
}
