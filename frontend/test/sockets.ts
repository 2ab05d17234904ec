// A WebSocket for tests: it says what it is told, and keeps what was sent.
import { vi } from "vitest";
import type { ClientFrame, ServerFrame, SnapshotPage } from "../src/protocol/types";
import { PRESETS } from "../src/room/rules";

export class FakeSocket {
  static all: FakeSocket[] = [];
  static readonly OPEN = 1;
  readyState = 0;
  sent: ClientFrame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    const socket = FakeSocket.all.at(-1);
    if (!socket) throw new Error("Nobody has connected");
    return socket;
  }

  static install(): void {
    FakeSocket.all = [];
    vi.stubGlobal("WebSocket", FakeSocket);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientFrame);
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = FakeSocket.OPEN;
    this.onopen?.();
  }

  /** Whatever the server says, as text. */
  say(frame: ServerFrame | string): void {
    this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
  }

  end(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  /** The commands among what was sent. */
  get commands(): Extract<ClientFrame, { type: "command" }>[] {
    return this.sent.filter((frame) => frame.type === "command");
  }
}

export const welcome = (revision = 0): ServerFrame => ({
  type: "welcome",
  protocol: 1,
  revision,
  stamp: "aa",
  you: { id: 1, name: "Anna", role: "host", adder: "p-anna" },
  limits: {
    frame_in_bytes: 16384,
    frame_out_bytes: 262144,
    commands_per_second: 20,
    commands_burst: 40,
    commands_in_flight: 32,
    unread_frames: 256,
    unread_bytes: 524288,
    resume_events: 500,
  },
  server_time_ms: Date.now(),
});

export const track = (number: number) => ({
  id: `track-${number}`,
  title: `Song ${number}`,
  artist: "Somebody",
  album: "",
  duration_seconds: 180,
  genre: "",
  cover_url: null,
  audio_url: null,
  duration_ms: 180000,
  artist_id: 1,
  album_id: null,
  track_number: null,
  disc_number: null,
  year: null,
  gain_db: null,
  audio_version: null,
  missing: false,
  added_at: "2026-11-21T15:00:00Z",
});

export const item = (number: number) => ({
  id: `00000000-0000-4000-8000-00000000000${number}`,
  track_id: `track-${number}`,
  track: track(number),
  position: number,
  votes: 0,
  added_by: "Bob",
  adder: "p-bob",
  added_at: "2026-11-21T16:00:00Z",
  is_playing: false,
  played_at: null,
  boosted_at: null,
  because: null,
});

export function snapshot(count: number, revision = 0): SnapshotPage {
  const playback = {
    state: "stopped",
    item_id: null,
    position_seconds: 0,
    started_at_ms: null,
    server_time_ms: 0,
    volume: 100,
    clock: 0,
  } as const;
  return {
    type: "snapshot",
    revision,
    stamp: "aa",
    reason: "initial",
    page: 1,
    pages: 1,
    playlist: {
      id: 1,
      slug: "main",
      name: "Main",
      order: "manual",
      policy: "open",
      rules: {
        guests: PRESETS.open,
        max_track_seconds: null,
        repeat_after_minutes: null,
        skip_share: null,
        boosts_per_hour: 0,
        fallback: "off",
      },
      locked: false,
      max_queued_per_person: null,
      visibility: "public",
      revision,
      host: null,
      fair: null,
      skip: null,
      playback,
      item_count: count,
      total_duration_seconds: 180 * count,
      join_url: "http://192.168.1.5:8000/r/main",
      created_at: "2026-11-21T16:00:00Z",
    },
    playback,
    items: Array.from({ length: count }, (_, index) => item(index + 1)),
    my_votes: {},
  };
}
