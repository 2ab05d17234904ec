// The room's name, the connection, the people, and the way in for others.
import { History, Lock, Share2, Users } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../room/hooks";
import { ConnectionStatus } from "./ConnectionStatus";
import { later } from "./later";
import { People } from "./People";
import { Share } from "./Share";
import styles from "./TopBar.module.css";

const Activity = later(() => import("../log/Activity").then((module) => module.Activity));

export function TopBar({ fallbackName }: { fallbackName: string }) {
  const { t } = useTranslation();
  const [name, isLocked, online] = useView(
    (view) => [view.state?.playlist.name ?? fallbackName, view.state?.playlist.locked ?? false, view.online] as const,
  );
  const [open, setOpen] = useState<"people" | "activity" | "share" | null>(null);
  const close = () => setOpen(null);
  return (
    <header className={styles.bar}>
      <a className={styles.home} href="/" aria-label={t("join.toHome")}>
        <img src="/static/client/icons/icon.svg" alt="" width="32" height="32" />
      </a>
      <div className={styles.name}>
        <h1 className="ellipsis">
          <bdi>{name}</bdi> {isLocked && <Lock size={16} aria-hidden="true" />}
        </h1>
        <ConnectionStatus />
      </div>
      <button type="button" className="button" onClick={() => setOpen("people")}>
        <Users size={18} aria-hidden="true" />
        <span className="hidden">{t("people.button")}</span>
        <span className={styles.online} aria-hidden="true">
          {online || ""}
        </span>
      </button>
      <button type="button" className={`icon ${styles.activity}`} aria-label={t("log.title")} onClick={() => setOpen("activity")}>
        <History size={22} aria-hidden="true" />
      </button>
      <button type="button" className="button primary" aria-label={t("share.button")} onClick={() => setOpen("share")}>
        <Share2 size={18} aria-hidden="true" />
        <span className={styles.long}>{t("share.button")}</span>
      </button>
      {open === "people" && <People onClose={close} />}
      {open === "activity" && <Activity onClose={close} />}
      {open === "share" && <Share onClose={close} />}
    </header>
  );
}
