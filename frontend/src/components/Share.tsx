// The way in for others: a code to scan, a link, and the system's own sheet where there is one.
import { Copy, MonitorPlay, Send } from "lucide-react";
import { QRCodeSVG } from "qrcode.react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRoom, useView } from "../room/hooks";
import { copied } from "./copied";
import { Dialog } from "./Dialog";
import styles from "./Share.module.css";

export function Share({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const playlist = useView((view) => view.state?.playlist ?? null);
  const [said, say] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const url = playlist?.join_url ?? location.href;
  // Plain HTTP has neither the clipboard nor the sheet.
  const copy = async () => {
    field.current?.select();
    say((await copied(url)) ? t("share.copied") : t("share.notCopied"));
  };
  const canSend = "share" in navigator;
  return (
    <Dialog title={t("share.title")} closeLabel={t("people.close")} onClose={onClose}>
      <div className={styles.share}>
        <JoinCode url={url} className={styles.boxed ?? ""} />
        <p>{t("share.scan")}</p>
        <input ref={field} className="field" readOnly aria-label={t("share.link")} value={url} onFocus={(event) => event.target.select()} />
        <div className={styles.buttons}>
          <button type="button" className="button primary" onClick={() => void copy()}>
            <Copy size={18} aria-hidden="true" /> {t("share.copy")}
          </button>
          {canSend && (
            <button
              type="button"
              className="button"
              onClick={() => void navigator.share({ title: playlist?.name ?? "", url }).catch(() => undefined)}
            >
              <Send size={18} aria-hidden="true" /> {t("share.send")}
            </button>
          )}
        </div>
        <p role="status">{said}</p>
        <a className={styles.display} href={`/r/${slug}/display`} target="_blank" rel="noreferrer">
          <MonitorPlay size={18} aria-hidden="true" /> {t("share.display")}
        </a>
      </div>
    </Dialog>
  );
}

/** Always dark on white, as cameras need it. */
export function JoinCode({ url, className = "" }: { url: string; className?: string }) {
  const { t } = useTranslation();
  return (
    <span className={`${styles.code} ${className}`}>
      <QRCodeSVG value={url} marginSize={2} role="img" aria-label={t("share.qr", { url })} />
    </span>
  );
}
