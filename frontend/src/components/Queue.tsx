// The queue. Only the rows in sight are drawn, each placed by its index; rows that change places glide.
import { useVirtualizer, defaultRangeExtractor, type Range } from "@tanstack/react-virtual";
import { ListMusic } from "lucide-react";
import { useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Item } from "../protocol/types";
import { usePlan } from "../player/usePlan";
import { useActions, useBoosts, useLists, useRights, useRoom, useView } from "../room/hooks";
import { mayBeNext } from "../room/rights";
import { BlockedLine } from "./ConnectionStatus";
import { Evening } from "./Evening";
import { Played } from "./Played";
import styles from "./Queue.module.css";
import { QueueRow } from "./QueueRow";
import { RulesButton } from "./RulesButton";
import { SongDialog } from "./SongDialog";
import { useRemove } from "./notices";
import { roughTime, timeUntil } from "./time";
import { useDrag } from "./useDrag";
import { useGlide } from "./useGlide";
import { useKeptFocus } from "./useKeptFocus";
import { useMedia } from "./useMedia";
import { useOneSwipe } from "./useOneSwipe";
import { useRem } from "./useRem";

/** The height of a row as QueueRow.module.css has it. */
const ROW = { px: 24, rem: 3 };

const TIMES_EVERY_MS = 10_000;

export function Queue() {
  const { t } = useTranslation();
  const { queue } = useLists();
  const isReady = useView((view) => view.state !== null);
  const order = useView((view) => view.state?.playlist.order);
  const seconds = useMemo(() => queue.reduce((sum, item) => sum + item.track.duration_seconds, 0), [queue]);
  const headingId = useId();
  return (
    <section className={styles.panel} aria-labelledby={headingId}>
      <header className={styles.header}>
        <div className={styles.heading}>
          <h2 id={headingId}>{t("queue.title")}</h2>
          {order === "votes" && <span className={styles.order}>{t("queue.byVotes")}</span>}
          {order === "fair" && <span className={styles.order}>{t("rules.orders.fair")}</span>}
        </div>
        <Evening />
        <RulesButton />
      </header>
      <BlockedLine />
      <QueueList isReady={isReady}>
        {queue.length > 0 && (
          <p className={styles.total}>{t("queue.total", { count: queue.length, duration: roughTime(t, seconds) })}</p>
        )}
        <Played />
      </QueueList>
    </section>
  );
}

