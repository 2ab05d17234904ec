// The log as people read it: what is drawn together, which sentences tell it, and how newer pages join older ones.
import i18next from "i18next";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { startTexts } from "../src/i18n";
import { differenceOf, eveningOf, markAt, markBeside } from "../src/log/evening";
import { changesOlder, effectsOf, groupsOf, undoableIn, withNewest } from "../src/log/entries";
import { saidOf } from "../src/log/Said";
import { beforeGroup, sentenceOf } from "../src/log/sentences";
import { sayUndoError, sayUndone } from "../src/log/undone";
import { RestError } from "../src/protocol/rest";
import type { Activity, RoomEvent } from "../src/protocol/types";
import { stateFromPages } from "../src/room/state";
import { item, snapshot } from "./sockets";

vi.mock("../src/boot", () => ({ boot: { csrf_cookie: "" } }));

const [anna, bob] = [
  { id: 1, name: "Anna" },
  { id: 2, name: "Bob" },
];
const NOON = Date.parse("2026-11-21T12:00:00Z");

/** One minute after another: the revision is the minute. */
const entry = (revision: number, type: string, more: Partial<Activity> = {}): Activity => ({
  revision,
  at: new Date(NOON + revision * 60_000).toISOString(),
  actor: bob,
  type,
  track: { id: `track-${revision}`, title: `Song ${revision}`, artist: "Somebody" },
  details: {},
  automatic: false,
  undoable: true,
  ...more,
});

const revisions = (entries: readonly Activity[]) => groupsOf(entries).map((group) => group.entries.map(({ revision }) => revision));

describe("what is drawn together", () => {
  it("is what one person did in a row, of one kind, without a long break", () => {
    expect(
      revisions([
        entry(30, "track.removed"),
        entry(29, "track.removed"),
        entry(20, "track.removed"),
        entry(19, "track.removed", { actor: anna }),
        entry(18, "track.added", { actor: anna }),
        entry(17, "track.playing", { actor: null, automatic: true }),
        entry(16, "track.playing", { actor: null, automatic: true }),
      ]),
    ).toEqual([[30, 29], [20], [19], [18], [17], [16]]);
  });

  it("is never an act with its undoing, nor a vote for with one against", () => {
    expect(
      revisions([
        entry(4, "track.added", { undoes: 1 }),
        entry(3, "track.added"),
        entry(2, "track.voted", { details: { to: 1 } }),
        entry(1, "track.voted", { details: { to: -1 } }),
      ]),
    ).toEqual([[4], [3], [2], [1]]);
  });

  it("keeps its key when more joins, and gives all that undoing takes", () => {
    const older = [entry(2, "track.voted", { details: { to: 1, revisions: [2, 1] } })];
    const newer = [entry(4, "track.voted", { details: { to: 1, revisions: [4, 3] } }), ...older];
    expect(groupsOf(newer)[0]?.key).toBe(groupsOf(older)[0]?.key);
    expect(undoableIn(newer)).toEqual([4, 3, 2, 1]);
    expect(undoableIn([entry(5, "track.removed", { undoable: false })])).toEqual([]);
  });
});

describe("a newer first page", () => {
  const page = (next: number | null, ...revisions: number[]) => ({ next, rows: revisions.map((each) => entry(each, "track.added")) });
  const shown = (pages: ReturnType<typeof withNewest>) => pages.map(({ rows }) => rows.map(({ revision }) => revision));

  it("takes the place of what it covers, and older pages stay", () => {
    const known = [page(4, 6, 5, 4), page(null, 3, 2, 1)];
    expect(shown(withNewest(known, page(5, 7, 6, 5)))).toEqual([[7, 6, 5], [4], [3, 2, 1]]);
    expect(shown(withNewest(known, page(4, 8, 6, 5, 4)))).toEqual([[8, 6, 5, 4], [3, 2, 1]]);
  });

  it("stands alone where something in between is not known, or nothing is older", () => {
    expect(shown(withNewest([page(4, 6, 5, 4)], page(20, 22, 21, 20)))).toEqual([[22, 21, 20]]);
    expect(shown(withNewest([page(null, 1)], page(null, 2, 1)))).toEqual([[2, 1]]);
  });

  it("may have undone what stands on older ones", () => {
    const undoing = { next: 9, rows: [entry(9, "track.added", { undoes: 3 })] };
    expect(changesOlder([undoing, page(null, 4, 3)])).toBe(true);
    expect(changesOlder([undoing, page(null, 2, 1)])).toBe(false);
  });
});

