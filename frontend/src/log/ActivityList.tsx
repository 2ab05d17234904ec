// The entries of the log, of which only those in sight are drawn. A group opens to the entries in it.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Loading } from "../components/LibraryList";
import { sayError } from "../components/refusals";
import type { Activity, Person } from "../protocol/types";
import styles from "./Activity.module.css";
import { ActivityRow } from "./ActivityRow";
import { groupsOf, type Group } from "./entries";
import { beforeGroup, sentenceOf, type Sentence } from "./sentences";

interface ActivityListProps {
  entries: readonly Activity[];
  loading: Loading;
  /** Whether nothing is filtered out. */
  isWhole: boolean;
  onPerson: (person: Person) => void;
}

/** What is drawn in one row: a group, or one of the entries of an open one. */
export interface Line {
  readonly key: string;
  readonly group: Group;
  readonly sentence: Sentence;
  /** Whether this is one entry of an open group. */
  readonly isPart: boolean;
}

/** A row of two lines of text; it is measured when it is drawn. */
const ROW_PX = 68;

export function ActivityList({ entries, loading, isWhole, onPerson }: ActivityListProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const lines = useMemo(() => linesOf(groupsOf(entries), open, isWhole), [entries, open, isWhole]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 10,
  });
  const drawn = rows.getVirtualItems();
  const height = rows.getTotalSize();
  useKeptPlace(scroller, lines[0]?.key, height);
  const last = drawn.at(-1)?.index ?? 0;
  const { error, hasNextPage, isFetching, isPending, isFetchNextPageError, fetchNextPage, refetch } = loading;
  useEffect(() => {
    if (last >= lines.length - 10 && hasNextPage && !isFetching && !isFetchNextPageError) fetchNextPage();
  }, [last, lines.length, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  const toggle = (key: number) => {
    const others = new Set(open);
    if (!others.delete(key)) others.add(key);
    setOpen(others);
  };
  return (
    <div className={styles.scroller} ref={scroller} tabIndex={-1}>
      {error !== null && (
        <p className={styles.empty} role="alert">
          {t("log.failed", { reason: sayError(t, error) })}
          <button type="button" className="button" onClick={() => (isFetchNextPageError ? fetchNextPage() : refetch())}>
            {t("library.retry")}
          </button>
        </p>
      )}
      {isPending && error === null && <p className={styles.empty}>{t("log.loading")}</p>}
      {!isPending && error === null && lines.length === 0 && !hasNextPage && (
        <p className={styles.empty}>{t(isWhole ? "log.nothing" : "log.nothingLikeThis")}</p>
      )}
      <ul className={styles.list} aria-label={t("log.title")} aria-busy={isPending} style={{ height }}>
        {drawn.map(({ index, start }) => {
          const line = lines[index];
          return (
            line && (
              <li
                key={line.key}
                ref={rows.measureElement}
                data-index={index}
                tabIndex={-1}
                className={`${styles.row} ${line.isPart ? styles.part : ""}`}
                style={{ transform: `translateY(${start}px)` }}
              >
                <ActivityRow line={line} isOpen={open.has(line.group.key)} onToggle={toggle} onPerson={onPerson} onUndone={refetch} />
              </li>
            )
          );
        })}
      </ul>
      {hasNextPage && !isPending && <p className={styles.empty}>{t("log.more")}</p>}
    </div>
  );
}

/** Kinds whose sentence depends on what was before. */
const BY_WHAT_WAS_BEFORE = new Set(["playback.changed", "track.playing"]);

function linesOf(groups: readonly Group[], open: ReadonlySet<number>, isWhole: boolean): Line[] {
  return groups.flatMap((group, index) => {
    const needsBefore = isWhole && BY_WHAT_WAS_BEFORE.has(group.entries[0].type);
    const sentence = sentenceOf(group, needsBefore ? beforeGroup(groups, index) : {});
    if (sentence === null) return [];
    const line = { key: `${group.key}`, group, sentence, isPart: false };
    if (group.entries.length === 1 || !open.has(group.key)) return [line];
    const parts = group.entries.flatMap((entry) => {
      const part: Group = { key: group.key, entries: [entry] };
      const said = sentenceOf(part);
      return said ? [{ key: `${group.key}/${entry.revision}`, group: part, sentence: said, isPart: true }] : [];
    });
    return [line, ...parts];
  });
}

/** While somebody reads further down, what comes in on top does not push the text away under their eyes. */
function useKeptPlace(scroller: React.RefObject<HTMLElement | null>, first: string | undefined, height: number): void {
  const before = useRef({ first, height });
  useLayoutEffect(() => {
    const element = scroller.current;
    const grown = height - before.current.height;
    if (element && element.scrollTop > 0 && first !== before.current.first && grown > 0) element.scrollBy(0, grown);
    before.current = { first, height };
  }, [scroller, first, height]);
}
