// Why a song plays when it does, in sentences.
import i18next, { type TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Item } from "../protocol/types";
import { useView } from "../room/hooks";
import { explained, type Reason } from "../room/explain";
import { isFiller } from "../room/order";
import type { RoomState } from "../room/state";
import { isolated } from "./Named";
import styles from "./SongDialog.module.css";

export function Why({ item }: { item: Item }) {
  const { t } = useTranslation();
  const state = useView((view) => view.state);
  const sentences = useMemo(() => (state === null ? [] : sayWhy(t, state, item.id)), [t, state, item.id]);
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

/** What decides about an item, the strongest first; nothing where it is not to play. */
export function sayWhy(t: TFunction, state: RoomState, id: string): string[] {
  const all = explained(state, false);
  const reasons = all.get(id)?.because ?? [];
  return reasons.map((reason) =>
    reason.kind === "turn" ? sayTurn(t, state, reason.round, before(state, all, id)) : sayReason(t, state, reason, id),
  );
}

/** Who added the songs of the same round that come before an item. */
function before({ items }: RoomState, all: ReturnType<typeof explained>, id: string): string[] {
  const ids = [...all.keys()];
  const isRival = (other: string) => all.get(other)?.round === all.get(id)?.round && all.get(other)?.because[0]?.kind === "turn";
  return ids.slice(0, ids.indexOf(id)).filter(isRival).map((other) => items.get(other)?.added_by ?? "");
}

type OtherReason = Exclude<Reason, { kind: "turn" }>;

function sayReason(t: TFunction, { items, playlist, boosters }: RoomState, reason: OtherReason, id: string): string {
  const [item, booster] = [items.get(id), boosters.get(id)];
  switch (reason.kind) {
    case "boosted":
      return booster === undefined ? t("why.boosted") : t("why.boostedBy", { name: isolated(booster) });
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
