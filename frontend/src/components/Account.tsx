// An account for whoever needs one: a new one that keeps what this guest has, or the one of before.
import { useState, type SyntheticEvent } from "react";
import { useTranslation } from "react-i18next";
import type { TFunction } from "i18next";
import { rest, RestError } from "../protocol/rest";
import styles from "./Account.module.css";
import { Dialog } from "./Dialog";
import { sayError } from "./refusals";

const FIELDS = ["username", "password"] as const;
const LONGEST = { username: 150, password: 128 };

interface AccountProps {
  /** Whether anybody may make an account here. */
  isOpen: boolean;
  onClose: () => void;
}

export function Account({ isOpen, onClose }: AccountProps) {
  const { t } = useTranslation();
  const [isNew, setNew] = useState(isOpen);
  const [given, setGiven] = useState({ username: "", password: "" });
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      await (isNew ? rest.register(given) : rest.logIn(given));
      location.reload(); // the page is somebody else's now, with other rights
    } catch (error) {
      setProblem(sayProblem(t, error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("account.title")} closeLabel={t("account.close")} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <p>{t(isOpen ? "account.open" : "account.given")}</p>
        {FIELDS.map((field) => (
          <label key={field} className="label">
            {t(`account.${field}`)}
            <input
              className="field"
              type={field === "password" ? "password" : "text"}
              autoComplete={field === "username" ? "username" : isNew ? "new-password" : "current-password"}
              autoCapitalize="none"
              required
              maxLength={LONGEST[field]}
              value={given[field]}
              onChange={({ target }) => setGiven({ ...given, [field]: target.value })}
            />
          </label>
        ))}
        <p role="alert" className="problem">
          {problem}
        </p>
        <button type="submit" className="button primary" disabled={isBusy}>
          {t(isNew ? "account.make" : "account.signIn")}
        </button>
        {isOpen && (
          <button type="button" className="button" onClick={() => setNew(!isNew)}>
            {t(isNew ? "account.haveOne" : "account.haveNone")}
          </button>
        )}
      </form>
    </Dialog>
  );
}

/** Why there is no account, or no way into it: one sentence for whatever a field may lack. */
function sayProblem(t: TFunction, error: unknown): string {
  if (!(error instanceof RestError)) return sayError(t, error);
  if (error.code === "AUTH_REQUIRED") return t("account.wrong");
  const field = FIELDS.find((name) => name in error.details);
  if (error.code !== "VALIDATION_ERROR" || field === undefined) return sayError(t, error);
  return t(`account.refused.${field}`);
}
