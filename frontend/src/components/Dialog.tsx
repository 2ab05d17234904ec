// The browser's own modal dialog: it keeps the focus inside, gives it back, and closes on Escape and beside it.
import { X } from "lucide-react";
import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import styles from "./Dialog.module.css";
import { useNoticeHost } from "./notices";

interface DialogProps {
  title: string;
  closeLabel: string;
  onClose: () => void;
  /** A sheet and a tall one fill a phone's screen, and a full one every screen. A tall one scrolls in its own parts. */
  kind?: "box" | "wide" | "sheet" | "tall" | "full";
  children: ReactNode;
}

export function Dialog({ title, closeLabel, onClose, kind = "box", children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const showNoticesIn = useNoticeHost();
  // In the layout phase: while it is still in the document, closing gives the focus back.
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog === null) return undefined;
    dialog.showModal();
    const leave = showNoticesIn(dialog);
    return () => {
      leave();
      dialog.close();
    };
  }, [showNoticesIn]);
  return (
    <dialog
      ref={element}
      className={`${styles.dialog} ${styles[kind]}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div className={styles.inside}>
        <div className={styles.header}>
          <h2 id={titleId} className="clamp">
            {title}
          </h2>
          <button type="button" className="icon" aria-label={closeLabel} onClick={onClose}>
            <X aria-hidden="true" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
