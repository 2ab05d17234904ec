// Why a song plays when it does, in sentences.
import { useQuery } from "@tanstack/react-query";
import i18next, { type TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { rest } from "../protocol/rest";
import type { Activity, Item } from "../protocol/types";
import { useRoom, useView } from "../room/hooks";
import { explained, type Reason } from "../room/explain";
import type { Page } from "../log/entries";
import { isFiller } from "../room/order";
import type { RoomState } from "../room/state";
import { isolated } from "./Named";
import { sayName } from "./names";
import styles from "./SongDialog.module.css";

export function Why({ item }: { item: Item }) {
  const { t } = useTranslation();
  const state = useView((view) => view.state);
  const booster = useBooster(item);
  const sentences = useMemo(() => (state === null ? [] : sayWhy(t, state, item.id, booster)), [t, state, item.id, booster]);
  return (
    sentences.length > 0 && (
      <ul className={styles.why} aria-label={t("why.title")}>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    )
  );
}

/** Who let a song play next, by the log; null where nobody did, or where the log is not known to say. */
function useBooster({ id, boosted_at }: Item): string | null {
  const { slug } = useRoom();
  const { data = null } = useQuery({
    queryKey: ["booster", slug, id, boosted_at],
    queryFn: ({ signal }) => boosterOf(slug, id, boosted_at, signal),
    enabled: boosted_at !== null,
    staleTime: Infinity,
  });
  return data;
}

/** More pages than an evening has: each looks at thousands of events. */
const PAGES = 10;

/** The name of whoever made this boost, by the log back to its time. */
export async function boosterOf(slug: string, id: string, boosted_at: string | null, signal: AbortSignal): Promise<string | null> {
  const since = Date.parse(boosted_at ?? "");
  let before: number | null = null;
  for (let page = 0; page < PAGES; page++) {
    const { rows, next }: Page = await rest.activity(slug, { person: null, type: "track.boosted", before }, signal);
    const booster = boosterIn(rows, id, boosted_at);
    if (booster !== null || next === null || rows.some(({ at }) => Date.parse(at) < since)) return booster;
    before = next;
  }
  return null;
}

/** The name of whoever made this boost, among entries of the log. */
export function boosterIn(entries: readonly Activity[], id: string, boosted_at: string | null): string | null {
  const at = Date.parse(boosted_at ?? "");
  const isIt = ({ details }: Activity) => {
    const item = details.item as Partial<Item> | undefined;
    return item?.id === id && Date.parse(item.boosted_at ?? "") === at;
  };
  return entries.find(isIt)?.actor?.name ?? null;
}

/** What decides about an item, the strongest first; nothing where it is not to play. `booster`: the name beside its boost, if known. */
export function sayWhy(t: TFunction, state: RoomState, id: string, booster: string | null): string[] {
  const all = explained(state, false);
  const reasons = all.get(id)?.because ?? [];
  return reasons.map((reason) =>
    reason.kind === "turn" ? sayTurn(t, state, reason.round, before(t, state, all, id)) : sayReason(t, state, reason, id, booster),
  );
}

/** Who added the songs of the same round that come before an item. */
function before(t: TFunction, { items }: RoomState, all: ReturnType<typeof explained>, id: string): string[] {
  const ids = [...all.keys()];
  const isRival = (other: string) => all.get(other)?.round === all.get(id)?.round && all.get(other)?.because[0]?.kind === "turn";
  return ids.slice(0, ids.indexOf(id)).filter(isRival).map((other) => sayName(t, items.get(other)?.added_by ?? ""));
}

type OtherReason = Exclude<Reason, { kind: "turn" }>;

function sayReason(t: TFunction, { items, playlist }: RoomState, reason: OtherReason, id: string, booster: string | null): string {
  const item = items.get(id);
  switch (reason.kind) {
    case "boosted":
      return booster === null ? t("why.boosted") : t("why.boostedBy", { name: isolated(booster) });
    case "votes":
      return reason.ahead === 2 ? t("why.votesTwo") : t("why.votes", { count: reason.ahead });
    case "position":
      if (item && isFiller(item)) return t("why.filler");
      return t(playlist.order === "manual" ? "why.position" : "why.tie");
    default:
      return reason satisfies never;
  }
}

/** The running round is the first turn that people see. */
function sayTurn(t: TFunction, { playlist }: RoomState, round: number, before: readonly string[]): string {
  const turn = round - (playlist.fair?.round ?? 0) + 1;
  if (before.length === 0) return t("why.firstOfTurn", { turn });
  return t("why.turn", { count: before.length, turn, names: listed(t, before) });
}

const NAMED = 3;

function listed(t: TFunction, all: readonly string[]): string {
  const names = all.slice(0, NAMED).map(isolated);
  if (all.length > NAMED) names.push(t("why.others", { count: all.length - NAMED }));
  return new Intl.ListFormat(i18next.language, { type: "conjunction" }).format(names);
}
