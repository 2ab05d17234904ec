// Moving a song without dragging it: step by step, each of which is done at once and told.
import { ArrowDown, ArrowDownToLine, ArrowUp, ArrowUpToLine, GripVertical } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Item } from "../protocol/types";
import { useActions, useLists, useRights } from "../room/hooks";
import { Named } from "./Named";
import { behind, stepsOf, type Step } from "./places";
import styles from "./SongDialog.module.css";

const STEPS = [
  ["next", ArrowUpToLine],
  ["up", ArrowUp],
  ["down", ArrowDown],
  ["end", ArrowDownToLine],
] as const;

/** Nothing where this person may not move the song, or it has nowhere to go. */
export function MoveSteps({ item }: { item: Item }) {
  const { t } = useTranslation();
  const { queue } = useLists();
  const { move, arePeers } = useRights();
  const { moveAfter } = useActions();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const { title } = item.track;
  const from = queue.findIndex((other) => other.id === item.id);
  const steps = stepsOf(queue, item, arePeers);
  if (!move(item) || steps === null) return null;
  const go = (step: Step) => {
    if (steps[step] !== from) moveAfter(item, behind(queue, item, steps[step], arePeers));
  };
  return (
    <>
      <button
        type="button"
        className="button"
        aria-label={t("queue.move", { title })}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <GripVertical size={18} aria-hidden="true" /> {t("queue.moveShort")}
      </button>
      <div id={id} role="group" aria-label={t("queue.move", { title })} className={styles.steps} hidden={!isOpen}>
        {STEPS.map(([step, Icon]) => (
          // Not disabled at the end of the way, where it would lose the focus.
          <button key={step} type="button" className="button" aria-disabled={steps[step] === from} onClick={() => go(step)}>
            <Icon size={18} aria-hidden="true" /> {t(`queue.steps.${step}`)}
          </button>
        ))}
        <p role="status">
          <Named name={title} text={(title) => t("queue.nowAt", { title, place: from + 1, count: queue.length })} />
        </p>
      </div>
    </>
  );
}
