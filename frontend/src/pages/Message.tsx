// Pages that consist of one message.
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import styles from "./Card.module.css";

export function Message({ title, hint, children }: { title: string; hint: string; children?: ReactNode }) {
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

export function Missing({ children }: { children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Message title={t("join.missing")} hint={t("join.missingHint")}>
      {children}
    </Message>
  );
}

/** Catches our own mistakes: the page says what they mean for people, the console has the rest. */
export class Broken extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    return this.state.isBroken ? <Reload /> : this.props.children;
  }
}

function Reload() {
  const { t } = useTranslation();
  return (
    <Message title={t("broken.title")} hint={t("broken.hint")}>
      <button type="button" className="button primary" onClick={() => location.reload()}>
        {t("broken.reload")}
      </button>
    </Message>
  );
}
