import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import styles from "./LibraryTabs.module.css";

const TABS = ["songs", "albums", "artists", "favorites"] as const;
export type Tab = (typeof TABS)[number];

interface LibraryTabsProps {
  /** The panel's id is `${id}-panel`, and a tab's `${id}-${tab}`. */
  id: string;
  value: Tab;
  onChange: (tab: Tab) => void;
}

export function LibraryTabs({ id, value, onChange }: LibraryTabsProps) {
  const { t } = useTranslation();
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const last = TABS.length - 1;
    const at = TABS.indexOf(value);
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    const next = to === undefined ? undefined : TABS[to];
    if (next === undefined) return;
    event.preventDefault();
    onChange(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={t("library.title")} className={styles.tabs} onKeyDown={keys}>
      {TABS.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`${id}-${tab}`}
          className={styles.tab}
          aria-selected={tab === value}
          aria-controls={tab === value ? `${id}-panel` : undefined}
          tabIndex={tab === value ? 0 : -1}
          onClick={() => onChange(tab)}
        >
          {t(`library.tabs.${tab}`)}
        </button>
      ))}
    </div>
  );
}
