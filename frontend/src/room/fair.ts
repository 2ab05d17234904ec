// Turns in fair order: the same rules as the server's playlist/ordering/fair.py, tested with the same fixtures.
import type { Fair } from "../protocol/types";

/** A room that has just entered fair order. */
export const BEGINNING: Fair = { round: 0, turns: {} };

/** The round of a person's next song: nobody is behind the running round. */
export const startOf = (adder: string, { round, turns }: Fair): number => Math.max(round, turns[adder] ?? round);

/**
 * The turns after a song of `adder` has started; `stillWaiting` are the people with songs left to play. What nobody added
 * takes no turn.
 */
export function started(fair: Fair, adder: string | null, stillWaiting: Iterable<string>): Fair {
  if (adder === null) return fair;
  const start = startOf(adder, fair);
  const turns = { ...fair.turns, [adder]: start + 1 };
  const starts = [...new Set(stillWaiting)].map((person) => startOf(person, { ...fair, turns }));
  return tidied(Math.max(fair.round, Math.min(start, ...starts)), turns);
}

/** The turns after people voted a song away before its half: its adder has the turn again. */
export function givenBack(fair: Fair, adder: string | null): Fair {
  const finish = adder === null ? undefined : fair.turns[adder];
  if (adder === null || finish === undefined) return fair;
  return tidied(fair.round, { ...fair.turns, [adder]: finish - 1 });
}

/** Without the entries that say no more than the running round does. */
function tidied(round: number, turns: Fair["turns"]): Fair {
  return { round, turns: Object.fromEntries(Object.entries(turns).filter(([, finish]) => finish > round)) };
}
