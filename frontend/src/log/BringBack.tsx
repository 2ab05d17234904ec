// For those who lead the room: make the queue again what it was, after a look at what that changes.
import { History } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { leaveFocus } from "../components/focus";
import { useNotify } from "../components/notices";
import { sayError } from "../components/refusals";
import { rest } from "../protocol/rest";
import type { Item } from "../protocol/types";
import { newId } from "../room/ids";
import { useRoom } from "../room/hooks";
import styles from "./AsItWas.module.css";
import { differenceOf } from "./evening";

interface BringBackProps {
  revision: number;
  then: readonly Item[];
  now: readonly Item[];
  /** Whether `then` is what is looked at, and something has happened since. */
  isReady: boolean;
}

export function BringBack({ revision, then, now, isReady }: BringBackProps) {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const notify = useNotify();
  const [isBusy, setBusy] = useState(false);
  const { back, out } = differenceOf(then, now);
  const changes = [back > 0 && t("log.all.back", { count: back }), out > 0 && t("log.all.out", { count: out })].filter((text) => text !== false);
  const bring = async () => {
    setBusy(true);
    try {
      const { left } = await rest.restore(slug, revision, newId());
      notify(left.length === 0 ? t("log.past.brought") : t("log.past.broughtBut", { count: left.length }));
    } catch (error) {
      notify(sayError(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.bring} tabIndex={-1}>
      <p role="status" className={styles.muted}>
        {changes.length === 0 ? t("log.past.same") : `${changes.join(", ")}.`}
      </p>
      <button type="button" className="button primary" disabled={isBusy || !isReady} onClick={({ currentTarget }) => {
          leaveFocus(currentTarget, "div");
          void bring();
        }}>
        <History size={18} aria-hidden="true" /> {t("log.past.bring")}
      </button>
    </div>
  );
}
