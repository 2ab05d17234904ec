// Moving a song by steps: where each leads, and behind which song it is put.
import { describe, expect, it } from "vitest";
import { behind, stepsOf, type Step } from "../src/components/places";
import type { Item } from "../src/protocol/types";
import { item } from "./sockets";

const ALL = () => true;

/** Songs named by a letter: "a" waits, "A" plays, and what stands behind a dot was added by the server. */
function queueOf(letters: string): Item[] {
  const [own = "", filled = ""] = letters.split(".");
  return Array.from(own + filled, (letter, index) => ({
    ...item(index + 1),
    id: letter,
    is_playing: letter !== letter.toLowerCase(),
    because: index < own.length ? null : { kind: "library" },
  }));
}

function after(letters: string, id: string, step: Step, arePeers = ALL): string | null {
  const queue = queueOf(letters);
  const item = queue.find((other) => other.id === id)!;
  const place = stepsOf(queue, item, arePeers)![step];
  const front = behind(queue, item, place, arePeers);
  const others = queue.filter((other) => other !== item).map((other) => other.id);
  others.splice(front === null ? 0 : others.indexOf(front) + 1, 0, id);
  return others.join("");
}

describe("a step", () => {
  it.each([
    ["abcd", "c", "up", "acbd"],
    ["abcd", "c", "down", "abdc"],
    ["abcd", "c", "next", "cabd"],
    ["abcd", "c", "end", "abdc"],
    ["abcd", "a", "up", "abcd"],
    ["abcd", "d", "down", "abcd"],
    ["Abcd", "d", "next", "Adbc"],
    ["Abcd", "b", "up", "Abcd"],
    ["aBcd", "c", "up", "caBd"],
    ["aBcd", "a", "next", "Bacd"],
    ["abc.d", "a", "end", "bcad"],
    ["abc.d", "c", "down", "abcd"],
  ] as const)("in %s of %s, %s, makes it %s", (before, id, step, then) => {
    expect(after(before, id, step)).toBe(then);
  });

  it("passes over the songs of others where they take no part", () => {
    const mine = (one: Item, other: Item) => one !== other && "ac".includes(other.id);
    expect(stepsOf(queueOf("abcd"), queueOf("abcd")[2]!, mine)).toEqual({ next: 0, up: 0, down: 2, end: 2 });
  });

  it("leads nowhere for what plays, for what the server added, and for a song alone", () => {
    const queue = queueOf("Ab.c");
    for (const item of queue) expect(stepsOf(queue, item, ALL)).toBeNull();
  });
});
