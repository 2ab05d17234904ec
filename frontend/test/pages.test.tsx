// What is drawn, over a socket that the test holds in its hand.
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConnectionStatus } from "../src/components/ConnectionStatus";
import { startTexts } from "../src/i18n";
import { Notices, useRemove } from "../src/components/notices";
import { NowPlaying } from "../src/components/NowPlaying";
import { Ended } from "../src/pages/Ended";
import { SpeakerProvider, useSpeaker, useSpeakerControl } from "../src/player/hooks";
import { rest } from "../src/protocol/rest";
import type { Activity } from "../src/protocol/types";
import { RoomProvider, useActions, useLists, useView } from "../src/room/hooks";
import { usePastAnew } from "../src/room/usePastAnew";
import { FakeSocket, item, snapshot, welcome } from "./sockets";

/** The queue as buttons alone. */
function Rows() {
  const { queue } = useLists();
  const { vote } = useActions();
  const remove = useRemove();
  return queue.map((item) => (
    <p key={item.id}>
      <button onClick={() => vote(item, "up")}>Upvote {item.track.title}</button>
      <button onClick={() => remove(item)}>Remove {item.track.title}</button>
    </p>
  ));
}

function openRoom(inside: React.ReactNode, songs = 2): FakeSocket {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RoomProvider slug="main" isMember>
        <SpeakerProvider>{inside}</SpeakerProvider>
      </RoomProvider>
    </QueryClientProvider>,
  );
  act(() => {
    FakeSocket.last.open();
    FakeSocket.last.say(welcome());
    FakeSocket.last.say(snapshot(songs));
  });
  return FakeSocket.last;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance", "Date"] });
  FakeSocket.install();
  localStorage.clear();
  startTexts(["en"]);
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** A speaker that the browser lets nothing sound, and the state that it is in. */
function Refused() {
  const { store } = useSpeakerControl();
  const state = useSpeaker((view) => view.state);
  return <button onClick={() => store.setState({ state: "on", trouble: { kind: "tap" } })}>It is {state}</button>;
}

describe("the sound", () => {
  it("has the button that a browser wants pressed first, and pressing it turns nothing off", () => {
    openRoom(
      <>
        <Refused />
        <NowPlaying />
      </>,
    );
    fireEvent.click(screen.getByRole("button", { name: "It is off" }));
    expect(screen.getByRole("status", { name: "Sound" }).textContent).toContain("Tap once more");
    fireEvent.click(screen.getByRole("button", { name: "Play sound here" }));
    expect(screen.getByRole("button", { name: "It is on" })).toBeTruthy();
  });
});

describe("the connection", () => {
  it("counts down from the wait itself, however long the line had been up", () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const socket = openRoom(<ConnectionStatus />);
    act(() => void vi.advanceTimersByTime(39_000));
    act(() => socket.end(1006));
    expect(screen.getByRole("status").textContent).toContain("in 1 second");
  });
});

