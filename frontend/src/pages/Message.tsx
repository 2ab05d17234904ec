// Pages that only say something.
import { useTranslation } from "react-i18next";
import styles from "./Card.module.css";

export function Message({ title, hint, children }: { title: string; hint: string; children?: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <img src="/static/client/icons/icon.svg" alt="" width="64" height="64" />
        <h1>{title}</h1>
        <p className={styles.muted}>{hint}</p>
        {children}
        <a className="button" href="/">
          {t("join.toHome")}
        </a>
      </div>
    </main>
  );
}

export function Missing() {
  const { t } = useTranslation();
  return <Message title={t("join.missing")} hint={t("join.missingHint")} />;
}
