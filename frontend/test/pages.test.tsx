// What is drawn, over a socket that the test holds in its hand.
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConnectionStatus } from "../src/components/ConnectionStatus";
import { startTexts } from "../src/i18n";
import { RoomProvider } from "../src/room/hooks";
import { FakeSocket, snapshot, welcome } from "./sockets";

function openRoom(inside: React.ReactNode): FakeSocket {
  render(
    <RoomProvider slug="main" isMember>
      {inside}
    </RoomProvider>,
  );
  act(() => {
    FakeSocket.last.open();
    FakeSocket.last.say(welcome());
    FakeSocket.last.say(snapshot(2));
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

describe("the connection", () => {
  it("counts down from the wait itself, however long the line had been up", () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const socket = openRoom(<ConnectionStatus />);
    act(() => void vi.advanceTimersByTime(39_000));
    act(() => socket.end(1006));
    expect(screen.getByRole("status").textContent).toContain("in 1 second");
  });
});