describe("the bar", () => {
  it("names the song that every command is meant for, and a refusal says that it is over", () => {
    const socket = openRoom(
      <Notices>
        <NowPlaying />
      </Notices>,
    );
    const playing = { ...snapshot(1, 2).playback!, state: "playing", item_id: item(1).id, started_at_ms: 0 } as const;
    act(() =>
      socket.say({
        type: "changes",
        from: 0,
        revision: 1,
        stamp: "bb",
        events: [{ type: "track.playing", revision: 1, at: "2026-11-25T20:00:00Z", actor: null, id: item(1).id, playback: playing, fair: null }],
      }),
    );
    const slider = screen.getByLabelText("Position");
    fireEvent.input(slider, { target: { value: "60" } });
    fireEvent.change(slider, { target: { value: "60" } });
    fireEvent.click(screen.getByLabelText("Previous track"));
    fireEvent.click(screen.getByLabelText("Pause"));
    fireEvent.click(screen.getByLabelText("Play"));
    const answered = new Set<string>();
    const error = { code: "CONFLICT", message: "", details: {} };
    for (let turn = 0; turn < 4; turn++)
      for (const { op_id } of socket.commands)
        if (!answered.has(op_id)) {
          answered.add(op_id);
          act(() => socket.say({ type: "nack", op_id, error, retryable: false }));
        }
    expect(socket.commands.map(({ command }) => command)).toEqual(["playback.seek", "playback.previous", "playback.pause", "playback.play"]);
    for (const command of socket.commands) expect(command).toMatchObject({ expect_item_id: item(1).id });
    expect(screen.getAllByText(/meant for a song that is over/)).toHaveLength(4);
  });

  it("claims nothing before the room is known", () => {
    render(
      <RoomProvider slug="main" isMember>
        <SpeakerProvider>
          <NowPlaying />
        </SpeakerProvider>
      </RoomProvider>,
    );
    expect(screen.queryByText("Nothing is playing")).toBeNull();
    act(() => {
      FakeSocket.last.open();
      FakeSocket.last.say(welcome());
      FakeSocket.last.say(snapshot(0));
    });
    expect(screen.getByText("Nothing is playing")).toBeTruthy();
    expect(screen.getByText("Add a song first.")).toBeTruthy();
  });
});

describe("a queue that has run dry", () => {
  it.each([
    ["off", "Nothing is left to play. Add a song."],
    ["similar", "Nothing fits the rules of this room right now. Add a song, or wait until one does."],
  ] as const)("says so where the rule for it is %s, and offers nothing that would do nothing", (fallback, hint) => {
    const socket = openRoom(<NowPlaying />);
    expect(screen.getByText("Press play to start the queue.")).toBeTruthy();
    const { playlist, items } = snapshot(2);
    act(() =>
      socket.say({
        ...snapshot(2),
        reason: "history_changed",
        playlist: { ...playlist!, rules: { ...playlist!.rules, fallback } },
        items: items.map((item) => ({ ...item, played_at: "2026-11-25T20:00:00Z" })),
      }),
    );
    expect(screen.getByText(hint)).toBeTruthy();
    for (const name of ["Play", "Next track"]) expect(screen.getByLabelText(name)).toHaveProperty("disabled", true);
    expect(screen.getByLabelText("Previous track")).toHaveProperty("disabled", false);
  });
});

describe("the end", () => {
  function WhileItLasts() {
    const status = useView((view) => view.status);
    return status.kind === "ended" ? <Ended reason={status.reason} /> : <Rows />;
  }

  const page = (entry: string) => new Response(`<script id="boot" type="application/json">{"room":{"entry":"${entry}"}}</script>`);

  it("of somebody who was removed offers no way back before there is one", async () => {
    const asked = vi.spyOn(globalThis, "fetch").mockImplementation(() => Promise.resolve(page("banned")));
    const socket = openRoom(<WhileItLasts />);
    act(() => socket.end(4403));
    const wait = () => act(() => vi.advanceTimersByTimeAsync(4_000));
    await wait();
    expect(screen.getByText(/You were removed from this room/)).toBeTruthy();
    expect(screen.queryByText("Join again")).toBeNull();
    asked.mockImplementation(() => Promise.resolve(page("join")));
    await wait();
    expect(screen.getByText("Join again")).toBeTruthy();
    asked.mockRestore();
  });

  it("of somebody who was removed asks for a way back ever more seldom, and at once when the page is looked at again", async () => {
    const asked = vi.spyOn(globalThis, "fetch").mockImplementation(() => Promise.resolve(page("banned")));
    const socket = openRoom(<WhileItLasts />);
    act(() => socket.end(4403));
    await act(() => vi.advanceTimersByTimeAsync(30_000));
    expect(asked.mock.calls.length).toBeGreaterThanOrEqual(10);
    await act(() => vi.advanceTimersByTimeAsync(300_000));
    const before = asked.mock.calls.length;
    await act(() => vi.advanceTimersByTimeAsync(3_600_000));
    expect(asked.mock.calls.length - before).toBeLessThanOrEqual(60);
    const away = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    window.dispatchEvent(new Event("visibilitychange"));
    await act(() => vi.advanceTimersByTimeAsync(3_600_000));
    const asleep = asked.mock.calls.length;
    away.mockRestore();
    asked.mockImplementation(() => Promise.resolve(page("join")));
    window.dispatchEvent(new Event("visibilitychange"));
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(asked.mock.calls.length).toBe(asleep + 1);
    expect(screen.getByText("Join again")).toBeTruthy();
    asked.mockRestore();
  });

  it.each([4401, 4403, 4404])("by %i says how much of what was done here is lost", (code) => {
    const socket = openRoom(<WhileItLasts />);
    fireEvent.click(screen.getByText("Upvote Song 1"));
    fireEvent.click(screen.getByText("Upvote Song 2"));
    act(() => socket.end(code));
    expect(screen.getByText("The last 2 changes that you made here could not be sent.")).toBeTruthy();
  });
});

