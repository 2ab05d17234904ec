// For those who lead the room: undo everything that somebody did since a time, after a look at what that will be.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { leaveFocus } from "../components/focus";
import { useNotify } from "../components/notices";
import { sayError } from "../components/refusals";
import { rest } from "../protocol/rest";
import type { Person, UndoPreview } from "../protocol/types";
import { newId } from "../room/ids";
import { useRoom } from "../room/hooks";
import styles from "./Activity.module.css";
import { effectsOf } from "./entries";
import { sayLeft, sayUndoError, sayUndone } from "./undone";

/** Minutes. */
const SPANS = [5, 15, 60, 180, 720];

interface UndoPersonProps {
  person: Person;
  /** The revision of their newest entry: a later one is a reason to look again. */
  newest: number | undefined;
  onDone: () => unknown;
}

export function UndoPerson({ person, newest, onDone }: UndoPersonProps) {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const notify = useNotify();
  const [minutes, setMinutes] = useState(60);
  const [isBusy, setBusy] = useState(false);
  const preview = useQuery({
    queryKey: ["undo", slug, person.id, minutes, newest],
    queryFn: ({ signal }) => rest.undoPreview(slug, { person_id: person.id, minutes }, signal),
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
  const undo = async () => {
    setBusy(true);
    try {
      notify(sayUndone(t, await rest.undo(slug, { person_id: person.id, minutes }, newId())));
      await onDone();
    } catch (error) {
      notify(sayUndoError(t, error));
    } finally {
      setBusy(false);
    }
  };
  const { data, error } = preview;
  return (
    <section className={styles.everything} tabIndex={-1} aria-label={t("log.all.title", { name: person.name })}>
      <select className="field" aria-label={t("log.all.since")} value={minutes} onChange={({ target }) => setMinutes(Number(target.value))}>
        {SPANS.map((span) => (
          <option key={span} value={span}>
            {span < 60 ? t("log.all.minutes", { count: span }) : t("log.all.hours", { count: span / 60 })}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="button primary"
        disabled={isBusy || data === undefined || data.undone.length === 0}
        onClick={({ currentTarget }) => {
          leaveFocus(currentTarget, "section");
          void undo();
        }}
      >
        <Undo2 size={18} aria-hidden="true" /> {t("log.all.button", { name: person.name })}
      </button>
      <p role="status" className={styles.muted}>
        {error ? sayError(t, error) : data === undefined ? t("log.all.counting") : <Preview outcome={data} />}
      </p>
    </section>
  );
}

function Preview({ outcome: { undone, left, entries } }: { outcome: UndoPreview }) {
  const { t } = useTranslation();
  const { back, out, rest } = effectsOf(undone.length, entries);
  const counts = [
    back > 0 && t("log.all.back", { count: back }),
    out > 0 && t("log.all.out", { count: out }),
    rest > 0 && t("log.all.rest", { count: rest }),
  ].filter((text) => text !== false);
  return (
    <>
      {counts.length > 0 ? `${counts.join(", ")}.` : t("log.all.nothing")} {left.length > 0 && t("log.all.stays", { why: sayLeft(t, left) })}
    </>
  );
}
