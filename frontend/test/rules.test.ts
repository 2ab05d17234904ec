// Rules in words, and the songs that one has brought to the front.
import i18next from "i18next";
import { afterEach, describe, expect, it } from "vitest";
import { LIMITS, sayLimit } from "../src/components/limits";
import { startTexts } from "../src/i18n";
import { Boosts, boostsLeft } from "../src/room/boosts";
import { settingsChanged } from "../src/room/rules";
import { snapshot } from "./sockets";

const playlist = snapshot(0).playlist!;

afterEach(() => startTexts(["en"]));

describe("a limit", () => {
  it.each(LIMITS)("$name: what is chosen is what holds, and can be switched off", (limit) => {
    expect(limit.chosen(playlist)).toBeNull();
    for (const choice of limit.choices(playlist)) {
      const changed = settingsChanged(playlist, { command: "playlist.update", ...choice.settings });
      expect(limit.chosen(changed)?.key).toBe(choice.key);
      expect(limit.chosen(settingsChanged(changed, { command: "playlist.update", ...limit.off }))).toBeNull();
    }
  });

  it("that somebody has set to another number can be read and kept", () => {
    const odd = settingsChanged(playlist, { command: "playlist.update", rules: { max_track_seconds: 90, skip_share: 0.4 } });
    startTexts(["en"]);
    const said = LIMITS.flatMap((limit) => {
      const chosen = limit.chosen(odd);
      return chosen === null ? [] : [sayLimit(i18next.t, limit, chosen), limit.choices(odd)[0]?.key];
    });
    expect(said).toEqual(["Nothing longer than 1.5 minutes", "90", "Skip when 40 % of us want it", "0.4"]);
  });

  it.each([
    ["en", [
      "At most 3 songs waiting each",
      "Nothing longer than 10 minutes",
      "The same song again after 2 hours",
      "Skip when half of us want it",
      "Guests may play 2 songs next an hour",
      "When the queue is empty: similar songs",
    ]],
    ["de", [
      "Höchstens 3 Titel pro Person in der Warteschlange",
      "Nichts, was länger dauert als 10 Minuten",
      "Derselbe Titel erst nach 2 Stunden wieder",
      "Überspringen auf Wunsch der Hälfte von uns",
      "Gäste dürfen 2 Titel pro Stunde vorziehen",
      "Wenn die Warteschlange leer ist: ähnliche Titel",
    ]],
  ])("is a sentence: %s", (language, sentences) => {
    startTexts([language]);
    expect(LIMITS.map((limit) => sayLimit(i18next.t, limit, limit.usual))).toEqual(sentences);
  });
});

describe("boosts", () => {
  const MINUTE_MS = 60_000;
  const DAY_MS = 24 * 60 * MINUTE_MS;

  it("count for an hour, over a reload, and not when they were refused", () => {
    localStorage.clear();
    const boosts = new Boosts("main", localStorage);
    boosts.add("a", 0);
    boosts.add("b", 30 * MINUTE_MS);
    boosts.add("c", 40 * MINUTE_MS);
    boosts.refused("c", { code: "CONFLICT", message: "", details: {} }, 3);
    const left = (atMs: number) => boostsLeft(new Boosts("main", localStorage).store.getState(), 3, atMs);
    expect([left(40 * MINUTE_MS), left(60 * MINUTE_MS), left(90 * MINUTE_MS)]).toEqual([1, 2, 3]);
  });

  it("that were spent elsewhere are known once one is refused", () => {
    const boosts = new Boosts("main", null);
    boosts.add("a", DAY_MS + 10 * MINUTE_MS);
    const next_at = new Date(DAY_MS + 50 * MINUTE_MS).toISOString();
    boosts.refused("a", { code: "NO_BOOSTS_LEFT", message: "", details: { next_at } }, 3);
    const left = (atMs: number) => boostsLeft(boosts.store.getState(), 3, atMs);
    expect([left(DAY_MS + 49 * MINUTE_MS), left(DAY_MS + 50 * MINUTE_MS)]).toEqual([0, 3]);
  });
});
