// The songs and artists that nobody adds here, for whoever leads the room.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { rest, type BlockedKind } from "../protocol/rest";
import { useRoom } from "../room/hooks";
import { Named } from "./Named";
import { useNotify } from "./notices";
import { sayError } from "./refusals";
import styles from "./Rules.module.css";

export function Blocked() {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const setBlocked = useSetBlocked();
  const { data } = useQuery({
    queryKey: ["blocked", slug],
    queryFn: ({ signal }) => rest.blocked(slug, signal),
    staleTime: 0,
  });
  return (
    <>
      <h3 className={styles.heading}>{t("rules.blocked")}</h3>
      {data?.length === 0 && <p className={styles.hint}>{t("rules.nothingBlocked")}</p>}
      <ul aria-label={t("rules.blocked")}>
        {data?.map(({ kind, id, name, artist }) => (
          <li key={`${kind}/${id}`} className={styles.blocked}>
            <span>
              <bdi>{name}</bdi> {artist !== null && <bdi className={styles.artist}>{artist}</bdi>}
            </span>
            <button
              type="button"
              className="button"
              aria-label={t("rules.unblock", { name })}
              onClick={() => setBlocked({ kind, id, name }, false)}
            >
              {t("rules.unblockShort")}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

interface Blockable {
  kind: BlockedKind;
  id: string | number;
  name: string;
}

/** Blocks something, and offers to undo that; or lets it be added again. */
export function useSetBlocked(): (what: Blockable, isOn: boolean) => void {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const notify = useNotify();
  const queries = useQueryClient();
  return function set(what, isOn) {
    rest
      .setBlocked(slug, what.kind, what.id, isOn)
      .then(() => {
        if (isOn) notify(<Named name={what.name} text={(name) => t("rules.nowBlocked", { name })} />, () => set(what, false));
        return queries.invalidateQueries({ queryKey: ["blocked", slug] });
      })
      .catch((error: unknown) => notify(sayError(t, error)));
  };
}
