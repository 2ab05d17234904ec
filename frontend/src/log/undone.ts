// What undoing did, and what it left as it is, in words.
import type { TFunction } from "i18next";
import { sayError } from "../components/refusals";
import { RestError } from "../protocol/rest";
import type { UndoAnswer } from "../protocol/types";

export function sayUndone(t: TFunction, { undone, left }: UndoAnswer): string {
  const done = t("log.undone", { count: undone.length });
  return left.length === 0 ? done : t("log.left", { done, why: sayLeft(t, left) });
}

/** Why nothing was undone. */
export function sayUndoError(t: TFunction, error: unknown): string {
  const isNothing = error instanceof RestError && error.code === "NOT_UNDOABLE";
  return isNothing ? sayUndone(t, { undone: [], left: error.details.left as UndoAnswer["left"] }) : sayError(t, error);
}

/** "2 songs that have been played, 1 song that is in the queue again" */
export function sayLeft(t: TFunction, left: UndoAnswer["left"]): string {
  const counts = new Map<UndoAnswer["left"][number]["reason"], number>();
  for (const { reason } of left) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => t(`log.reason.${reason}`, { count })).join(", ");
}