describe("the past", () => {
  function Log() {
    usePastAnew();
    const { data } = useQuery({ queryKey: ["activity", "main"], queryFn: () => rest.activity("main", NO_FILTERS), staleTime: Infinity });
    return data?.rows.map(({ revision, actor }) => <p key={revision}>{actor?.name}</p>);
  }

  const NO_FILTERS = { person: null, type: null, before: null };
  const logOf = (name: string) => ({ rows: [{ revision: 1, actor: { id: 2, name } } as Activity], next: null });

  it("is read anew when somebody was forgotten, though no event tells of it", async () => {
    const read = vi.spyOn(rest, "activity").mockResolvedValue(logOf("Bob"));
    const socket = openRoom(<Log />);
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(screen.getByText("Bob")).toBeTruthy();
    read.mockResolvedValue(logOf("Somebody"));
    act(() => socket.say({ ...snapshot(2), reason: "too_many" }));
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(read).toHaveBeenCalledTimes(1);
    act(() => socket.say({ ...snapshot(2), reason: "history_changed" }));
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(screen.queryByText("Bob")).toBeNull();
    expect(screen.getByText("Somebody")).toBeTruthy();
    read.mockRestore();
  });
});

describe("notices", () => {
  const room = (
    <Notices>
      <Rows />
    </Notices>
  );

  it("leave every removal six seconds to be undone", () => {
    openRoom(room, 5);
    for (const song of [1, 2, 3, 4]) {
      fireEvent.click(screen.getByText(`Remove Song ${song}`));
      act(() => void vi.advanceTimersByTime(500));
    }
    act(() => void vi.advanceTimersByTime(3_900)); // the first one is 5.9 s old
    expect(screen.getAllByText("Undo")).toHaveLength(4);
    fireEvent.click(screen.getAllByText("Undo")[0]!);
    expect(screen.getByText("Remove Song 1")).toBeTruthy();
    act(() => void vi.advanceTimersByTime(2_000));
    expect(screen.queryAllByText("Undo")).toEqual([]);
  });

  it("say of every refused command why, and which song it was about, though that is gone", () => {
    const socket = openRoom(room, 5);
    const songs = [1, 2, 3, 4, 5];
    for (const song of songs) fireEvent.click(screen.getByText(`Upvote Song ${song}`));
    const refusal = { error: { code: "ITEM_NOT_FOUND", message: "", details: {} }, retryable: false };
    const gone = songs.map((song) => ({ type: "track.removed" as const, revision: song, at: "", actor: null, id: item(song).id }));
    act(() => {
      socket.say({ type: "changes", from: 0, revision: 5, stamp: "bb", events: gone });
      for (const { op_id } of socket.commands) socket.say({ type: "nack", op_id, ...refusal });
    });
    const said = [...screen.getByRole("alert").children].map((notice) => notice.textContent);
    expect(said).toEqual(songs.map((song) => `Song ${song}: Somebody has removed this song already.`));
  });
});
