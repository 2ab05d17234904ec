// Voting to skip, and what a page offers to whom.
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { neededOf, SkipVote } from "../src/components/SkipVote";
import { startTexts } from "../src/i18n";
import type { Skip, You } from "../src/protocol/types";
import { RoomProvider } from "../src/room/hooks";
import { rightsOf } from "../src/room/rights";
import { FakeSocket, item, snapshot, welcome } from "./sockets";

const current = { ...item(1), is_playing: true, played_at: "2026-11-21T17:00:00Z" };

function open(skip_share: number | null, skip: Skip | null, online = 3): FakeSocket {
  render(
    <RoomProvider slug="main" isMember>
      <SkipVote item={current} />
    </RoomProvider>,
  );
  const { playlist, ...page } = snapshot(0);
  act(() => {
    FakeSocket.last.open();
    FakeSocket.last.say(welcome());
    FakeSocket.last.say({ ...page, items: [current], playlist: { ...playlist!, skip, rules: { ...playlist!.rules, skip_share } } });
    FakeSocket.last.say({ type: "presence", online, participants: [], speakers: [] });
  });
  return FakeSocket.last;
}

const button = () => screen.getByRole("button", { name: "Skip Song 1" });

beforeEach(() => {
  FakeSocket.install();
  localStorage.clear();
  startTexts(["en"]);
});
afterEach(cleanup);

describe("the vote to skip", () => {
  it("is not offered where the room does not vote on it", () => {
    open(null, null);
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("says before the first vote how many it takes of those who are here", () => {
    open(0.5, null);
    expect([button().textContent, button().getAttribute("aria-pressed")]).toEqual(["Skip 0/2", "false"]);
    expect(screen.getByText("0 of 2 want to skip")).toBeTruthy();
  });

  it("counts what the log counted, however many are here by now, and is pressed by one's own vote", () => {
    const socket = open(0.5, { item_id: current.id, votes: 1, needed: 4, people: [7] });
    expect([button().textContent, button().getAttribute("aria-pressed")]).toEqual(["Skip 1/4", "false"]);
    fireEvent.click(button());
    expect(socket.commands[0]).toMatchObject({ command: "playback.skip", item_id: current.id, want: true });
    const voted = { type: "playback.skip_voted", revision: 1, at: "2026-11-21T17:01:00Z", item_id: current.id, votes: 2, needed: 4, want: true } as const;
    act(() => socket.say({ type: "changes", from: 0, revision: 1, stamp: "bb", events: [{ ...voted, actor: { id: 1, name: "Anna" } }] }));
    expect([button().textContent, button().getAttribute("aria-pressed")]).toEqual(["Skip 2/4", "true"]);
    act(() => socket.say({ type: "ack", op_id: socket.commands[0]!.op_id, revision: 1, result: null }));
    fireEvent.click(button());
    expect(socket.commands.at(-1)).toMatchObject({ command: "playback.skip", want: false });
  });

  it("ends with the song that it was about", () => {
    open(1, { item_id: item(2).id, votes: 2, needed: 3, people: [1, 7] });
    expect([button().textContent, button().getAttribute("aria-pressed")]).toEqual(["Skip 0/3", "false"]);
  });

  it("needs as many as the server counts, by decimal fractions", () => {
    expect([neededOf(0.07, 100), neededOf(0.29, 100), neededOf(0.5, 3), neededOf(0.05, 1)]).toEqual([7, 29, 2, 1]);
  });
});

describe("rights", () => {
  const { playlist } = snapshot(0);
  const nobody: You = { id: null, name: null, role: "participant", adder: "p-somewhere" };
  const offered = (slug: string, you: You) => {
    const { add, vote, playback, boosts } = rightsOf({ ...playlist!, slug, rules: { ...playlist!.rules, boosts_per_hour: 2 } }, you);
    return { add, vote, playback, boosts };
  };
  const nothing = { add: false, vote: false, playback: false, boosts: 0 };

  it("of callers without a name are those of main, and of a wall none anywhere", () => {
    expect(offered("main", nobody)).toEqual({ add: true, vote: true, playback: true, boosts: 2 });
    expect(offered("ab3d9k", nobody)).toEqual(nothing);
    expect(offered("main", { ...nobody, adder: null })).toEqual(nothing);
    expect(offered("ab3d9k", { ...nobody, adder: null })).toEqual(nothing);
  });
});
