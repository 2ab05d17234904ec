// The examples that server and client share (tests/contract): both must read them alike.
import { describe, expect, it } from "vitest";
import events from "../../tests/contract/events.json";
import frames from "../../tests/contract/frames.json";
import queues from "../../tests/contract/queue.json";
import plans from "../../tests/contract/plan.json";
import fairs from "../../tests/contract/fair.json";
import turns from "../../tests/contract/order.json";
import positions from "../../tests/contract/positions.json";
import { plan, type Running, type Timed } from "../src/player/plan";
import { parseFrame } from "../src/protocol/frames";
import type { Command, Fair, Item, Playback, Playlist, RoomEvent } from "../src/protocol/types";
import { calculatePosition, following, playingOrder, upcoming, type Ordered, type Placed } from "../src/room/order";
import { explain, type Reason } from "../src/room/explain";
import { givenBack, started } from "../src/room/fair";
import { predict } from "../src/room/predict";
import { applyEvents, type RoomState } from "../src/room/state";

interface Case {
  name: string;
  before: Snapshot;
  steps: { command: Command | null; by: string | null; events: RoomEvent[] }[];
  after: Snapshot;
}

interface Snapshot {
  revision: number;
  stamp: string;
  playlist: Playlist;
  playback: Playback;
  items: Item[];
}

const cases = events as unknown as Case[];

const stateOf = ({ items, ...rest }: Snapshot): RoomState => ({
  ...rest,
  items: new Map(items.map((item) => [item.id, item])),
  myVotes: {},
});

const settings = ({ name, order, fair, policy, rules, locked, max_queued_per_person }: Playlist) => ({
  name,
  order,
  fair,
  policy,
  rules,
  locked,
  max_queued_per_person,
});

const listed = (state: RoomState) => playingOrder(state.items.values(), state.playlist);

function follow(state: RoomState, step: { events: RoomEvent[] }): RoomState {
  return applyEvents(state, step.events, step.events.at(-1)?.revision ?? state.revision, "");
}

describe("events", () => {
  it.each(cases)("$name", ({ before, steps, after }) => {
    const start = stateOf(before);
    const frozen = JSON.stringify([...start.items]);
    const end = steps.reduce(follow, start);
    expect(listed(end)).toEqual(after.items);
    expect(end.playback).toEqual(after.playback);
    expect(end.revision).toBe(after.revision);
    expect(settings(end.playlist)).toEqual(settings(after.playlist));
    expect(end.playlist.skip).toEqual(after.playlist.skip);
    expect(JSON.stringify([...start.items]), "the state before is left as it was").toBe(frozen);
  });

  it("an event that does not fit says so instead of guessing", () => {
    const state = stateOf(cases[0]!.before);
    const gone = { type: "track.removed", revision: 99, at: "", actor: null, id: "nowhere" } as const;
    expect(() => applyEvents(state, [gone], 99, "")).toThrow("no item");
    const newer = { type: "track.juggled" } as unknown as RoomEvent;
    expect(() => applyEvents(state, [newer], 99, "")).toThrow("track.juggled");
  });
});

/** What people can tell apart: which songs, in which order, with how many votes, and what plays. */
const seen = (state: RoomState) => ({
  items: listed(state).map(({ id, votes, is_playing, played_at, track_id }) => ({
    id,
    votes,
    is_playing,
    wasPlayed: played_at !== null,
    track_id,
  })),
  playback: { state: state.playback.state, item_id: state.playback.item_id },
  settings: settings(state.playlist),
});

/** Commands of which only the server knows what they will do: until the answer they change nothing. */
const unguessed = new Set<Command["command"]>(["log.undo", "playback.skip"]);

