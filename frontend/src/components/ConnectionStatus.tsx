// The state of the connection in two words, never in the way.
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TFunction } from "i18next";
import { useView } from "../room/hooks";
import type { Status } from "../room/connection";
import styles from "./ConnectionStatus.module.css";

export function ConnectionStatus() {
  const { t } = useTranslation();
  const [status, unanswered] = useView((view) => [view.status, view.unanswered] as const);
  const seconds = useCountdown(status);
  return (
    <div role="status" aria-label={t("connection.label")} className={`${styles.status} ${styles[status.kind]}`}>
      <span className={styles.dot} aria-hidden="true" />
      {/* Only for the eye: a screen reader would read out every second. */}
      {seconds > 0 && <span aria-hidden="true">{t("connection.reconnectingIn", { count: seconds })}</span>}
      <span className={seconds > 0 ? "hidden" : undefined}>{words(t, status)}</span>
      {status.kind !== "open" && unanswered > 0 && <span> · {t("connection.kept", { count: unanswered })}</span>}
    </div>
  );
}

/** Explains what to do when the server is there, but its sockets do not get through. */
export function BlockedLine({ className = "" }: { className?: string }) {
  const { t } = useTranslation();
  const isBlocked = useView((view) => view.isBlocked);
  return (
    <p role="alert" className={`${styles.blocked} ${className}`}>
      {isBlocked && t("connection.blocked")}
    </p>
  );
}

function words(t: TFunction, status: Status): string {
  switch (status.kind) {
    case "open":
      return t("connection.connected");
    case "connecting":
      return t("connection.connecting");
    case "waiting":
      return t("connection.reconnecting");
    case "offline":
      return t("connection.offline");
    case "ended":
      return t("connection.ended");
  }
}

function useCountdown(status: Status): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (status.kind !== "waiting") return undefined;
    const timer = setInterval(() => setNow(performance.now()), 250);
    return () => clearInterval(timer);
  }, [status]);
  if (status.kind !== "waiting") return 0;
  // The last tick may be of an earlier break.
  return Math.max(0, Math.ceil((status.retryAt - Math.max(now, status.since)) / 1000));
}
