// Which sentence tells what happened, and what stands in it. Pure functions; the words are in i18n/log.*.ts.
import type { log } from "../i18n/log.en";
import type { Activity, Participant, Person, Playback } from "../protocol/types";
import type { Group } from "./entries";

/** The name of a sentence below `log.did`, and what it holds besides the name of whoever did it. */
export interface Sentence {
  readonly key: SentenceKey;
  readonly title?: string | undefined;
  /** Another person, an artist, or the room's new name. */
  readonly other?: string | undefined;
  readonly values?: Record<string, string | number>;
}

type Told<Key> = Key extends `${infer Name}_${"one" | "other"}` ? Name : Key;
export type SentenceKey = Told<keyof typeof log.did>;

/** What stood before a group, where that is known. */
export interface Before {
  /** What it left behind of the playback. */
  readonly playback?: Playback | undefined;
  /** The event right before it. */
  readonly entry?: Activity | undefined;
}

/** The sentence for a group; null for what this client does not know, and for what is no news. */
export function sentenceOf({ entries }: Group, before: Before = {}): Sentence | null {
  const sentence = ofGroup(entries, before);
  return sentence && { ...sentence, values: { count: entries.length, ...sentence.values } };
}

function ofGroup(entries: Group["entries"], before: Before): Sentence | null {
  const [entry] = entries;
  const { type, details, undoes } = entry;
  const title = entry.track?.title;
  const isBack = undoes !== undefined;
  switch (type) {
    case "track.added":
      return { key: isBack || isSomebodyElses(entry) ? "broughtBack" : "added", title };
    case "track.removed":
      return { key: isBack ? "takenOut" : "removed", title };
    case "track.moved":
      return { key: isBack ? "movedBack" : "moved", title };
    case "track.voted":
      return { key: isBack ? "votedBack" : votes(details.to), title };
    case "track.boosted":
      return { key: isBack ? "boostBack" : "boosted", title };
    case "track.playing":
      if (details.id === null) return { key: "ended" };
      return { key: entry.automatic || isVotedFor(before.entry) ? "began" : "putOn", title };
    case "track.updated":
      return { key: "edited", title };
    case "playback.changed":
      if (entries.length > 1) return { key: "playback" };
      return playback(details.playback as Playback, before.playback);
    case "playback.skip_voted":
      return { key: details.want === false ? "skipBack" : "skip", title, values: { votes: Number(details.votes), needed: Number(details.needed) } };
    case "playlist.reordered":
      return { key: "numbered" };
    case "playlist.updated":
      return settings(details.playlist as Record<string, unknown>, entry.actor);
    case "participant.changed":
      return role(details.participant as Participant, entry.actor);
    case "blocked.changed":
      if (details.kind === "artists") return { key: details.blocked ? "blockedArtist" : "unblockedArtist", other: details.artist as string | undefined };
      return { key: details.blocked ? "blockedSong" : "unblockedSong", title };
    default:
      return null;
  }
}

/** Whether this vote to skip was enough: what begins then was chosen by nobody. */
const isVotedFor = (vote: Activity | undefined) =>
  vote?.type === "playback.skip_voted" && Number(vote.details.votes) >= Number(vote.details.needed);

/** People add under their own names: what stands under another one has been there before. */
const isSomebodyElses = ({ actor, details }: Activity) => actor !== null && details.added_by !== undefined && details.added_by !== actor.name;

function votes(to: unknown): SentenceKey {
  if (to === 1) return "votedFor";
  if (to === -1) return "votedAgainst";
  return to === 0 ? "votedBack" : "votedOn";
}

/** What changed is told by what was before, where that is known. */
function playback(now: Playback, before: Playback | undefined): Sentence {
  if (now.state === "stopped") return { key: "stopped" };
  if (before && before.volume !== now.volume) return { key: "volume", values: { volume: now.volume } };
  if (now.state === "paused" && before?.state !== "paused") return { key: "paused" };
  if (!before) return { key: "playback" };
  return { key: before.state === now.state ? "sought" : "wentOn" };
}

function settings(changed: Record<string, unknown>, actor: Person | null): Sentence | null {
  // Guests' rights are told as a preset where they are one. The turns of fair order are no setting.
  const told = changed.policy === "open" || changed.policy === "hosted" ? "rules" : "policy";
  const names = Object.keys(changed).filter((name) => name !== "fair" && !(name === told && "rules" in changed));
  const [name] = names;
  if (name === undefined) return null;
  if (names.length > 1) return { key: "settings", values: { count: names.length } };
  const value = changed[name];
  switch (name) {
    case "name":
      return { key: "renamed", other: String(value) };
    case "order":
      return { key: value === "votes" ? "byVotes" : value === "fair" ? "byTurns" : "byHand" };
    case "locked":
      return { key: value === true ? "locked" : "unlocked" };
    case "visibility":
      return { key: value === "public" ? "listed" : "unlisted" };
    case "max_queued_per_person":
      return value === null ? { key: "unlimited" } : { key: "limited", values: { limit: Number(value) } };
    case "policy":
      return { key: value === "open" ? "opened" : "hosted" };
    case "rules":
      return { key: "rules" };
    case "host":
      return handOver(value as Person | null, actor);
    default:
      return { key: "settings", values: { count: 1 } };
  }
}

function role({ id, name, role }: Participant, actor: Person | null): Sentence {
  if (role === "host" && id === actor?.id) return { key: "becameHost" };
  return { key: role === "cohost" ? "cohost" : role === "host" ? "host" : "guest", other: name };
}

/** The host hands the room over; whoever has the host link takes it. */
function handOver(host: Person | null, actor: Person | null): Sentence {
  return host !== null && host.id === actor?.id ? { key: "becameHost" } : { key: "handedOver", other: host?.name ?? "" };
}

/** What stood before a group of the whole list: the next older playback in it, and the event before, if that is in it. */
export function beforeGroup(groups: readonly Group[], index: number): Before {
  const withPlayback = groups.find(({ entries: [newest] }, place) => place > index && newest.details.playback !== undefined);
  const entry = groups[index + 1]?.entries[0];
  const follows = entry?.revision === (groups[index]?.entries.at(-1)?.revision ?? 0) - 1;
  return {
    playback: withPlayback?.entries[0].details.playback as Playback | undefined,
    entry: follows ? entry : undefined,
  };
}
