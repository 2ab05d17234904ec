// The library: songs, albums, artists and favourites under one search. An album and an artist have pages of their own.
import { Search } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./Library.module.css";
import { LibraryAlbum } from "./LibraryAlbum";
import { LibraryAlbums } from "./LibraryAlbums";
import { LibraryArtist, LibraryArtists } from "./LibraryArtists";
import { LibraryContext, type LibraryPage, type ListHandle, type ListPlace } from "./libraryContext";
import { LibraryFavorites } from "./LibraryFavorites";
import { LibraryGenres } from "./LibraryGenres";
import { LibrarySongs } from "./LibrarySongs";
import { LibraryStatus } from "./LibraryStatus";
import { LibrarySuggestions, SuggestionsButton } from "./LibrarySuggestions";
import { LibraryTabs, type Tab } from "./LibraryTabs";
import { UploadMusic } from "./Upload";

const TYPING_MS = 180;

/** `search`: what it begins with, in place of nothing. */
export function Library({ search: wantedFirst = "" }: { search?: string }) {
  const { t } = useTranslation();
  const id = useId();
  const [tab, setTab] = useState<Tab>("songs");
  const [pages, setPages] = useState<readonly LibraryPage[]>([]);
  const [search, setSearch] = useState(wantedFirst);
  const [genre, setGenre] = useState("");
  const [places] = useState(() => new Map<string, ListPlace>());
  const wanted = useSettled(search.trim(), TYPING_MS);
  const list = useRef<ListHandle>(null);
  const page = pages.at(-1);
  const context = {
    handle: list,
    places,
    open: (next: LibraryPage) => setPages([...pages, next]),
    back: () => setPages(pages.slice(0, -1)),
  };
  return (
    <div className={styles.library}>
      <LibraryTabs
        id={id}
        value={tab}
        onChange={(next) => {
          setTab(next);
          setPages([]);
        }}
      />
      <div className={styles.filters} role="search">
        <span className={styles.search}>
          <Search size={18} aria-hidden="true" />
          <input
            type="search"
            className="field"
            dir="auto"
            data-shortcut="search"
            aria-label={t("library.search")}
            placeholder={t("library.searchHint")}
            autoComplete="off"
            enterKeyHint="search"
            autoFocus={wantedFirst !== ""}
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
              setPages([]);
            }}
            onKeyDown={(event) => {
              if (event.key !== "ArrowDown") return;
              event.preventDefault();
              list.current?.focusRow(0);
            }}
          />
        </span>
        {tab === "songs" && <LibraryGenres value={genre} onChange={setGenre} />}
      </div>
      <LibraryStatus />
      <UploadMusic />
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`} className={styles.panel}>
        <LibraryContext value={context}>
          {page ? (
            <Opened page={page} />
          ) : tab === "songs" ? (
            <>
              {wanted === "" && genre === "" && <SuggestionsButton />}
              <LibrarySongs search={wanted} genre={genre} />
            </>
          ) : tab === "albums" ? (
            <LibraryAlbums search={wanted} />
          ) : tab === "artists" ? (
            <LibraryArtists search={wanted} />
          ) : (
            <LibraryFavorites search={wanted} />
          )}
        </LibraryContext>
      </div>
    </div>
  );
}

function Opened({ page }: { page: LibraryPage }) {
  switch (page.kind) {
    case "album":
      return <LibraryAlbum key={`album ${page.album.id}`} album={page.album} />;
    case "artist":
      return <LibraryArtist key={`artist ${page.artist.id}`} artist={page.artist} />;
    case "suggestions":
      return <LibrarySuggestions />;
  }
}

/** The value, once it has been stable for `ms`. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
