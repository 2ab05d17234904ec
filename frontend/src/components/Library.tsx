// The library: search as you type, one genre, and rows that can be added. Only the rows in sight are drawn.
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Check, Plus, Search } from "lucide-react";
import { memo, useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { rest } from "../protocol/rest";
import type { Track } from "../protocol/types";
import { useActions, useLists } from "../room/hooks";
import { Cover } from "./Cover";
import styles from "./Library.module.css";
import { Named } from "./Named";
import { sayError } from "./refusals";
import { clockTime } from "./time";
import { UploadMusic } from "./Upload";
import { useRem } from "./useRem";

/** The height of a row as Library.module.css has it. */
const ROW = { px: 16, rem: 3 };
const TYPING_MS = 180;

export function Library() {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [genre, setGenre] = useState("");
  const wanted = useSettled(search.trim(), TYPING_MS);
  const list = useRef<LibraryListHandle>(null);
  return (
    <div className={styles.library}>
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
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "ArrowDown") {
                event.preventDefault();
                list.current?.focusRow(0);
              }
            }}
          />
        </span>
        <Genres value={genre} onChange={setGenre} />
      </div>
      <UploadMusic />
      <Tracks handle={list} search={wanted} genre={genre} />
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

interface LibraryListHandle {
  focusRow: (index: number) => void;
}

interface TracksProps {
  handle: React.RefObject<LibraryListHandle | null>;
  search: string;
  genre: string;
}

function Tracks({ handle, search, genre }: TracksProps) {
  const { t } = useTranslation();
  const { queued } = useLists();
  const { add } = useActions();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const found = useInfiniteQuery({
    queryKey: ["tracks", search, genre],
    queryFn: ({ pageParam, signal }) => rest.tracks(search, genre, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const tracks = found.data?.pages.flatMap((page) => page.tracks) ?? [];
  const rowPx = ROW.px + ROW.rem * useRem();
  const rows = useVirtualizer({
    count: tracks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => tracks[index]?.id ?? index,
    overscan: 30,
  });
  useEffect(() => {
    rows.measure();
  }, [rows, rowPx]);
  useEffect(() => {
    scroller.current?.scrollTo(0, 0);
  }, [search, genre]);
  const drawn = rows.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = found;
  useEffect(() => {
    if (last >= tracks.length - 20 && hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [last, tracks.length, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);

  const focusRow = (index: number) => {
    if (index < 0 || index >= tracks.length) return;
    rows.scrollToIndex(index);
    const focus = () => list.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus();
    focus();
    requestAnimationFrame(focus); // by then a row that was out of sight is drawn
  };
  useEffect(() => {
    handle.current = { focusRow };
  });
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (row === null) return;
    const index = Number(row.dataset.index);
    if (event.key === "ArrowDown") focusRow(index + 1);
    else if (event.key === "ArrowUp" && index > 0) focusRow(index - 1);
    else if (event.key === "ArrowUp" || event.key === "Escape")
      document.querySelector<HTMLElement>('[data-shortcut="search"]')?.focus();
    else if (event.key === "Enter" && event.target === row) row.querySelector("button")?.click();
    else return;
    event.preventDefault();
  };

  return (
    <div className={styles.scroller} ref={scroller} tabIndex={-1}>
      {found.isError && (
        <p className={styles.empty} role="alert">
          {t("library.failed", { reason: sayError(t, found.error) })}
          <button type="button" className="button" onClick={() => void (isFetchNextPageError ? fetchNextPage() : found.refetch())}>
            {t("library.retry")}
          </button>
        </p>
      )}
      {found.isPending && <p className={styles.empty}>{t("library.loading")}</p>}
      {found.isSuccess && tracks.length === 0 && (
        <p className={styles.empty}>
          {search ? <Named name={search} text={(search) => t("library.nothing", { search })} /> : t("library.empty")}
        </p>
      )}
      <ul
        ref={list}
        className={styles.list}
        aria-label={t("library.title")}
        aria-busy={found.isPending}
        style={{ height: tracks.length * rowPx }}
        onKeyDown={keys}
      >
        {drawn.map(({ index, key, start }) => {
          const track = tracks[index];
          return (
            track && <TrackRow key={key} track={track} index={index} count={tracks.length} top={start} isQueued={queued.has(track.id)} onAdd={add} />
          );
        })}
      </ul>
    </div>
  );
}

interface TrackRowProps {
  track: Track;
  index: number;
  count: number;
  top: number;
  isQueued: boolean;
  onAdd: (track: Track) => void;
}

const TrackRow = memo(function TrackRow({ track, index, count, top, isQueued, onAdd }: TrackRowProps) {
  const { t } = useTranslation();
  const { title, artist, duration_seconds } = track;
  return (
    <li
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
      data-index={index}
      tabIndex={-1}
      aria-posinset={index + 1}
      aria-setsize={count}
    >
      <Cover track={track} className={styles.cover ?? ""} />
      <div className={styles.text}>
        <p dir="auto" className={`ellipsis ${styles.title}`}>
          {title}
        </p>
        <p dir="auto" className={`ellipsis ${styles.muted}`}>
          {artist}
        </p>
      </div>
      <span className={styles.time}>{clockTime(duration_seconds)}</span>
      <button
        type="button"
        className={`button ${styles.add}`}
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
