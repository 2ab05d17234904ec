// The log as people read it: newest first, with the way back.
import { History } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../components/Dialog";
import type { Activity as Entry, Kind, Person } from "../protocol/types";
import { useRights, useView } from "../room/hooks";
import styles from "./Activity.module.css";
import { ActivityList } from "./ActivityList";
import { AsItWas } from "./AsItWas";
import { peopleIn } from "./entries";
import { UndoPerson } from "./UndoPerson";
import { useActivity } from "./useActivity";

/** The kinds that one may look for alone. */
const KINDS = {
  "track.added": "added",
  "track.removed": "removed",
  "track.moved": "moved",
  "track.voted": "voted",
  "track.boosted": "boosted",
  "track.playing": "played",
  "playback.changed": "playback",
  "playlist.updated": "settings",
  "participant.changed": "roles",
  "blocked.changed": "blocked",
} as const satisfies Partial<Record<Kind, string>>;

export function Activity({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [isPast, setPast] = useState(false);
  const rewrites = useView((view) => view.rewrites);
  return (
    <Dialog title={t(isPast ? "log.past.button" : "log.title")} closeLabel={t("log.close")} kind="tall" onClose={onClose}>
      {isPast ? <AsItWas onBack={() => setPast(false)} /> : <WhatHappened key={rewrites} onPast={() => setPast(true)} />}
    </Dialog>
  );
}

function WhatHappened({ onPast }: { onPast: () => void }) {
  const { t } = useTranslation();
  const [person, setPerson] = useState<Person | null>(null);
  const [type, setType] = useState<keyof typeof KINDS | null>(null);
  const { entries, query } = useActivity({ person: person?.id ?? null, type });
  const { manage } = useRights();
  return (
    <>
      <div className={styles.filters}>
        <WhoseFilter person={person} entries={entries} onChange={setPerson} />
        <select
          className="field"
          aria-label={t("log.kind")}
          value={type ?? ""}
          onChange={({ target }) => setType(target.value === "" ? null : (target.value as keyof typeof KINDS))}
        >
          <option value="">{t("log.kinds.all")}</option>
          {Object.entries(KINDS).map(([kind, name]) => (
            <option key={kind} value={kind}>
              {t(`log.kinds.${name}`)}
            </option>
          ))}
        </select>
        <button type="button" className="button" onClick={onPast}>
          <History size={18} aria-hidden="true" /> {t("log.past.button")}
        </button>
      </div>
      {person && manage && <UndoPerson key={person.id} person={person} newest={entries[0]?.revision} onDone={query.refetch} />}
      <ActivityList
        key={`${person?.id ?? ""} ${type ?? ""}`}
        entries={entries}
        loading={query}
        isWhole={person === null && type === null}
        onPerson={setPerson}
      />
    </>
  );
}

interface WhoseFilterProps {
  person: Person | null;
  entries: readonly Entry[];
  onChange: (person: Person | null) => void;
}

function WhoseFilter({ person, entries, onChange }: WhoseFilterProps) {
  const { t } = useTranslation();
  const present = useView((view) => view.people);
  const people = peopleIn(entries, person ? [...present, person] : present);
  return (
    <select
      className="field"
      aria-label={t("log.person")}
      value={person?.id ?? ""}
      onChange={({ target }) => onChange(people.find(({ id }) => String(id) === target.value) ?? null)}
    >
      <option value="">{t("log.everybody")}</option>
      {people.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
