import { Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { leaveFocus } from "../components/focus";
import { useNotify } from "../components/notices";
import { rest } from "../protocol/rest";
import { newId } from "../room/ids";
import { useRoom } from "../room/hooks";
import styles from "./Activity.module.css";
import { sayUndoError, sayUndone } from "./undone";

interface UndoButtonProps {
  revisions: readonly number[];
  what: string;
  onDone: () => unknown;
}

export function UndoButton({ revisions, what, onDone }: UndoButtonProps) {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const notify = useNotify();
  const [isBusy, setBusy] = useState(false);
  const undo = async () => {
    setBusy(true);
    try {
      const outcome = await rest.undo(slug, { revisions: [...revisions] }, newId());
      if (outcome.left.length > 0) notify(sayUndone(t, outcome));
      await onDone();
    } catch (error) {
      notify(sayUndoError(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <button
      type="button"
      className={`button ${styles.undo}`}
      aria-label={t("log.undo", { what })}
      disabled={isBusy}
      onClick={({ currentTarget }) => {
        leaveFocus(currentTarget, "li");
        void undo();
      }}
    >
      <Undo2 size={16} aria-hidden="true" />
      <span className={styles.long}>{t("log.undoShort")}</span>
    </button>
  );
}
