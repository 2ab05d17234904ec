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

type Kind = "host-link" | "display-link";

const keyOf = (slug: string, kind: Kind) => `playlist/links/${slug}/${kind}`;

/** The links that this device has made: as far as it knows, a new one would end another. */
const made = {
  has(slug: string, kind: Kind): boolean {
    try {
      return localStorage.getItem(keyOf(slug, kind)) !== null;
    } catch {
      return false;
    }
  },
  add(slug: string, kind: Kind): void {
    try {
      localStorage.setItem(keyOf(slug, kind), "made");
    } catch {
      // A browser that keeps nothing does not ask.
    }
  },
};

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

function NewLink({ kind, name, hint }: { kind: Kind; name: string; hint: string }) {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const notify = useNotify();
  const [url, setUrl] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [said, say] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const make = async () => {
    setBusy(true);
    setAsking(false);
    say("");
    try {
      setUrl(await rest.newLink(slug, kind));
      made.add(slug, kind);
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
      <button
        type="button"
        className="button"
        disabled={isBusy}
        onClick={() => {
          if (made.has(slug, kind)) setAsking(true);
          else void make();
        }}
      >
        <Icon size={18} aria-hidden="true" /> {name}
      </button>
      <p className={styles.hint}>
        {hint} {t("roles.onlyNewest")}
      </p>
      {isAsking && (
        <div className={styles.sure} role="alert">
          <p>{t("roles.newLinkSure")}</p>
          <button type="button" className={`button ${styles.small}`} autoFocus onClick={() => void make()}>
            {t(kind === "host-link" ? "roles.newHostLink" : "roles.newWallLink")}
          </button>
          <button type="button" className={`button ${styles.small}`} onClick={() => setAsking(false)}>
            {t("roles.cancel")}
          </button>
        </div>
      )}
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
