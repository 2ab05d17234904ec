// Why a song plays when it does, in words.
import i18next from "i18next";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { boosterIn, boosterOf, sayWhy } from "../src/components/Why";
import { startTexts } from "../src/i18n";
import { rest } from "../src/protocol/rest";
import type { Activity, Item, Playlist } from "../src/protocol/types";
import { item, snapshot } from "./sockets";

const song = (number: number, adder: string, given: Partial<Item> = {}): Item => ({ ...item(number), adder, added_by: adder, ...given });

beforeEach(() => startTexts(["en"]));

/** The sentences about each song, by its title. */
function why(order: Playlist["order"], ...items: Item[]): Record<string, string[]> {
  const { playlist, playback } = snapshot(0);
  const fair = order === "fair" ? { round: 4, turns: { Bob: 5 } } : null;
  const state = {
    revision: 1,
    stamp: "aa",
    playlist: { ...playlist!, order, fair },
    playback: playback!,
    items: new Map(items.map((item) => [item.id, item])),
    myVotes: {},
  };
  const plain = (sentence: string) => sentence.replace(/[\u2068\u2069]/g, "");
  return Object.fromEntries(items.map(({ id, track }) => [track.title, sayWhy(i18next.t, state, id, "Anna").map(plain)]));
}

describe("why there", () => {
  it("by votes", () => {
    const playing = song(1, "Bob", { is_playing: true, played_at: "2026-11-21T17:00:00Z" });
    const boosted = song(2, "Bob", { boosted_at: "2026-11-21T17:00:00Z" });
    const filler = song(7, "", { adder: null, because: { kind: "library" } });
    const said = why("votes", playing, boosted, song(3, "Bob", { votes: 2 }), song(4, "Bob", { votes: 1 }), song(5, "Bob"), song(6, "Bob"), filler);
    expect(said).toEqual({
      "Song 1": [],
      "Song 2": ["Boosted by Anna"],
      "Song 3": ["No song that waits has more votes"],
      "Song 4": ["One song has more votes"],
      "Song 5": ["Two songs have more votes"],
      "Song 6": ["Two songs have more votes", "Others with as many votes stand before it"],
      "Song 7": ["What people add plays before it"],
    });
  });

  it("by turns, of which the running one is the first", () => {
    const said = why("fair", song(1, "Bob"), song(3, "Carla"), song(4, "Dan", { votes: -1 }), song(5, "Carla"), song(6, "Bob"));
    expect(said).toEqual({
      "Song 3": ["Turn 1: the first song of it"],
      "Song 4": ["Turn 1: after a song of Carla", "One song has more votes"],
      "Song 1": ["Turn 2: the first song of it"],
      "Song 5": ["Turn 2: after a song of Bob", "Others with as many votes stand before it"],
      "Song 6": ["Turn 3: the first song of it"],
    });
  });

  it("names three, and counts the others", () => {
    startTexts(["de"]);
    const said = why("fair", ...["Carla", "Dan", "Eva", "Fay", "Gil", "Hal"].map((adder, index) => song(index + 3, adder)));
    expect(said["Song 8"]?.[0]).toBe("Runde 1: nach je einem Titel von Carla, Dan, Eva und 2 weiteren");
  });

  it("by whose boost, as the log says on every page", async () => {
    const boost = (revision: number, id: string, boosted_at: string | null, name: string): Activity => ({
      revision,
      at: "2026-11-21T17:00:00Z",
      actor: { id: revision, name },
      type: "track.boosted",
      details: { item: { id, boosted_at } },
      automatic: false,
      undoable: false,
    });
    const entries = [
      boost(9, item(2).id, "2026-11-21T17:00:00Z", "Carla"),
      boost(8, item(1).id, null, "Dan"),
      boost(7, item(1).id, "2026-11-21T17:00:00.250Z", "Anna"),
    ];
    expect(boosterIn(entries, item(1).id, "2026-11-21T17:00:00.250000Z")).toBe("Anna");
    expect(boosterIn(entries, item(1).id, "2026-11-21T18:00:00Z")).toBeNull();
    expect(boosterIn(entries, item(1).id, null)).toBeNull();
    const { playlist, playback } = snapshot(0);
    const boosted = song(1, "Bob", { boosted_at: "2026-11-21T17:00:00Z" });
    const state = { revision: 1, stamp: "aa", playlist: { ...playlist!, order: "votes" as const }, playback: playback!, items: new Map([[boosted.id, boosted]]), myVotes: {} };
    expect(sayWhy(i18next.t, state, boosted.id, null)).toEqual(["Boosted to play next"]);

    // Behind thousands of votes it stands on a later page, and behind its time there is nothing to look for.
    const pages = [
      { rows: [], next: 9_000 },
      { rows: entries, next: 4_000 },
      { rows: [], next: null },
    ];
    const read = vi.spyOn(rest, "activity").mockImplementation((_, { before }) => Promise.resolve(pages[before === null ? 0 : before === 9_000 ? 1 : 2]!));
    const boosterAt = (at: string) => boosterOf("main", item(1).id, at, new AbortController().signal);
    expect(await boosterAt("2026-11-21T17:00:00.250000Z")).toBe("Anna");
    expect(read).toHaveBeenCalledTimes(2);
    expect(await boosterAt("2026-11-21T18:00:00Z"), "not kept").toBeNull();
    expect(read).toHaveBeenCalledTimes(4);
    expect(await boosterAt("2026-11-21T16:00:00Z")).toBeNull();
    expect(read).toHaveBeenCalledTimes(7);
  });

  it("as it stands", () => {
    expect(why("manual", song(1, "Bob"))).toEqual({ "Song 1": ["It plays as it stands in the queue"] });
  });
});
