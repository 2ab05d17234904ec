// What the host can do about somebody's role: a line that opens under the person.
import { useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { rest, RestError } from "../protocol/rest";
import type { Participant } from "../protocol/types";
import { useRoom } from "../room/hooks";
import { Named } from "./Named";
import { useNotify } from "./notices";
import styles from "./People.module.css";
import { sayError } from "./refusals";

export function PersonRole({ person }: { person: Participant }) {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const notify = useNotify();
  const queries = useQueryClient();
  const id = useId();
  const [step, setStep] = useState<"closed" | "open" | "sure">("closed");
  const [isBusy, setBusy] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const { name } = person;
  const give = async (role: Participant["role"]) => {
    setBusy(true);
    try {
      await rest.setRole(slug, person.id, role);
      if (role === "host") notify(<Named name={name} text={(name) => t("roles.handedOver", { name })} />);
      toggle.current?.focus();
      setStep("closed");
      await queries.invalidateQueries({ queryKey: ["participants", slug] });
    } catch (error) {
      const isFull = error instanceof RestError && error.code === "LIMIT_REACHED";
      notify(isFull ? t("roles.tooManyRooms") : sayError(t, error));
    } finally {
      setBusy(false);
    }
  };
  const isCohost = person.role === "cohost";
  return (
    <>
      <button
        ref={toggle}
        type="button"
        className={`button ${styles.small}`}
        aria-label={t("roles.of", { name })}
        aria-expanded={step !== "closed"}
        aria-controls={id}
        onClick={() => setStep(step === "closed" ? "open" : "closed")}
      >
        {t("roles.ofShort")}
      </button>
      <div id={id} className={styles.role} hidden={step === "closed"}>
        {step === "open" && (
          <>
            <button
              type="button"
              className={`button ${styles.small}`}
              aria-label={t(isCohost ? "roles.takeCohost" : "roles.makeCohost", { name })}
              disabled={isBusy}
              onClick={() => void give(isCohost ? "participant" : "cohost")}
            >
              {t(isCohost ? "roles.takeCohostShort" : "roles.makeCohostShort")}
            </button>
            <button
              type="button"
              className={`button ${styles.small}`}
              aria-label={t("roles.handOver", { name })}
              disabled={isBusy}
              onClick={() => setStep("sure")}
            >
              {t("roles.handOverShort")}
            </button>
          </>
        )}
        {step === "sure" && (
          <>
            <p role="alert">
              <Named name={name} text={(name) => t("roles.handOverSure", { name })} />
            </p>
            <button type="button" className={`button primary ${styles.small}`} autoFocus disabled={isBusy} onClick={() => void give("host")}>
              {t("roles.sure")}
            </button>
            <button type="button" className={`button ${styles.small}`} disabled={isBusy} onClick={() => setStep("open")}>
              {t("roles.cancel")}
            </button>
          </>
        )}
      </div>
    </>
  );
}
