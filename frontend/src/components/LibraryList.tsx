// A list of the library, of which only the rows in sight are drawn. Arrow keys go from row to row.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, type FocusEvent, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import styles from "./Library.module.css";
import { useLibrary } from "./libraryContext";
import { sayError } from "./refusals";
import { useRem } from "./useRem";

/** The height of a row as Library.module.css has it. */
const ROW = { px: 16, rem: 3 };

/** What a list knows of the requests behind it. */
export interface Loading {
  error: Error | null;
  isPending: boolean;
  isFetching: boolean;
  hasNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

/** The same of a request for a whole list. */
export const whole = (query: Pick<Loading, "error" | "isPending" | "isFetching" | "refetch">): Loading => ({
  error: query.error,
  isPending: query.isPending,
  isFetching: query.isFetching,
  refetch: query.refetch,
  hasNextPage: false,
  isFetchNextPageError: false,
  fetchNextPage: query.refetch,
});

export interface RowPlace {
  index: number;
  count: number;
  top: number;
}

interface LibraryListProps<Row> {
  /** Names these rows; a list of the same name begins where it was left. */
  name: string;
  label: string;
  rows: readonly Row[];
  loading: Loading;
  /** Said when there are no rows. */
  nothing: ReactNode;
  keyOf: (row: Row) => string | number;
  children: (row: Row, place: RowPlace) => ReactNode;
}

export function LibraryList<Row>(props: LibraryListProps<Row>) {
  return <List key={props.name} {...props} />;
}

function List<Row>({ name, label, rows, loading, nothing, keyOf, children }: LibraryListProps<Row>) {
  const { t } = useTranslation();
  const { handle, places } = useLibrary();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const rowPx = ROW.px + ROW.rem * useRem();
  const drawing = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => (rows[index] === undefined ? index : keyOf(rows[index])),
    overscan: 30,
    initialOffset: () => places.get(name)?.top ?? 0,
  });
  useEffect(() => {
    drawing.measure();
  }, [drawing, rowPx]);
  const drawn = drawing.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  const { error, hasNextPage, isFetching, isPending, isFetchNextPageError, fetchNextPage, refetch } = loading;
  useEffect(() => {
    if (last >= rows.length - 20 && hasNextPage && !isFetching && !isFetchNextPageError) fetchNextPage();
  }, [last, rows.length, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);

  const focusRow = (index: number) => {
    if (index < 0 || index >= rows.length) return;
    drawing.scrollToIndex(index);
    const focus = () => list.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus();
    focus();
    requestAnimationFrame(focus); // by then a row that was out of sight is drawn
  };
  useEffect(() => {
    handle.current = { focusRow };
  });
  useEffect(() => {
    const opened = places.get(name)?.opened;
    if (opened === undefined) return;
    places.set(name, { top: places.get(name)?.top ?? 0 });
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-index="${opened}"]`)?.focus({ preventScroll: true }));
  }, [places, name]);
  const focused = useFocusAfterRemoval(rows.length, focusRow, scroller);
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (row === null) return;
    const index = Number(row.dataset.index);
    if (event.key === "ArrowDown") focusRow(index + 1);
    else if (event.key === "ArrowUp" && index > 0) focusRow(index - 1);
    else if (event.key === "ArrowUp" || event.key === "Escape")
      document.querySelector<HTMLElement>('[data-shortcut="search"]')?.focus();
    else if (event.key === "Enter" && event.target === row) row.querySelector<HTMLElement>("[data-main]")?.click();
    else return;
    event.preventDefault();
  };

  return (
    <div
      className={styles.scroller}
      ref={scroller}
      tabIndex={-1}
      onScroll={(event) => places.set(name, { ...places.get(name), top: event.currentTarget.scrollTop })}
      onClickCapture={(event) => {
        const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
        if (row) places.set(name, { top: scroller.current?.scrollTop ?? 0, opened: Number(row.dataset.index) });
      }}
    >
      {error !== null && (
        <p className={styles.empty} role="alert">
          {t("library.failed", { reason: sayError(t, error) })}
          <button type="button" className="button" onClick={() => (isFetchNextPageError ? fetchNextPage() : refetch())}>
            {t("library.retry")}
          </button>
        </p>
      )}
      {isPending && error === null && <p className={styles.empty}>{t("library.loading")}</p>}
      {!isPending && error === null && rows.length === 0 && (
        <div className={styles.empty}>
          <p>{nothing}</p>
        </div>
      )}
      <ul ref={list} className={styles.list} aria-label={label} aria-busy={isPending} style={{ height: rows.length * rowPx }} onKeyDown={keys} {...focused}>
        {drawn.map(({ index, start }) => {
          const row = rows[index];
          return row && children(row, { index, count: rows.length, top: start });
        })}
      </ul>
    </div>
  );
}

/** A row that goes leaves the focus to the one in its place, and the last one to the list: handlers for the rows' parent. */
function useFocusAfterRemoval(count: number, focusRow: (index: number) => void, list: RefObject<HTMLElement | null>) {
  const row = useRef<HTMLElement>(null);
  const before = useRef(count);
  useLayoutEffect(() => {
    const hasShrunk = count < before.current;
    before.current = count;
    if (!hasShrunk || row.current === null || document.activeElement !== document.body) return;
    if (count > 0) focusRow(Math.min(Number(row.current.dataset.index), count - 1));
    else list.current?.focus();
  });
  return {
    onFocus: ({ target }: FocusEvent<HTMLElement>) => {
      row.current = target.closest<HTMLElement>("[data-index]");
    },
    onBlur: ({ target }: FocusEvent<HTMLElement>) =>
      queueMicrotask(() => {
        if (target.isConnected && document.activeElement === document.body) row.current = null; // it was left, not removed
      }),
  };
}

/** One row; what Enter on it does is the click on its element with `data-main`. */
export function Row({ place: { index, count, top }, children }: { place: RowPlace; children: ReactNode }) {
  return (
    <li
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
      data-index={index}
      tabIndex={-1}
      aria-posinset={index + 1}
      aria-setsize={count}
    >
      {children}
    </li>
  );
}

/** Lies over its whole row, and opens the page of what the row shows. */
export function OpenButton({ label, onOpen }: { label: string; onOpen: () => void }) {
  return <button type="button" data-main="" className={styles.open} aria-label={label} onClick={onOpen} />;
}
