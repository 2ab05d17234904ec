// What somebody did, and the button to undo it.
import {
  ArrowUpDown,
  ChevronDown,
  ListEnd,
  ListPlus,
  ListX,
  Pencil,
  Play,
  Settings2,
  ThumbsUp,
  UsersRound,
  type LucideIcon,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { timeOfDay } from "../components/time";
import type { Activity, Person } from "../protocol/types";
import styles from "./Activity.module.css";
import type { Line } from "./ActivityList";
import { undoableIn } from "./entries";
import { Said, saidOf } from "./Said";
import { UndoButton } from "./UndoButton";

const ICONS: Record<string, LucideIcon> = {
  "track.added": ListPlus,
  "track.removed": ListX,
  "track.moved": ArrowUpDown,
  "track.voted": ThumbsUp,
  "track.boosted": ListEnd,
  "track.updated": Pencil,
  "playlist.updated": Settings2,
  "participant.changed": UsersRound,
  "blocked.changed": ListX,
};

/** So many titles stand below the sentence about several songs. */
const TITLES = 3;

interface ActivityRowProps {
  line: Line;
  isOpen: boolean;
  onToggle: (key: number) => void;
  onPerson: (person: Person) => void;
  onUndone: () => unknown;
}

export function ActivityRow({ line, isOpen, onToggle, onPerson, onUndone }: ActivityRowProps) {
  const { t } = useTranslation();
  const { group, sentence, isPart } = line;
  const { entries } = group;
  const [entry] = entries;
  const Icon = ICONS[entry.type] ?? Play;
  const undone = entries.filter((one) => one.undone_by !== undefined).length;
  const revisions = undoableIn(entries);
  return (
    <>
      {isPart ? <span className={styles.icon} /> : <Icon size={18} aria-hidden="true" className={styles.icon} />}
      <div className={`${styles.text} ${undone === entries.length ? styles.undone : ""}`}>
        <p>
          <Said entry={entry} sentence={sentence} onPerson={entry.actor ? onPerson : undefined} />
        </p>
        <p className={styles.muted}>
          <time dateTime={entry.at}>{timeOfDay(entry.at)}</time>
          {undone > 0 && (
            <span className={styles.tag}>
              {undone === entries.length ? t("log.undoneTag") : t("log.undonePart", { count: undone, of: entries.length })}
            </span>
          )}
          {entries.length > 1 && !isOpen && <Titles entries={entries} />}
        </p>
      </div>
      {entries.length > 1 && (
        <button
          type="button"
          className="icon"
          aria-expanded={isOpen}
          aria-label={t("log.showAll", { count: entries.length })}
          onClick={() => onToggle(group.key)}
        >
          <ChevronDown size={20} aria-hidden="true" className={isOpen ? styles.turned : ""} />
        </button>
      )}
      {revisions.length > 0 && <UndoButton revisions={revisions} what={saidOf(t, entry, sentence)} onDone={onUndone} />}
    </>
  );
}

function Titles({ entries }: { entries: readonly Activity[] }) {
  const { t } = useTranslation();
  const titles = [...new Set(entries.flatMap(({ track }) => (track ? [track.title] : [])))];
  const more = titles.length - TITLES;
  const shown = titles.slice(0, TITLES).join(", ");
  return (
    <span dir="auto" className={`ellipsis ${styles.titles}`}>
      {more > 0 ? t("log.titles", { titles: shown, count: more }) : shown}
    </span>
  );
}
