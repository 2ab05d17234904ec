// What was played, or what is still to play, as a file for other players, or as a page.
import { Download, Printer } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLists, useRoom } from "../room/hooks";
import styles from "./SaveOrImport.module.css";

const FORMATS = ["m3u8", "xspf", "jspf", "csv"] as const;
const NAMES = { m3u8: "M3U", xspf: "XSPF", jspf: "JSPF", csv: "CSV" };
const PARTS = ["history", "queue"] as const;

export function SaveNight() {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const { played } = useLists();
  const [what, setWhat] = useState<(typeof PARTS)[number]>(played.length > 0 ? "history" : "queue");
  const id = useId();
  return (
    <section className={styles.part}>
      <h3 id={id}>{t("evening.save")}</h3>
      <div role="radiogroup" aria-labelledby={id} className={styles.choice}>
        {PARTS.map((part) => (
          <label key={part}>
            <input type="radio" name={id} checked={what === part} onChange={() => setWhat(part)} />
            {t(`evening.what.${part}`)}
          </label>
        ))}
      </div>
      <ul className={styles.formats}>
        {FORMATS.map((format) => (
          <li key={format}>
            <a className={styles.format} href={`/api/playlists/${slug}/export?format=${format}&what=${what}`} download="">
              <Download size={18} aria-hidden="true" />
              <span className="hidden">{t("evening.as", { format: NAMES[format] })}</span>
              <span>
                <span aria-hidden="true">{NAMES[format]}</span>
                <small>{t(`evening.for.${format}`)}</small>
              </span>
            </a>
          </li>
        ))}
      </ul>
      <a className={styles.format} href={`/r/${slug}/night`} target="_blank" rel="noreferrer">
        <Printer size={18} aria-hidden="true" />
        <span>
          {t("evening.page")}
          <small>{t("evening.pageHint")}</small>
        </span>
      </a>
    </section>
  );
}
