// The library, with the answers of the server in the test's hand.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { boot } from "../src/boot";
import { Library } from "../src/components/Library";
import { Notices } from "../src/components/notices";
import { UploadMusic } from "../src/components/Upload";
import { UploadsContext, useUploads } from "../src/components/useUploads";
import { startTexts } from "../src/i18n";
import { rest, RestError } from "../src/protocol/rest";
import { RoomProvider } from "../src/room/hooks";
import { FakeSocket, snapshot, track, welcome } from "./sockets";

vi.mock("../src/boot", () => ({ boot: { user: null, room: null, cover_origins: [], csrf_cookie: "", upload_limit_mb: null, upload_account: "open" } }));

const album = { id: 7, title: "Nights", artist: "Somebody", artist_id: 1, year: 1999, track_count: 3, duration_ms: 540000, cover_url: null };
const scan = { state: "idle" as const, found: 0, done: 0, added: 0, changed: 0, missing: 0, failed: [], started_at: null, finished_at: null };
const counts = { tracks: 5678, albums: 1, artists: 1, duration_ms: 0, with_audio: 0 };
const songs = [1, 2, 3].map((number) => ({ ...track(number), track_number: number }));

function open(queued = 0): FakeSocket {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={queries}>
      <RoomProvider slug="main" isMember>
        <Notices>
          <Library />
        </Notices>
      </RoomProvider>
    </QueryClientProvider>,
  );
  act(() => {
    FakeSocket.last.open();
    FakeSocket.last.say(welcome());
    FakeSocket.last.say(snapshot(queued));
  });
  return FakeSocket.last;
}

beforeEach(() => {
  FakeSocket.install();
  localStorage.clear();
  startTexts(["en"]);
  // jsdom lays nothing out, and a list without height draws no rows.
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(800);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(400);
  Element.prototype.scrollTo = () => undefined;
  vi.spyOn(rest, "library").mockResolvedValue({ ...counts, scan });
  vi.spyOn(rest, "genres").mockResolvedValue([]);
  vi.spyOn(rest, "tracks").mockResolvedValue({ rows: songs, next: null });
  vi.spyOn(rest, "albums").mockResolvedValue({ rows: [album], next: null });
  vi.spyOn(rest, "albumTracks").mockResolvedValue(songs);
  vi.spyOn(rest, "artists").mockResolvedValue({ rows: [], next: null });
  vi.spyOn(rest, "favorites").mockResolvedValue([]);
});

afterEach(cleanup);

describe("the tabs", () => {
  it("are one stop for Tab, and arrow keys choose among them", async () => {
    open();
    const tabs = screen.getAllByRole("tab");
    expect(tabs.map((tab) => tab.textContent)).toEqual(["Songs", "Albums", "Artists", "Favourites"]);
    fireEvent.keyDown(tabs[0]!, { key: "ArrowLeft" });
    expect(tabs.map((tab) => tab.tabIndex)).toEqual([-1, -1, -1, 0]);
    expect(document.activeElement).toBe(tabs[3]);
    await screen.findByText(/Tap the heart/);
    fireEvent.keyDown(tabs[3]!, { key: "Home" });
    expect(tabs[0]!.getAttribute("aria-selected")).toBe("true");
  });
});

describe("suggestions", () => {
  it("say why, as long as the song that led to them is in the queue, and can be added", async () => {
    const found = [
      { track: track(8), because: { kind: "same_genre" as const, track_id: "track-1" } },
      { track: track(9), because: { kind: "played_together" as const, track_id: "track-77" } },
      { track: track(10), because: { kind: "favorite" as const } },
    ];
    const asked = vi.spyOn(rest, "recommendations").mockResolvedValue(found);
    const socket = open(1);
    fireEvent.click(await screen.findByRole("button", { name: "Suggestions" }));
    const rows = await waitFor(() => {
      const rows = within(screen.getByRole("list", { name: "Suggestions" })).getAllByRole("listitem");
      expect(rows).toHaveLength(3);
      return rows;
    });
    expect(asked.mock.calls[0]![0]).toBe("main");
    expect(rows.map((row) => /Same genre as “Song 1”|Played with|Liked by people here/.exec(row.textContent)?.[0])).toEqual([
      "Same genre as “Song 1”",
      undefined,
      "Liked by people here",
    ]);
    fireEvent.click(screen.getByRole("button", { name: "Add Song 9" }));
    expect(socket.commands.at(-1)).toMatchObject({ command: "track.add", track_id: "track-9" });
    fireEvent.click(screen.getByRole("button", { name: "Back" }));
    fireEvent.change(screen.getByRole("searchbox"), { target: { value: "x" } });
    await waitFor(() => expect(screen.queryByRole("button", { name: "Suggestions" })).toBeNull());
  });
});

