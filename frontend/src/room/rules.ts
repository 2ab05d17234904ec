// The rules of a room: the presets of guests' rights, and what a change makes of them. The server has the same ones
// (playlist/types/rules.py).
import type { CommandOf, Playlist, Rules } from "../protocol/types";
import { BEGINNING } from "./fair";

type Guests = Rules["guests"];

export const PRESETS: Readonly<Record<"open" | "hosted", Guests>> = {
  open: { add: true, vote: true, downvote: true, move: true, remove_any: true, playback: true },
  hosted: { add: true, vote: true, downvote: true, move: false, remove_any: false, playback: false },
};

function policyOf(guests: Guests): Playlist["policy"] {
  const is = (preset: Guests) => (Object.keys(preset) as (keyof Guests)[]).every((right) => preset[right] === guests[right]);
  if (is(PRESETS.open)) return "open";
  return is(PRESETS.hosted) ? "hosted" : "custom";
}

/** The settings as an update leaves them. */
export function settingsChanged(playlist: Playlist, update: CommandOf<"playlist.update">): Playlist {
  const { rules, policy } = update;
  const others = Object.fromEntries(Object.entries(update).filter(([name]) => name !== "command")) as Partial<Playlist>;
  const guests = policy === undefined ? playlist.rules.guests : PRESETS[policy];
  const changed = { ...playlist.rules, ...rules, guests: { ...guests, ...rules?.guests } };
  const fair = (others.order ?? playlist.order) === "fair" ? (playlist.fair ?? BEGINNING) : null;
  return { ...playlist, ...others, rules: changed, policy: policyOf(changed.guests), fair };
}
