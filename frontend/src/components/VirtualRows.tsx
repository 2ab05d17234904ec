// A list of the library that is loaded page by page; only the rows in sight are drawn.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Page } from "../protocol/rest";
import styles from "./Library.module.css";
import { sayError } from "./refusals";
import { useRem } from "./useRem";

/** The height of a row as Library.module.css has it. */
const ROW = { px: 16, rem: 3 };

export interface ListHandle {
  focusRow: (index: number) => void;
}

/** Where a row is drawn: the properties of its <li>. */
export interface RowPlace {
  className: string | undefined;
  style: { transform: string };
  "data-index": number;
  tabIndex: number;
  "aria-posinset": number;
  "aria-setsize": number;
}

interface VirtualRowsProps<T extends { id: string | number }> {
  label: string;
  queryKey: readonly unknown[];
  load: (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>;
  handle?: React.RefObject<ListHandle | null>;
  empty: ReactNode;
  /** Above the list, given what is loaded of it. */
  header?: (rows: readonly T[]) => ReactNode;
  row: (value: T, place: RowPlace) => ReactNode;
}

export function VirtualRows<T extends { id: string | number }>(props: VirtualRowsProps<T>) {
  const { label, queryKey, load, handle, empty, header, row } = props;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const found = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const values = found.data?.pages.flatMap((page) => page.rows) ?? [];
  const rowPx = ROW.px + ROW.rem * useRem();
  const rows = useVirtualizer({
    count: values.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => values[index]?.id ?? index,
    overscan: 30,
  });
  useEffect(() => {
    rows.measure();
  }, [rows, rowPx]);
  const key = JSON.stringify(queryKey);
  useEffect(() => {
    scroller.current?.scrollTo(0, 0);
  }, [key]);
  const drawn = rows.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = found;
  useEffect(() => {
    if (last >= values.length - 20 && hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [last, values.length, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);

  const focusRow = (index: number) => {
    if (index < 0 || index >= values.length) return;
    rows.scrollToIndex(index);
    const focus = () => list.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus();
    focus();
    requestAnimationFrame(focus); // by then a row that was out of sight is drawn
  };
  useEffect(() => {
    if (handle) handle.current = { focusRow };
  });
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const target = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (target === null) return;
    const index = Number(target.dataset.index);
    if (event.key === "ArrowDown") focusRow(index + 1);
    else if (event.key === "ArrowUp" && index > 0) focusRow(index - 1);
    else if (event.key === "ArrowUp" || event.key === "Escape")
      document.querySelector<HTMLElement>('[data-shortcut="search"]')?.focus();
    else if (event.key === "Enter" && event.target === target) target.querySelector<HTMLElement>("[data-main]")?.click();
    else return;
    event.preventDefault();
  };
  const placeOf = (index: number, start: number): RowPlace => ({
    className: styles.row,
    style: { transform: `translateY(${start}px)` },
    "data-index": index,
    tabIndex: -1,
    "aria-posinset": index + 1,
    "aria-setsize": values.length,
  });

  return (
    <div className={styles.scroller} ref={scroller} tabIndex={-1}>
      {header?.(values)}
      {found.isError && (
        <p className={styles.empty} role="alert">
          {t("library.failed", { reason: sayError(t, found.error) })}
          <button type="button" className="button" onClick={() => void (isFetchNextPageError ? fetchNextPage() : found.refetch())}>
            {t("library.retry")}
          </button>
        </p>
      )}
      {found.isPending && <p className={styles.empty}>{t("library.loading")}</p>}
      {found.isSuccess && values.length === 0 && <p className={styles.empty}>{empty}</p>}
      <ul ref={list} className={styles.list} aria-label={label} style={{ height: values.length * rowPx }} onKeyDown={keys}>
        {drawn.map(({ index, start }) => {
          const value = values[index];
          return value && row(value, placeOf(index, start));
        })}
      </ul>
    </div>
  );
}