describe("sentences", () => {
  const { playback } = stateFromPages([snapshot(0)])!;
  const say = (one: Activity, before?: typeof playback) => {
    const sentence = sentenceOf({ key: 1, entries: [one] }, { playback: before });
    return sentence && saidOf(i18next.t, one, sentence);
  };
  const happened: [Activity, string, string][] = [
    [entry(1, "track.added"), "Bob added Song 1", "Bob hat Song 1 hinzugefügt"],
    [entry(1, "track.added", { undoes: 9 }), "Bob brought Song 1 back", "Bob hat Song 1 zurückgeholt"],
    [entry(1, "track.added", { details: { added_by: "Anna" } }), "Bob brought Song 1 back", "Bob hat Song 1 zurückgeholt"],
    [entry(1, "track.added", { actor: null, automatic: true }), "The server added Song 1", "Der Server hat Song 1 hinzugefügt"],
    [entry(1, "track.removed", { actor: null }), "Somebody removed Song 1", "Jemand hat Song 1 entfernt"],
    [entry(1, "track.voted", { details: { to: -1 } }), "Bob voted against Song 1", "Bob hat gegen Song 1 gestimmt"],
    [entry(1, "track.playing", { details: { id: "x" } }), "Bob put on Song 1", "Bob hat Song 1 aufgelegt"],
    [entry(1, "track.playing", { details: { id: null } }), "The queue came to its end", "Die Warteschlange war zu Ende"],
    [entry(1, "playback.changed", { details: { playback: { ...playback, state: "paused" } } }), "Bob paused the music", "Bob hat die Musik angehalten"],
    [entry(1, "playlist.updated", { details: { playlist: { name: "Ours" } } }), "Bob renamed the room to Ours", "Bob hat den Raum in Ours umbenannt"],
    [entry(1, "playlist.updated", { details: { playlist: { order: "fair", fair: {} } } }), "Bob let people take turns", "Bob lässt alle reihum drankommen"],
    [entry(1, "playlist.updated", { details: { playlist: { host: bob } } }), "Bob became the host", "Bob ist jetzt Host"],
    [entry(1, "participant.changed", { details: { participant: { ...bob, role: "host" } } }), "Bob became the host", "Bob ist jetzt Host"],
    [entry(1, "track.removed", { actor: { id: 9, name: "Somebody" } }), "Somebody removed Song 1", "Jemand hat Song 1 entfernt"],
  ];

  it("tell who may do what, and what nobody may add", () => {
    startTexts(["en"]);
    const participant = { id: 3, name: "Fay", role: "cohost" };
    expect(say(entry(1, "participant.changed", { details: { participant } }))).toBe("Bob made Fay a cohost");
  });

  /** Of each type that there is, what the server tells, and of what the sentence speaks. */
  const ofEach: Record<RoomEvent["type"], [details: Activity["details"], about: RegExp][]> = {
    "track.added": [[{}, /Song 1/]],
    "track.removed": [[{}, /Song 1/]],
    "track.moved": [[{}, /Song 1/]],
    "track.voted": [[{ to: 1 }, /Song 1/], [{ to: 0 }, /Song 1/], [{}, /Song 1/]],
    "track.boosted": [[{}, /Song 1/]],
    "track.playing": [[{ id: "x" }, /Song 1/], [{ id: null }, /queue|Warteschlange/]],
    "track.updated": [[{}, /Song 1/]],
    "playback.changed": [[{ playback: { ...playback, state: "paused" } }, /music|Musik/], [{ playback: { ...playback, state: "playing" } }, /playback|Wiedergabe/]],
    "playback.skip_voted": [
      [{ want: true, votes: 2, needed: 3 }, /to skip Song 1 \(2 of 3\)|Song 1 überspringen \(2 von 3\)/],
      [{ want: false, votes: 0, needed: 3 }, /back the vote to skip Song 1|Song 1 nicht mehr überspringen/],
    ],
    "playlist.reordered": [[{ items: 5 }, /places|Plätze/]],
    "playlist.updated": [[{ playlist: { name: "Ours" } }, /Ours/], [{ playlist: { host: { id: 3, name: "Fay" } } }, /Fay/]],
    "participant.changed": [[{ participant: { id: 3, name: "Fay", role: "cohost" } }, /Fay/]],
    "blocked.changed": [
      [{ kind: "tracks", id: "track-1", blocked: true }, /Song 1/],
      [{ kind: "tracks", id: "track-1", blocked: false }, /Song 1/],
      [{ kind: "artists", id: 7, blocked: true, artist: "Nina" }, /Nina/],
      [{ kind: "artists", id: 7, blocked: false, artist: "Nina" }, /Nina/],
      [{ kind: "artists", id: 7, blocked: true }, /an artist|einen Interpreten/],
    ],
  };

  it.each(["en", "de"])("tell of everything that the log has, and what it was about, in %s", (language) => {
    startTexts([language]);
    for (const [type, told] of Object.entries(ofEach)) for (const [details, about] of told) expect(say(entry(1, type, { details }))).toMatch(about);
  });

  const changed = (playlist: object) => entry(1, "playlist.updated", { details: { playlist } });

  it("tell rules by their preset, where they are one", () => {
    startTexts(["en"]);
    expect(say(changed({ policy: "hosted", rules: { guests: {} } }))).toBe("Bob let guests only add and vote");
    expect(say(changed({ policy: "custom", rules: { guests: {} } }))).toBe("Bob changed the rules");
    expect(say(changed({ rules: { skip_share: 0.5 } }))).toBe("Bob changed the rules");
    expect(say(changed({ name: "Ours", locked: true }))).toBe("Bob changed several settings");
  });

  it.each(["en", "de"])("tell what happened in %s", (language) => {
    startTexts([language]);
    for (const [one, english, german] of happened) expect(say(one)).toBe(language === "en" ? english : german);
  });

  it("tell a change of the playback by what was before", () => {
    startTexts(["en"]);
    const playing = { ...playback, state: "playing" as const };
    const louder = entry(1, "playback.changed", { details: { playback: { ...playing, volume: 60 } } });
    expect(say(louder, playing)).toBe("Bob set the volume to 60");
    expect(say(louder, { ...playing, volume: 60 })).toBe("Bob moved to another place in the song");
    expect(say(louder, { ...playing, volume: 60, state: "paused" })).toBe("Bob let the music go on");
    expect(say(louder)).toBe("Bob changed the playback");
    const groups = groupsOf([louder, entry(0, "track.playing", { details: { id: "x", playback: playing } })]);
    expect(beforeGroup(groups, 0).playback).toEqual(playing);
  });

  it("tell that a song began, and put nobody's name to it, once enough people wanted to skip", () => {
    startTexts(["en"]);
    const wanted = (votes: number) => entry(1, "playback.skip_voted", { details: { item_id: "x", want: true, votes, needed: 2 } });
    const next = entry(2, "track.playing", { details: { id: "y" } });
    const told = (...entries: Activity[]) => {
      const [first, ...rest] = groupsOf(entries);
      return first && saidOf(i18next.t, first.entries[0], sentenceOf(first, beforeGroup([first, ...rest], 0))!);
    };
    expect(told(next, wanted(2))).toBe("Song 2 began");
    expect(told(next, wanted(1))).toBe("Bob put on Song 2");
    expect(told({ ...next, revision: 3 }, wanted(2))).toBe("Bob put on Song 2");
  });

  it("say nothing about what a newer server logs", () => {
    expect(say(entry(1, "track.danced"))).toBeNull();
    expect(say(entry(1, "playlist.updated", { details: { playlist: { fair: { round: 3, turns: {} } } } }))).toBeNull();
  });
});