function QueueList({ isReady, children }: { isReady: boolean; children: React.ReactNode }) {
  const { t } = useTranslation();
  const { queue } = useLists();
  const [waiting, myVotes, isPaused] = useView(
    (view) => [view.waiting, view.state?.myVotes, view.state?.playback.state !== "playing"] as const,
  );
  const playsAt = usePlayTimes();
  const [openedId, open] = useState<string | null>(null);
  const rights = useRights();
  const boosts = useBoosts();
  const { moveAfter, play, boost, vote } = useActions();
  const remove = useRemove();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const isNarrow = useMedia("(max-width: 39.99em)");
  const rowPx = ROW.px + ROW.rem * useRem();
  const helpId = useId();
  const drag = useDrag({ queue, rowPx, scroller, list, mayMove: rights.move, arePeers: rights.arePeers, onDrop: moveAfter });
  const lifted = drag.lifted === null ? -1 : queue.findIndex((item) => item.id === drag.lifted);
  const rows = useVirtualizer({
    count: queue.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => queue[index]?.id ?? index,
    overscan: 12,
    rangeExtractor: useCallback(
      // The row in hand stays drawn, or the pointer would lose it.
      (range: Range) => [...new Set([...defaultRangeExtractor(range), ...(lifted >= 0 ? [lifted] : [])])].sort((a, b) => a - b),
      [lifted],
    ),
  });
  useEffect(() => {
    rows.measure();
  }, [rows, rowPx]);
  useGlide(list, queue, rowPx, drag.lifted);
  useKeptFocus(list);
  useOneSwipe(list);
  usePlayingInSight(queue, rows.scrollToIndex, drag.lifted !== null);
  const removeRow = useCallback(
    (item: Item) => {
      focusNeighbour(list.current, item.id);
      remove(item);
    },
    [remove],
  );
  const openRow = useCallback((item: Item) => open(item.id), []);
  const close = useCallback(() => open(null), []);
  const opened = queue.find((item) => item.id === openedId);
  return (
    <div className={styles.scroller} ref={scroller} tabIndex={-1}>
      {!isReady && <p className={styles.empty}>{t("queue.loading")}</p>}
      {isReady && queue.length === 0 && (
        <div className={styles.empty}>
          <ListMusic size={40} aria-hidden="true" />
          <p>
            <strong>{t("queue.empty")}</strong>
          </p>
          <p>{t("queue.emptyHint")}</p>
        </div>
      )}
      <p id={helpId} className="hidden" aria-hidden="true">
        {t("queue.howToMove")}
      </p>
      <ul ref={list} className={styles.list} aria-label={t("queue.title")} aria-busy={!isReady} style={{ height: queue.length * rowPx }}>
        {rows.getVirtualItems().map(({ index, key }) => {
          const item = queue[index];
          return (
            item && (
              <QueueRow
                key={key}
                item={item}
                top={drag.lifted === item.id ? drag.top : index * rowPx}
                place={index + 1}
                count={queue.length}
                myVote={myVotes?.[item.id] ?? 0}
                playsAt={playsAt(item)}
                isWaiting={waiting.has(item.id)}
                isPaused={isPaused && item.is_playing}
                isLifted={drag.lifted === item.id}
                isNarrow={isNarrow}
                mayMove={rights.move(item)}
                mayRemove={rights.remove(item)}
                mayPlay={rights.playback}
                mayVote={rights.vote}
                mayVoteDown={rights.downvote}
                boosts={boosts && (mayBeNext(item) ? boosts.left : 0)}
                helpId={helpId}
                onGrab={drag.grab}
                onGrabKey={drag.key}
                onVote={vote}
                onRemove={removeRow}
                onPlay={play}
                onBoost={boost}
                onOpen={openRow}
              />
            )
          );
        })}
        {drag.gap !== null && <li className={styles.gap} role="presentation" style={{ transform: `translateY(${drag.gap * rowPx}px)` }} />}
      </ul>
      {children}
      {opened && <SongDialog item={opened} playsAt={playsAt(opened)} onRemove={removeRow} onClose={close} />}
      <div role="log" aria-live="assertive" className="hidden">
        {drag.said}
      </div>
    </div>
  );
}

/** Says when a waiting item will play; "" while that is not known. */
function usePlayTimes(): (item: Item) => string {
  const { t } = useTranslation();
  const room = useRoom();
  const planned = usePlan(TIMES_EVERY_MS);
  const startsAtMs = useMemo(() => new Map(planned.map((entry) => [entry.item.id, entry.startsAtMs])), [planned]);
  return (item) => {
    const at = item.is_playing ? undefined : startsAtMs.get(item.id);
    return at === undefined ? "" : timeUntil(t, at, room.clock.nowMs());
  };
}

/** Scrolls to the row of an item that begins to play, unless a row is being dragged. */
function usePlayingInSight(
  queue: readonly Item[],
  scrollTo: (index: number, options: { align: "auto" }) => void,
  isHeld: boolean,
): void {
  const seen = useRef<string | undefined>(undefined);
  useEffect(() => {
    const index = queue.findIndex((item) => item.is_playing);
    const id = queue[index]?.id;
    if (id === seen.current || isHeld) return;
    seen.current = id;
    if (index >= 0) scrollTo(index, { align: "auto" });
  }, [queue, scrollTo, isHeld]);
}

/** After a removal by keyboard, focus goes to the next row. */
function focusNeighbour(list: HTMLElement | null, id: string): void {
  const row = list?.querySelector(`[data-id="${id}"]`);
  if (!row?.contains(document.activeElement)) return;
  const button = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector<HTMLElement>("[data-part=neighbour]");
  button?.focus({ preventScroll: true });
}
