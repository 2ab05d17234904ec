// A sentence of the log, in which names and titles keep their own direction.
import type { TFunction } from "i18next";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { sayName } from "../components/names";
import type { Activity, Person } from "../protocol/types";
import styles from "./Activity.module.css";
import type { Sentence } from "./sentences";

/** Stand for the name, the title and the other name while the sentence is made. */
const [NAME, TITLE, OTHER] = ["\uE000", "\uE001", "\uE002"] as const;

interface SaidProps {
  entry: Activity;
  sentence: Sentence;
  /** Makes the name a button. */
  onPerson?: ((person: Person) => void) | undefined;
}

export function Said({ entry, sentence, onPerson }: SaidProps) {
  const { t } = useTranslation();
  const { actor } = entry;
  const pieces = words(t, sentence, { name: NAME, title: TITLE, other: OTHER }).split(/([\uE000-\uE002])/);
  return pieces.map((piece, index) => (
    <Fragment key={index}>
      {piece === NAME && actor && onPerson ? (
        <button type="button" className={styles.person} onClick={() => onPerson(actor)}>
          <bdi>{sayName(t, actor.name)}</bdi>
        </button>
      ) : piece === NAME ? (
        nameOf(t, entry)
      ) : piece === TITLE ? (
        <bdi className={styles.title}>{titleOf(t, sentence)}</bdi>
      ) : piece === OTHER ? (
        <bdi className={styles.title}>{otherOf(t, sentence)}</bdi>
      ) : (
        piece
      )}
    </Fragment>
  ));
}

/** The same in plain text, for the name of a button. */
export function saidOf(t: TFunction, entry: Activity, sentence: Sentence): string {
  return words(t, sentence, { name: nameOf(t, entry), title: titleOf(t, sentence), other: otherOf(t, sentence) });
}

const words = (t: TFunction, { key, values }: Sentence, names: { name: string; title: string; other: string }) =>
  t(`log.did.${key}`, { ...values, ...names });

const titleOf = (t: TFunction, sentence: Sentence) => sentence.title ?? t("log.aSong");

/** Only of an artist the name may not be known. */
const otherOf = (t: TFunction, sentence: Sentence) => sentence.other ?? t("log.anArtist");

const nameOf = (t: TFunction, { actor, automatic }: Activity): string =>
  actor ? sayName(t, actor.name) : t(automatic ? "log.server" : "log.somebody");
