// Notices of what happened, with Undo where there is one, and of refusals with their reason. Each goes away by itself.
import { Undo2, X } from "lucide-react";
import { createContext, useCallback, useContext, useEffect, useEffectEvent, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { useActions, useRoom, useView } from "../room/hooks";
import type { Item } from "../protocol/types";
import type { Problem } from "../room/view";
import { Named } from "./Named";
import styles from "./notices.module.css";
import { sayRefusal } from "./refusals";

const UNDO_MS = 6_000;
const READ_MS = 8_000;

interface Notice {
  id: number;
  text: ReactNode;
  undo?: () => void;
}

const NoticeContext = createContext<(text: ReactNode, undo?: () => void) => void>(() => undefined);
type Enter = (host: HTMLElement) => () => void;

/** Where notices are drawn: in the dialog that was opened last, since everything outside of it is inert. */
const HostContext = createContext<Enter>(() => () => undefined);

/** Draws them in an element, until what it returns is called. */
export const useNoticeHost = () => useContext(HostContext);

/** Show a notice, perhaps with a way back. */
export const useNotify = () => useContext(NoticeContext);

/** Remove an item, and offer to undo that for six seconds. */
export function useRemove(): (item: Item) => void {
  const { remove, restore } = useActions();
  const notify = useNotify();
  const { t } = useTranslation();
  return useCallback(
    (item) => {
      remove(item);
      notify(<Named name={item.track.title} text={(title) => t("notice.removed", { title })} />, () => restore(item));
    },
    [remove, restore, notify, t],
  );
}

let lastId = 0;

export function Notices({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<Notice[]>([]);
  const [hosts, setHosts] = useState<readonly HTMLElement[]>([]);
  const enter = useCallback<Enter>((host) => {
    setHosts((others) => [...others, host]);
    return () => setHosts((others) => others.filter((other) => other !== host));
  }, []);
  const notify = useCallback((text: ReactNode, undo?: () => void) => {
    lastId += 1;
    const notice = { id: lastId, text, ...(undo && { undo }) };
    setNotices((others) => [...others, notice]);
  }, []);
  const drop = useCallback((notice: Notice) => setNotices((others) => others.filter((other) => other !== notice)), []);
  return (
    <NoticeContext value={notify}>
      <HostContext value={enter}>{children}</HostContext>
      {createPortal(
        <div className={styles.stack}>
          <div role="status">
            {notices.map((notice) => (
              <Toast key={notice.id} text={notice.text} undo={notice.undo} ms={notice.undo ? UNDO_MS : READ_MS} onGone={() => drop(notice)} />
            ))}
          </div>
          <Problems />
        </div>,
        hosts.at(-1) ?? document.body,
      )}
    </NoticeContext>
  );
}

function Problems() {
  const room = useRoom();
  const problems = useView((view) => view.problems);
  return (
    <div role="alert">
      {problems.map((problem) => (
        <Toast
          key={problem.id}
          isBad
          text={<Refused problem={problem} />}
          ms={READ_MS}
          onGone={() => room.dismiss(problem)}
        />
      ))}
    </div>
  );
}

function Refused({ problem: { title, error, command } }: { problem: Problem }) {
  const { t } = useTranslation();
  const why = sayRefusal(t, error, command.command);
  return title === null ? why : <Named name={title} text={(name) => t("refused.about", { title: name, why })} />;
}

interface ToastProps {
  text: ReactNode;
  ms: number;
  onGone: () => void;
  undo?: (() => void) | undefined;
  isBad?: boolean;
}

function Toast({ text, ms, onGone, undo, isBad = false }: ToastProps) {
  const { t } = useTranslation();
  const [isHeld, setHeld] = useState(false);
  const gone = useEffectEvent(onGone);
  useEffect(() => {
    if (isHeld) return undefined;
    const timer = setTimeout(() => gone(), ms);
    return () => clearTimeout(timer);
  }, [ms, isHeld]);
  return (
    <div
      className={`${styles.toast} ${isBad ? styles.bad : ""}`}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className={styles.text}>{text}</span>
      {undo && (
        <button
          type="button"
          className={`button ${styles.undo}`}
          onClick={() => {
            undo();
            onGone();
          }}
        >
          <Undo2 size={18} aria-hidden="true" /> {t("notice.undo")}
        </button>
      )}
      <button type="button" className="icon" aria-label={t("notice.dismiss")} onClick={onGone}>
        <X size={18} aria-hidden="true" />
      </button>
    </div>
  );
}
