// The name of the person that added a song. The host has a mark, by which nobody else of that name is taken for them.
import { Crown } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Item } from "../protocol/types";
import { useView } from "../room/hooks";
import styles from "./AddedBy.module.css";
import { Named } from "./Named";

export function AddedBy({ item }: { item: Item }) {
  const { t } = useTranslation();
  const isHost = useView(({ state }) => item.adder !== null && item.adder === state?.playlist.host?.adder);
  return (
    <>
      {isHost && <Crown role="img" aria-label={t("people.host")} className={styles.host} />}
      <Named name={item.added_by} text={(name) => t("queue.addedBy", { name })} />
    </>
  );
}
