// The button to save the night or import a playlist, in the head of the queue, and the dialog behind it.
import { FileMusic } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { NO_IMPORT } from "./importing";
import { later } from "./later";
import { useSearchLibrary } from "./searchLibrary";
import styles from "./Evening.module.css";
import { isPlaylist, useDropped } from "./useDropped";

const SaveOrImport = later(() => import("./SaveOrImport").then((module) => module.SaveOrImport));

export function Evening() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [value, setValue] = useState(NO_IMPORT);
  const search = useSearchLibrary();
  useDropped(isPlaylist, ([file]) => {
    if (file === undefined) return;
    setValue({ ...NO_IMPORT, file });
    setOpen(true);
  });
  return (
    <>
      <button type="button" className={`button ${styles.button}`} onClick={() => setOpen(true)}>
        <FileMusic size={18} aria-hidden="true" />
        <span className={styles.long}>{t("evening.title")}</span>
      </button>
      {isOpen && (
        <SaveOrImport
          value={value}
          onChange={setValue}
          onSearch={(text) => {
            setOpen(false);
            search(text);
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
