// One field on the first visit: the name by which the others know this person.
import { useState, type ReactNode, type SyntheticEvent } from "react";
import { useTranslation } from "react-i18next";
import { boot } from "../boot";
import { sayError } from "../components/refusals";
import styles from "./Card.module.css";
import { likelyName } from "./names";

interface NameFormProps {
  title: ReactNode;
  hint: string;
  action: string;
  /** Throws the refusal, which is shown. */
  onName: (name: string) => Promise<void>;
}

export function NameForm({ title, hint, action, onName }: NameFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(() => boot.user?.name ?? likelyName());
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onName(name.trim());
    } catch (error) {
      setProblem(sayError(t, error));
      setBusy(false);
    }
  };
  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={(event) => void submit(event)}>
        <img src="/static/client/icons/icon.svg" alt="" width="64" height="64" />
        <h1>{title}</h1>
        <label className="label">
          {t("join.yourName")}
          <input
            className="field"
            dir="auto"
            value={name}
            maxLength={50}
            required
            autoFocus
            autoComplete="nickname"
            enterKeyHint="go"
            onFocus={(event) => event.target.select()}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <p className={styles.muted}>{hint}</p>
        <p role="alert" className="problem">
          {problem}
        </p>
        <button type="submit" className="button primary" disabled={isBusy || name.trim() === ""}>
          {action}
        </button>
      </form>
    </main>
  );
}
