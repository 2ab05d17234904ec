// Texts that stand side by side on one button.
import { expect, it } from "vitest";
import { de } from "../src/i18n/de";
import { en } from "../src/i18n/en";

interface Texts {
  readonly [key: string]: string | Texts;
}

/** Of every text whose key ends in "Short" the other one, which is the button's name for a screen reader. */
function* pairs(texts: Texts): Generator<[name: string, seen: string]> {
  for (const [key, value] of Object.entries(texts)) {
    const name = key.endsWith("Short") ? texts[key.slice(0, -"Short".length)] : undefined;
    if (typeof value !== "string") yield* pairs(value);
    else if (typeof name === "string") yield [name, value];
  }
}

it.each([
  ["English", en],
  ["German", de],
] as const)("the name of a button holds what is seen on it, for those who speak to their device, in %s", (_, texts) => {
  const found = [...pairs(texts)];
  expect(found.length).toBeGreaterThan(10);
  expect(found.filter(([name, seen]) => !name.toLowerCase().includes(seen.toLowerCase()))).toEqual([]);
});