describe("undoing", () => {
  beforeEach(() => startTexts(["en"]));

  it("is told with what stays, by reason", () => {
    const left = (["heard", "heard", "duplicate"] as const).map((reason, revision) => ({ revision, reason }));
    expect(sayUndone(i18next.t, { undone: [9, 8], left })).toBe(
      "2 things were undone. Not undone: 2 songs that have been played, 1 song that is in the queue again.",
    );
    const nothing = new RestError("NOT_UNDOABLE", "", { left: left.slice(2) });
    expect(sayUndoError(i18next.t, nothing)).toBe("Nothing could be undone. Not undone: 1 song that is in the queue again.");
  });

  it("is foreseen by what comes back and what goes", () => {
    const entries = [entry(4, "track.removed"), entry(3, "track.removed"), entry(2, "track.added"), entry(1, "track.moved")];
    expect(effectsOf(5, entries)).toEqual({ back: 2, out: 1, rest: 2 });
  });
});

describe("as it was", () => {
  const hour = 3600_000;
  const play = (hours: number) => ({ played_at: new Date(NOON + hours * hour).toISOString(), track: { title: `Song ${hours}` } });

  it("covers the last evening, with what began on it", () => {
    const evening = eveningOf([play(9), play(8), play(7), play(2)], 0, NOON + 9.5 * hour);
    expect(evening.from).toBe(NOON + 6.5 * hour);
    expect(evening.marks.map(({ title }) => title)).toEqual(["Song 7", "Song 8", "Song 9"]);
    expect(markAt(evening, NOON + 8.5 * hour)?.title).toBe("Song 8");
    expect(markAt(evening, NOON + 6.9 * hour)).toBeUndefined();
    expect(markBeside(evening, NOON + 8 * hour, -1)?.title).toBe("Song 7");
    expect(markBeside(evening, NOON + 8 * hour, 1)?.title).toBe("Song 9");
    expect(markBeside(evening, NOON + 9 * hour, 1)).toBeUndefined();
  });

  it("is half an hour in a room where nothing has played", () => {
    expect(eveningOf([], 0, NOON)).toEqual({ from: NOON - hour / 2, marks: [] });
    expect(eveningOf([], NOON - 60_000, NOON).from, "before which there was no room").toBe(NOON - 60_000);
  });

  it("tells what bringing it back would change: songs still to play", () => {
    const heard = { ...item(3), played_at: "2026-11-21T16:00:00Z" };
    expect(differenceOf([item(1), item(2), heard], [item(2), item(4), item(5)])).toEqual({ back: 1, out: 2 });
  });
});