describe("what a command will do is guessed right", () => {
  const all = cases.flatMap(({ name, before, steps }) => {
    let state = stateOf(before);
    const tracks = new Map(cases.flatMap((other) => other.before.items).map((item) => [item.track_id, item.track]));
    const removed = new Map<string, Item>();
    return steps.map((step, index) => {
      const start = state;
      for (const item of start.items.values()) removed.set(item.id, item);
      state = follow(start, step);
      for (const item of state.items.values()) tracks.set(item.track_id, item.track);
      return { name: `${name}, step ${index + 1}: ${step.command?.command ?? "–"}`, start, step, end: state, tracks, removed };
    });
  });

  it.each(all.filter(({ step }) => step.command !== null))("$name", ({ start, step, end, tracks, removed }) => {
    const command = step.command!;
    const at_ms = Date.parse(step.events[0]?.at ?? "");
    const track = command.command === "track.add" ? tracks.get(command.track_id) : undefined;
    const several = command.command === "tracks.add" ? command.track_ids.flatMap((id) => tracks.get(id) ?? []) : undefined;
    const item = command.command === "track.restore" ? removed.get(command.id) : undefined;
    const pending = { op_id: "x", command, at_ms, user_id: 1, ...(track && { track }), ...(several && { tracks: several }), ...(item && { item }) };
    const expected = unguessed.has(command.command) ? start : end;
    const me = { name: step.by, adder: step.by === null ? null : `p-${step.by.toLowerCase()}` };
    expect(seen(predict(start, [pending], me))).toEqual(seen(expected));
  });
});

describe("frames", () => {
  it.each(frames)("$type", (frame) => {
    expect(parseFrame(JSON.stringify(frame))).toEqual(frame);
  });

  it.each(["", "{", "null", "[]", "7", '{"type": 7}', "{}"])("%j is none, and nothing is thrown", (text) => {
    expect(parseFrame(text)).toBeNull();
  });

  it("a newer kind may be ignored, whatever it is called", () => {
    expect(parseFrame('{"type": "confetti"}')).toBe("unknown");
    expect(parseFrame('{"type": "constructor"}')).toBe("unknown");
    expect(parseFrame(new ArrayBuffer(2))).toBeNull();
  });
});

describe("positions", () => {
  it.each(positions)("between $previous and $following", ({ previous, following, position }) => {
    expect(calculatePosition(previous, following)).toBe(position);
  });
});

interface Turns extends Ordered {
  name: string;
  items: (Placed & { id: string })[];
  playing_order: string[];
  upcoming: string[];
}

describe("the order in which items play", () => {
  it.each(turns as Turns[])("$name", ({ items, playing_order, upcoming: coming, ...ordered }) => {
    expect(playingOrder(items, ordered).map((item) => item.id)).toEqual(playing_order);
    expect(upcoming(items, ordered).map((item) => item.id)).toEqual(coming);
    expect(following(items, ordered)?.id).toBe(coming[0]);
  });
});

interface FairCase {
  name: string;
  what: "started" | "given_back";
  fair: Fair;
  adder: string | null;
  waiting: string[];
  after: Fair;
}

describe("whose turn it is", () => {
  it.each(fairs as unknown as FairCase[])("$name", ({ what, fair, adder, waiting, after }) => {
    expect(what === "started" ? started(fair, adder, waiting) : givenBack(fair, adder)).toEqual(after);
  });
});

interface PlanCase extends Ordered {
  name: string;
  is_heard: boolean;
  playback: Running;
  items: (Timed & { id: string })[];
  now_ms: number;
  plan: [id: string, startsAtMs: number][];
}

describe("what plays when", () => {
  it.each(plans as unknown as PlanCase[])("$name", ({ items, playback, now_ms, is_heard, plan: expected, ...ordered }) => {
    const planned = plan(items, ordered, playback, now_ms, is_heard);
    expect(planned.map(({ item, startsAtMs }) => [item.id, startsAtMs])).toEqual(expected);
    planned.slice(1).forEach(({ startsAtMs }, index) => expect(startsAtMs).toBe(planned[index]!.endsAtMs));
  });
});

interface QueueCase extends Omit<PlanCase, "plan" | "now_ms"> {
  queue: [id: string, playsAtMs: number | null, round: number | null, because: Reason[]][];
}

describe("when and why", () => {
  it.each(queues as unknown as QueueCase[])("$name", ({ items, playback, is_heard, queue, ...ordered }) => {
    const found = explain(items, ordered, playback, is_heard);
    expect(found.map(({ item, playsAtMs, round, because }) => [item.id, playsAtMs, round, because])).toEqual(queue);
  });
});
