// The people in the room, and the host's tools.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Crown, Star } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { rest } from "../protocol/rest";
import type { Participant } from "../protocol/types";
import { useActions, useRights, useRoom, useView } from "../room/hooks";
import { Dialog } from "./Dialog";
import { Named } from "./Named";
import { useNotify } from "./notices";
import styles from "./People.module.css";
import { PersonRole } from "./PersonRole";
import { sayError } from "./refusals";
import { RoomLinks } from "./RoomLinks";
import { RulesButton } from "./RulesButton";
import { Switch } from "./Switch";

export function People({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const [online, people, you] = useView((view) => [view.online, view.people, view.you] as const);
  const { manage, host } = useRights();
  const mayRemove = (person: Participant) => manage && person.role !== "host" && (host || person.role !== "cohost");
  const away = useAway(manage, people);
  const unnamed = online - people.length;
  // Presence names only some of a crowd, so the others may be here too.
  const others = unnamed > 0 ? t("people.others") : t("people.away");
  return (
    <Dialog title={t("people.title", { count: online })} closeLabel={t("people.close")} kind={manage ? "wide" : "box"} onClose={onClose}>
      <ul className={styles.list} aria-label={t("people.button")}>
        {people.map((person) => (
          <Person key={person.id} person={person} isYou={person.id === you?.id} mayRemove={mayRemove(person)} />
        ))}
        {unnamed > 0 && <li className={styles.more}>{t("people.more", { count: unnamed })}</li>}
      </ul>
      {away.length > 0 && (
        <>
          <h3 className={styles.heading}>{others}</h3>
          <ul className={styles.list} aria-label={others}>
            {away.map((person) => (
              <Person key={person.id} person={person} isYou={false} mayRemove={mayRemove(person)} />
            ))}
          </ul>
        </>
      )}
      <p className={styles.rules}>
        <RulesButton isFloating={false} />
      </p>
      {manage && <RoomSettings isMain={slug === "main"} />}
      {manage && <RoomLinks />}
    </Dialog>
  );
}

/** Participants who are absent: a host may want to remove them, too. */
function useAway(manage: boolean, people: readonly Participant[]): Participant[] {
  const { slug } = useRoom();
  const roleChanges = useView((view) => view.roleChanges);
  const { data } = useQuery({
    queryKey: ["participants", slug, roleChanges],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => rest.participants(slug, signal),
    enabled: manage,
    staleTime: 0,
  });
  const here = new Set(people.map((person) => person.id));
  return (data ?? []).filter((person) => !here.has(person.id));
}

function Person({ person, isYou, mayRemove }: { person: Participant; isYou: boolean; mayRemove: boolean }) {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const { host } = useRights();
  const notify = useNotify();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const { name } = person;
  const letInAgain = () => {
    rest.liftBan(slug, person.id).catch((error: unknown) => notify(sayError(t, error)));
  };
  const remove = async (withSongs: boolean) => {
    setBusy(true);
    try {
      await rest.removeParticipant(slug, person.id, withSongs);
      notify(<Named name={name} text={(name) => t("people.removed", { name })} />, letInAgain);
      await queries.invalidateQueries({ queryKey: ["participants", slug] });
    } catch (error) {
      notify(sayError(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className={styles.person}>
      <span className={styles.badge} aria-hidden="true">
        {/[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase()}
      </span>
      <span dir="auto" className={`ellipsis ${styles.name}`}>
        {name}
      </span>
      {isYou && <span className={styles.tag}>{t("people.you")}</span>}
      {person.role === "host" && (
        <span className={styles.tag}>
          <Crown size={14} aria-hidden="true" /> {t("people.host")}
        </span>
      )}
      {person.role === "cohost" && (
        <span className={styles.tag}>
          <Star size={14} aria-hidden="true" /> {t("roles.cohost")}
        </span>
      )}
      {mayRemove && (
        <span className={styles.remove}>
          <button
            type="button"
            className={`button ${styles.small}`}
            aria-label={t("people.remove", { name })}
            disabled={isBusy}
            onClick={() => void remove(false)}
          >
            {t("people.removeShort")}
          </button>
          <button
            type="button"
            className={`button ${styles.small}`}
            disabled={isBusy}
            onClick={() => void remove(true)}
          >
            <span className="hidden">{t("people.removeWithSongs", { name })}</span>
            <span aria-hidden="true">{t("people.removeWithSongsShort")}</span>
          </button>
          {host && slug !== "main" && <PersonRole person={person} />}
        </span>
      )}
    </li>
  );
}

function RoomSettings({ isMain }: { isMain: boolean }) {
  const { t } = useTranslation();
  const { update } = useActions();
  const playlist = useView((view) => view.state?.playlist ?? null);
  if (playlist === null) return null;
  return (
    <div className={styles.settings}>
      <h3 className={styles.heading}>{t("people.settings")}</h3>
      {!isMain && (
        <>
          <Switch label={t("people.locked")} hint={t("people.lockedHint")} isOn={playlist.locked} onChange={(locked) => update({ locked })} />
          <Switch
            label={t("people.hosted")}
            hint={t("people.hostedHint")}
            isOn={playlist.policy === "hosted"}
            onChange={(isOn) => update({ policy: isOn ? "hosted" : "open" })}
          />
        </>
      )}
      <Switch
        label={t("people.byVotes")}
        hint={t("people.byVotesHint")}
        isOn={playlist.order === "votes"}
        onChange={(isOn) => update({ order: isOn ? "votes" : "manual" })}
      />
    </div>
  );
}
