// The vote to skip the current song, where the room votes on it.
import { ChevronsRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Item } from "../protocol/types";
import { useActions, useView } from "../room/hooks";
import styles from "./SkipVote.module.css";

/** The number of votes that skip where so many are here, by the decimal fraction that `share` is written as. */
export const neededOf = (share: number, people: number) => Math.max(1, Math.ceil(Number((share * people).toFixed(9))));

export function SkipVote({ item }: { item: Item }) {
  const { t } = useTranslation();
  const { skip } = useActions();
  const [share, vote, you, online] = useView(
    ({ state, you, online }) => [state?.playlist.rules.skip_share ?? null, state?.playlist.skip ?? null, you?.id ?? null, online] as const,
  );
  if (share === null || you === null) return null;
  const cast = vote?.item_id === item.id ? vote : null;
  const isMine = cast?.people.includes(you) ?? false;
  const votes = cast?.votes ?? 0;
  // Before the first vote nobody has counted: as many as are here now.
  const needed = cast?.needed ?? neededOf(share, online);
  return (
    <>
      <button
        type="button"
        className={`button ${styles.skip}`}
        aria-label={t("player.skip", { title: item.track.title })}
        aria-pressed={isMine}
        onClick={() => skip(item, !isMine)}
      >
        <ChevronsRight size={18} aria-hidden="true" />
        <span>{t("player.skipShort")}</span>{" "}
        <span>
          {votes}/{needed}
        </span>
      </button>
      <span className="hidden">{t("player.skipVotes", { count: votes, needed })}</span>
    </>
  );
}