describe("a heart", () => {
  it("is filled at once, and goes back with a sentence when the server refuses", async () => {
    let refuse: (error: unknown) => void = () => undefined;
    const sent = vi.spyOn(rest, "setFavorite").mockReturnValue(new Promise((_, reject) => (refuse = reject)));
    open();
    const heart = await screen.findByRole("button", { name: "Favourite Song 2" });
    fireEvent.click(heart);
    await waitFor(() => expect(heart.getAttribute("aria-pressed")).toBe("true"));
    expect(sent).toHaveBeenCalledWith("track-2", true);
    act(() => refuse(new RestError("TRACK_NOT_FOUND", "")));
    await screen.findByText(/no longer in the library/);
    expect(heart.getAttribute("aria-pressed")).toBe("false");
  });
});

describe("the favourites", () => {
  it("hand the focus on when one of them goes", async () => {
    vi.mocked(rest.favorites).mockResolvedValue(songs);
    vi.spyOn(rest, "setFavorite").mockResolvedValue(undefined);
    open();
    const [first] = screen.getAllByRole("tab", { name: "Favourites" });
    fireEvent.click(first!);
    for (const [song, next] of [["Song 2", "Song 3"], ["Song 3", "Song 1"]] as const) {
      const heart = await screen.findByRole("button", { name: `Favourite ${song}` });
      heart.focus();
      fireEvent.click(heart);
      await waitFor(() => expect(screen.queryByRole("button", { name: `Favourite ${song}` })).toBeNull());
      expect(document.activeElement?.getAttribute("data-index")).not.toBeNull();
      expect(document.activeElement?.textContent).toContain(next);
    }
    const last = screen.getByRole("button", { name: "Favourite Song 1" });
    last.focus();
    fireEvent.click(last);
    await screen.findByText(/Tap the heart/);
    expect(document.activeElement?.contains(screen.getByText(/Tap the heart/))).toBe(true);
    expect(document.activeElement).not.toBe(document.body);
  });
});

describe("an album", () => {
  it("is added without what is queued already, and says how many songs were added", async () => {
    const socket = open(1);
    fireEvent.click(screen.getByRole("tab", { name: "Albums" }));
    fireEvent.click(await screen.findByRole("button", { name: "Open album Nights" }));
    await screen.findByRole("button", { name: "Song 1 is queued" });
    const button = screen.getByRole("button", { name: "Add album Nights" });
    button.focus();
    fireEvent.click(button);
    const command = socket.commands[0]!;
    expect(command).toMatchObject({ command: "tracks.add", track_ids: ["track-2", "track-3"] });
    expect(screen.queryByText(/were added/)).toBeNull();
    act(() => socket.say({ type: "ack", op_id: command.op_id, revision: 2, result: null }));
    await waitFor(() => expect(document.body.textContent).toMatch(/2 songs of .*Nights.* were added/));
    expect(screen.getByRole("button", { name: "Nights is queued" })).toBe(button);
    expect(button.getAttribute("aria-disabled")).toBe("true");
    expect(document.activeElement).toBe(button);
    fireEvent.click(button);
    expect(socket.commands).toHaveLength(1);
    fireEvent.click(screen.getByRole("button", { name: "Back" }));
    await screen.findByRole("button", { name: "Open album Nights" });
  });

  it("claims nothing when the server refuses all of it", async () => {
    const socket = open();
    fireEvent.click(screen.getByRole("tab", { name: "Albums" }));
    fireEvent.click(await screen.findByRole("button", { name: "Open album Nights" }));
    await screen.findByRole("button", { name: "Add Song 3" });
    fireEvent.click(screen.getByRole("button", { name: "Add album Nights" }));
    const error = { code: "LIMIT_REACHED", message: "", details: { limit: 2 } };
    act(() => socket.say({ type: "nack", op_id: socket.commands[0]!.op_id, error, retryable: false }));
    await screen.findByText(/which is the limit/);
    expect(document.body.textContent).not.toMatch(/were added/);
  });
});

describe("a scan", () => {
  it("shows how far it is, and what it found appears when it ends", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const running = { ...scan, state: "scanning" as const, found: 5678, done: 1234, started_at: "2026-11-25T20:00:00Z" };
    vi.mocked(rest.library).mockResolvedValue({ ...counts, scan: running });
    open();
    const bar = await screen.findByRole("progressbar", { name: "Scan of the library" });
    expect(bar.getAttribute("aria-valuetext")).toBe("1,234 of 5,678");
    expect(bar.getAttribute("aria-valuenow")).toBe("1234");
    vi.mocked(rest.tracks).mockResolvedValue({ rows: [{ ...track(9), audio_url: "/media/audio/track-9" }], next: null });
    vi.mocked(rest.library).mockResolvedValue({ ...counts, scan: { ...scan, finished_at: "2026-11-25T20:01:00Z" } });
    await act(() => vi.advanceTimersByTimeAsync(2_100));
    await screen.findByRole("button", { name: "Add Song 9" });
    expect(screen.queryByRole("progressbar")).toBeNull();
    expect(screen.queryByText("No sound")).toBeNull();
    vi.useRealTimers();
  });
});

