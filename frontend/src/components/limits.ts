// The rules of a room that are a number or a choice, as sentences with one gap in them.
import type { TFunction } from "i18next";
import type { CommandOf, Playlist, Rules } from "../protocol/types";

export type Settings = Omit<CommandOf<"playlist.update">, "command">;

/** One way to fill a gap. */
export interface Choice {
  readonly key: string;
  readonly settings: Settings;
  say: (t: TFunction) => string;
}

export interface Limit {
  readonly name: "queued" | "length" | "repeat" | "skip" | "boosts" | "fallback";
  /** What holds; null where the rule does not. */
  chosen: (playlist: Playlist) => Choice | null;
  /** What may be chosen, with what holds among it. */
  choices: (playlist: Playlist) => readonly Choice[];
  readonly usual: Choice;
  readonly off: Settings;
}

/** A limit of values; null stands for none. */
interface Values<T> {
  name: Limit["name"];
  common: readonly T[];
  usual: T;
  read: (playlist: Playlist) => T | null;
  change: (value: T | null) => Settings;
  say: (t: TFunction, value: T) => string;
}

function limit<T extends number | string>({ name, common, usual, read, change, say }: Values<T>): Limit {
  const choice = (value: T): Choice => ({ key: String(value), settings: change(value), say: (t) => say(t, value) });
  const chosen = (playlist: Playlist) => {
    const value = read(playlist);
    return value === null ? null : choice(value);
  };
  const choices = (playlist: Playlist) => {
    const value = read(playlist);
    const all = value === null || common.includes(value) ? common : [value, ...common];
    return all.map(choice);
  };
  return { name, chosen, choices, usual: choice(usual), off: change(null) };
}

/** In the order in which they are read. */
export const LIMITS: readonly Limit[] = [
  limit<number>({
    name: "queued",
    common: [1, 2, 3, 4, 5, 7, 10, 15, 20, 50],
    usual: 3,
    read: ({ max_queued_per_person }) => max_queued_per_person,
    change: (max_queued_per_person) => ({ max_queued_per_person }),
    say: (t, count) => t("rules.songs", { count }),
  }),
  limit<number>({
    name: "length",
    common: [180, 300, 420, 600, 900, 1200, 1800, 3600],
    usual: 600,
    read: ({ rules }) => rules.max_track_seconds,
    change: (max_track_seconds) => ({ rules: { max_track_seconds } }),
    say: (t, seconds) => t("rules.minutes", { count: Math.round(seconds / 6) / 10 }),
  }),
  limit<number>({
    name: "repeat",
    common: [15, 30, 60, 120, 180, 240, 720, 1440],
    usual: 120,
    read: ({ rules }) => rules.repeat_after_minutes,
    change: (repeat_after_minutes) => ({ rules: { repeat_after_minutes } }),
    say: (t, minutes) => (minutes % 60 === 0 ? t("rules.hours", { count: minutes / 60 }) : t("rules.minutes", { count: minutes })),
  }),
  limit<number>({
    name: "skip",
    common: [0.25, 0.33, 0.5, 0.66, 1],
    usual: 0.5,
    read: ({ rules }) => rules.skip_share,
    change: (skip_share) => ({ rules: { skip_share } }),
    say: sayShare,
  }),
  limit<number>({
    name: "boosts",
    common: [1, 2, 3, 4, 5, 10],
    usual: 2,
    read: ({ rules }) => rules.boosts_per_hour || null,
    change: (count) => ({ rules: { boosts_per_hour: count ?? 0 } }),
    say: (t, count) => t("rules.songs", { count }),
  }),
  limit<Exclude<Rules["fallback"], "off">>({
    name: "fallback",
    common: ["similar", "favorites", "library"],
    usual: "similar",
    read: ({ rules }) => (rules.fallback === "off" ? null : rules.fallback),
    change: (fallback) => ({ rules: { fallback: fallback ?? "off" } }),
    say: (t, fallback) => t(`rules.fallbacks.${fallback}`),
  }),
];

const SHARES = new Map<number, "quarter" | "third" | "half" | "twoThirds" | "all">([
  [0.25, "quarter"],
  [0.33, "third"],
  [0.5, "half"],
  [0.66, "twoThirds"],
  [1, "all"],
]);

function sayShare(t: TFunction, share: number): string {
  const name = SHARES.get(share);
  return name ? t(`rules.shares.${name}`) : t("rules.shares.percent", { percent: Math.round(share * 100) });
}

/** The whole sentence. */
export const sayLimit = (t: TFunction, { name }: Limit, choice: Choice) => t(`rules.limits.${name}`, { what: choice.say(t) });
