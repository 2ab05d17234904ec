// Uses the secret of a link, and says why where it opens nothing.
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { sayError } from "../components/refusals";
import { RestError } from "../protocol/rest";
import { forgetSecret } from "./fragment";
import { Message } from "./Message";

/** Refusals after which the same secret may still work. */
const PASSING = ["UNREACHABLE", "UNAVAILABLE", "RATE_LIMITED"];

interface SecretProps {
  /** What the page says where the secret is refused. */
  refusedTitle: string;
  /** Gives the secret to the server; throws its refusal. */
  spend: () => Promise<void>;
  /** `worked`: whether it opened something. */
  onDone: (worked: boolean) => void;
}

export function Secret({ refusedTitle, spend, onDone }: SecretProps) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const isAsked = useRef(false);
  const run = async () => {
    try {
      await spend();
      forgetSecret();
      onDone(true);
    } catch (refusal) {
      if (!isPassing(refusal)) forgetSecret();
      setError(refusal);
    }
  };
  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    void run();
  });
  if (error === null) return <Message title={t("roles.claiming")} hint="" />;
  return (
    <Message title={refusedTitle} hint={sayError(t, error)}>
      {isPassing(error) ? (
        <button
          type="button"
          className="button primary"
          onClick={() => {
            setError(null);
            void run();
          }}
        >
          {t("roles.tryAgain")}
        </button>
      ) : (
        <button type="button" className="button primary" onClick={() => onDone(false)}>
          {t("roles.goOn")}
        </button>
      )}
    </Message>
  );
}

const isPassing = (error: unknown) => !(error instanceof RestError) || PASSING.includes(error.code);
