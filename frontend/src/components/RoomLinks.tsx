// The links that hold a secret: one that makes its holder host again, one that opens a screen without asking anything.
import { Copy, KeyRound, MonitorPlay } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { rest } from "../protocol/rest";
import { useRights, useRoom } from "../room/hooks";
import { copied } from "./copied";
import { useNotify } from "./notices";
import styles from "./People.module.css";
import { sayError } from "./refusals";

export function RoomLinks() {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const { host } = useRights();
  return (
    <div className={styles.settings}>
      <h3 className={styles.heading}>{t("roles.links")}</h3>
      {host && slug !== "main" && <NewLink kind="host-link" name={t("roles.hostLink")} hint={t("roles.hostLinkHint")} />}
      <NewLink kind="display-link" name={t("roles.wallLink")} hint={t("roles.wallLinkHint")} />
    </div>
  );
}

function NewLink({ kind, name, hint }: { kind: "host-link" | "display-link"; name: string; hint: string }) {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const notify = useNotify();
  const [url, setUrl] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [said, say] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const make = async () => {
    setBusy(true);
    say("");
    try {
      setUrl(await rest.newLink(slug, kind));
    } catch (error) {
      notify(sayError(t, error));
    } finally {
      setBusy(false);
    }
  };
  const copy = async (text: string) => {
    field.current?.select();
    say((await copied(text)) ? t("share.copied") : t("share.notCopied"));
  };
  const Icon = kind === "host-link" ? KeyRound : MonitorPlay;
  return (
    <div className={styles.link}>
      <button type="button" className="button" disabled={isBusy} onClick={() => void make()}>
        <Icon size={18} aria-hidden="true" /> {name}
      </button>
      <p className={styles.hint}>
        {hint} {t("roles.onlyNewest")}
      </p>
      {url !== null && (
        <div className={styles.made}>
          <input ref={field} className="field" readOnly aria-label={name} value={url} onFocus={(event) => event.target.select()} />
          <button type="button" className="button primary" onClick={() => void copy(url)}>
            <Copy size={18} aria-hidden="true" /> {t("roles.copy")}
          </button>
        </div>
      )}
      <p role="status">{said}</p>
    </div>
  );
}
