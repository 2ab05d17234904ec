// The rules of the room: sentences, which whoever leads it can change.
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Playlist } from "../protocol/types";
import { useActions, useRights, useView } from "../room/hooks";
import { Blocked } from "./Blocked";
import { Dialog } from "./Dialog";
import { LIMITS, sayLimit, type Limit } from "./limits";
import styles from "./Rules.module.css";
import { Switch } from "./Switch";

const ORDERS = ["manual", "votes", "fair"] as const;
const PRESETS = ["open", "hosted"] as const;
const RIGHTS = ["add", "vote", "downvote", "move", "remove_any", "playback"] as const;

export function Rules({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const playlist = useView((view) => view.state?.playlist ?? null);
  const { manage } = useRights();
  return (
    <Dialog title={t("rules.title")} closeLabel={t("rules.close")} onClose={onClose}>
      {playlist && (manage ? <Settings playlist={playlist} /> : <Sentences playlist={playlist} />)}
    </Dialog>
  );
}

/** What holds, for whoever cannot change it. */
function Sentences({ playlist }: { playlist: Playlist }) {
  const { t } = useTranslation();
  const { policy, rules, order } = playlist;
  const rights = RIGHTS.filter((right) => rules.guests[right]).map((right) => t(`rules.guests.${right}`));
  const limits = LIMITS.flatMap((limit) => {
    const chosen = limit.chosen(playlist);
    return chosen ? [sayLimit(t, limit, chosen)] : [];
  });
  const guests = policy === "custom" ? rights : [t(`rules.presets.${policy}Hint`)];
  return (
    <ul className={styles.sentences}>
      {[t(`rules.orders.${order}Hint`), ...guests, ...limits].map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

function Settings({ playlist }: { playlist: Playlist }) {
  const { t } = useTranslation();
  const { update } = useActions();
  const { policy, rules, order } = playlist;
  return (
    <>
      <Choices
        title={t("rules.order")}
        hint={t(`rules.orders.${order}Hint`)}
        choices={ORDERS.map((name) => ({ name, label: t(`rules.orders.${name}`), isOn: order === name, choose: () => update({ order: name }) }))}
      />
      <Choices
        title={t("rules.whoMay")}
        hint={t(`rules.presets.${policy}Hint`)}
        choices={PRESETS.map((name) => ({ name, label: t(`rules.presets.${name}`), isOn: policy === name, choose: () => update({ policy: name }) }))}
      />
      {RIGHTS.map((right) => (
        <Switch
          key={right}
          label={t(`rules.guests.${right}`)}
          isOn={rules.guests[right]}
          onChange={(isOn) => update({ rules: { guests: { [right]: isOn } } })}
        />
      ))}
      <h3 className={styles.heading}>{t("rules.forAll")}</h3>
      {LIMITS.map((limit) => (
        <LimitLine key={limit.name} limit={limit} playlist={playlist} />
      ))}
      <Blocked />
    </>
  );
}

interface Choosable {
  name: string;
  label: string;
  isOn: boolean;
  choose: () => void;
}

function Choices({ title, hint, choices }: { title: string; hint: string; choices: readonly Choosable[] }) {
  const group = useId();
  return (
    <fieldset className={styles.choices}>
      <legend className={styles.heading}>{title}</legend>
      <div className={styles.row}>
        {choices.map(({ name, label, isOn, choose }) => (
          <label key={name} className={styles.choice}>
            <input type="radio" name={group} checked={isOn} onChange={choose} />
            {label}
          </label>
        ))}
      </div>
      <p className={styles.hint}>{hint}</p>
    </fieldset>
  );
}

/** Stands in a sentence for what is chosen. */
const GAP = "\uFFFC";

function LimitLine({ limit, playlist }: { limit: Limit; playlist: Playlist }) {
  const { t } = useTranslation();
  const { update } = useActions();
  const chosen = limit.chosen(playlist);
  const shown = chosen ?? limit.usual;
  const choices = limit.choices(playlist);
  const [before, after] = t(`rules.limits.${limit.name}`, { what: GAP }).split(GAP);
  return (
    <div className={styles.limit} data-off={chosen === null || undefined}>
      <span>
        {before}
        <select
          aria-label={t(`rules.limits.${limit.name}`, { what: "…" })}
          value={shown.key}
          disabled={chosen === null}
          onChange={({ target }) => {
            const choice = choices.find(({ key }) => key === target.value);
            if (choice) update(choice.settings);
          }}
        >
          {choices.map((choice) => (
            <option key={choice.key} value={choice.key}>
              {choice.say(t)}
            </option>
          ))}
        </select>
        {after}
      </span>
      <Switch
        label={sayLimit(t, limit, shown)}
        isBare
        isOn={chosen !== null}
        onChange={(isOn) => update(isOn ? limit.usual.settings : limit.off)}
      />
    </div>
  );
}
