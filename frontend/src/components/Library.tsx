// The library: songs, albums, artists and favourites, with a search as you type in each of them.
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { rest, type Album, type Artist } from "../protocol/rest";
import { AlbumPage, AlbumRows, ArtistPage, ArtistRows } from "./Albums";
import styles from "./Library.module.css";
import { Named } from "./Named";
import { ScanProgress } from "./ScanProgress";
import { TrackRows } from "./TrackRows";
import { UploadMusic } from "./Upload";
import type { ListHandle } from "./VirtualRows";

const TYPING_MS = 180;
const TABS = ["songs", "albums", "artists", "favorites"] as const;
type Tab = (typeof TABS)[number];

export function Library() {
  const { t } = useTranslation();
  const [tab, setTab] = useState<Tab>("songs");
  const [artist, setArtist] = useState<Artist | null>(null);
  const [album, setAlbum] = useState<Album | null>(null);
  const [search, setSearch] = useState("");
  const [genre, setGenre] = useState("");
  const wanted = useSettled(search.trim(), TYPING_MS);
  const list = useRef<ListHandle>(null);
  const panelId = useId();
  const choose = (chosen: Tab) => {
    setTab(chosen);
    setArtist(null);
    setAlbum(null);
  };
  const empty = wanted ? <Named name={wanted} text={(search) => t("library.nothing", { search })} /> : t("library.empty");
  return (
    <div className={styles.library}>
      <ScanProgress />
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
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
              setArtist(null);
              setAlbum(null);
            }}
            onKeyDown={(event) => {
              if (event.key === "ArrowDown") {
                event.preventDefault();
                list.current?.focusRow(0);
              }
            }}
          />
        </span>
        {tab === "songs" && <Genres value={genre} onChange={setGenre} />}
      </div>
      <UploadMusic />
      <Tabs value={tab} panelId={panelId} onChange={choose} />
      <div id={panelId} className={styles.panel} role="tabpanel" aria-label={t(`library.${tab}`)}>
        {album ? (
          <AlbumPage album={album} handle={list} onBack={() => setAlbum(null)} />
        ) : artist ? (
          <ArtistPage artist={artist} handle={list} onBack={() => setArtist(null)} onOpen={setAlbum} />
        ) : tab === "albums" ? (
          <AlbumRows filters={{ ...(wanted && { search: wanted }) }} handle={list} empty={empty} onOpen={setAlbum} />
        ) : tab === "artists" ? (
          <ArtistRows search={wanted} handle={list} empty={empty} onOpen={setArtist} />
        ) : tab === "favorites" ? (
          <TrackRows
            key="favorites"
            filters={wanted ? { search: wanted, favorites: true } : "favorites"}
            handle={list}
            empty={wanted ? empty : t("library.noFavorites")}
          />
        ) : (
          <TrackRows key="songs" filters={{ ...(wanted && { search: wanted }), ...(genre && { genre }) }} handle={list} empty={empty} />
        )}
      </div>
    </div>
  );
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

function Tabs({ value, panelId, onChange }: { value: Tab; panelId: string; onChange: (tab: Tab) => void }) {
  const { t } = useTranslation();
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = (TABS.indexOf(value) + step + TABS.length) % TABS.length;
    onChange(TABS[index] ?? value);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")[index]?.focus();
  };
  return (
    <div className={styles.tabs} role="tablist" aria-label={t("library.title")} onKeyDown={keys}>
      {TABS.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          className={styles.tab}
          aria-selected={tab === value}
          aria-controls={panelId}
          tabIndex={tab === value ? 0 : -1}
          onClick={() => onChange(tab)}
        >
          {t(`library.${tab}`)}
        </button>
      ))}
    </div>
  );
}

function Genres({ value, onChange }: { value: string; onChange: (genre: string) => void }) {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ["genres"], queryFn: ({ signal }) => rest.genres(signal) });
  return (
    <select className={`field ${styles.genre}`} aria-label={t("library.genre")} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{t("library.allGenres")}</option>
      {data?.map((genre) => (
        <option key={genre} dir="auto">
          {genre}
        </option>
      ))}
    </select>
  );
}