describe("uploading", () => {
  it("tells a guest what to do where it needs an account, and says why there is none", async () => {
    open();
    const register = vi.spyOn(rest, "register").mockRejectedValue(new RestError("VALIDATION_ERROR", "", { username: "is taken" }));
    const logIn = vi.spyOn(rest, "logIn").mockRejectedValue(new RestError("AUTH_REQUIRED", "", {}));
    HTMLDialogElement.prototype.showModal = () => undefined;
    HTMLDialogElement.prototype.close = () => undefined;
    fireEvent.click(screen.getByText("Upload with an account"));
    expect(await screen.findByText(/A new one keeps your name/)).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Username"), { target: { value: "anna" } });
    fireEvent.change(screen.getByLabelText("Password"), { target: { value: "a long one, for sure" } });
    fireEvent.click(screen.getByText("Make an account"));
    expect(await screen.findByText(/^Take another username/)).toBeTruthy();
    fireEvent.click(screen.getByText("I have an account"));
    fireEvent.click(screen.getByText("Sign in"));
    expect(await screen.findByText("The username or the password is wrong.")).toBeTruthy();
    const given = { username: "anna", password: "a long one, for sure" };
    expect([register.mock.calls, logIn.mock.calls]).toEqual([[[given]], [[given]]]);
  });

  it("says in the page's own language why a name or a password will not do", async () => {
    startTexts(["de"]);
    open();
    const register = vi.spyOn(rest, "register");
    HTMLDialogElement.prototype.showModal = () => undefined;
    HTMLDialogElement.prototype.close = () => undefined;
    fireEvent.click(screen.getByText("Mit einem Konto hochladen"));
    const make = await screen.findByText("Konto anlegen");
    for (const [field, sentence] of [["username", /^Nimm einen anderen Benutzernamen/], ["password", /^Nimm ein anderes Passwort/]] as const) {
      register.mockRejectedValueOnce(new RestError("VALIDATION_ERROR", `${field}: The server's words.`, { [field]: "The server's words." }));
      fireEvent.submit(make.closest("form")!);
      await screen.findByText(sentence);
      expect(screen.queryByText(/server's words/)).toBeNull();
    }
  });

  it("goes on while the library is away, as its sheet is on a phone, and leaves out what is taken back", async () => {
    boot.upload_limit_mb = 1;
    const Sheet = ({ isOpen }: { isOpen: boolean }) => <UploadsContext value={useUploads(1)}>{isOpen && <UploadMusic />}</UploadsContext>;
    const page = (isOpen: boolean) => (
      <QueryClientProvider client={queries}>
        <Sheet isOpen={isOpen} />
      </QueryClientProvider>
    );
    const queries = new QueryClient();
    const sent: { name: string; signal: AbortSignal; done: () => void }[] = [];
    vi.spyOn(rest, "upload").mockImplementation(
      (file, _, signal) =>
        new Promise((resolve, reject) => {
          sent.push({ name: file.name, signal, done: () => resolve(track(sent.length)) });
          signal.addEventListener("abort", () => reject(signal.reason as DOMException));
        }),
    );
    const { rerender, container } = render(page(true));
    const files = ["a.mp3", "b.mp3", "c.mp3", "d.mp3"].map((name) => new File(["x"], name));
    fireEvent.change(container.querySelector("input[type=file]")!, { target: { files } });
    rerender(page(false));
    await act(() => {
      sent[0]!.done();
      return Promise.resolve();
    });
    rerender(page(true));
    const lines = () => within(screen.getByRole("list", { name: "Uploads" })).getAllByRole("listitem").map((line) => line.textContent);
    expect(lines()).toEqual(["a.mp3In the library as “Song 1”", "b.mp3Waits", "c.mp3Waits", "d.mp3Waits"]);
    fireEvent.click(screen.getByRole("button", { name: "Do not upload c.mp3" }));
    await act(() => Promise.resolve(fireEvent.click(screen.getByRole("button", { name: "Do not upload b.mp3" }))));
    expect(sent.map(({ name, signal }) => [name, signal.aborted])).toEqual([
      ["a.mp3", false],
      ["b.mp3", true],
      ["d.mp3", false],
    ]);
    expect(lines()).toEqual(["a.mp3In the library as “Song 1”", "d.mp3Waits"]);
    expect(document.activeElement?.textContent).toContain("Upload music");
    boot.upload_limit_mb = null;
  });
});
