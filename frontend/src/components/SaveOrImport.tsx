// The night to take home, and playlists from elsewhere to bring along.
import { useTranslation } from "react-i18next";
import { useRights } from "../room/hooks";
import { Dialog } from "./Dialog";
import type { Import } from "./importing";
import { ImportPlaylist } from "./ImportPlaylist";
import styles from "./SaveOrImport.module.css";
import { SaveNight } from "./SaveNight";

interface SaveOrImportProps {
  /** Kept by the opener: somebody who closes this to look for a missing song finds the others here again. */
  value: Import;
  onChange: (value: Import) => void;
  /** Look for this in the library. */
  onSearch: (text: string) => void;
  onClose: () => void;
}

export function SaveOrImport({ value, onChange, onSearch, onClose }: SaveOrImportProps) {
  const { t } = useTranslation();
  const { add } = useRights();
  return (
    <Dialog title={t("evening.title")} closeLabel={t("people.close")} onClose={onClose}>
      <SaveNight />
      <section className={styles.part}>
        <h3>{t("evening.import")}</h3>
        {add ? <ImportPlaylist value={value} onChange={onChange} onSearch={onSearch} /> : <p>{t("evening.forbidden")}</p>}
      </section>
    </Dialog>
  );
}
