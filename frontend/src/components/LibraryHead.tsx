// The head of a page in the library: the way back, and what the page is about.
import { ArrowLeft } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLibrary } from "./libraryContext";
import styles from "./LibraryHead.module.css";

export function LibraryHead({ title, picture, children }: { title: string; picture?: ReactNode; children?: ReactNode }) {
  const { t } = useTranslation();
  const { back } = useLibrary();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []); // what was pressed to come here is gone
  return (
    <div className={styles.head}>
      <button ref={button} type="button" className="icon" aria-label={t("library.back")} onClick={back}>
        <ArrowLeft aria-hidden="true" />
      </button>
      {picture}
      <div className={styles.about}>
        <h3 dir="auto" className={`clamp ${styles.title}`}>
          {title}
        </h3>
        {children}
      </div>
    </div>
  );
}
