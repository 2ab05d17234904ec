// The button that opens the rules: in the head of the queue, and among the people.
import { Scale } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { later } from "./later";
import styles from "./RulesButton.module.css";

const Rules = later(() => import("./Rules").then((module) => module.Rules));

/** `isFloating`: it may lie behind a dialog, which has one of its own. */
export function RulesButton({ isFloating = true }: { isFloating?: boolean }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={`button ${isFloating ? styles.floating : styles.inDialog}`} onClick={() => setOpen(true)}>
        <Scale size={18} aria-hidden="true" />
        <span>{t("rules.button")}</span>
      </button>
      {isOpen && <Rules onClose={() => setOpen(false)} />}
    </>
  );
}
