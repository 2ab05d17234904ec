// What a room's page shows of it: one snapshot, drawn by the components, made by room.ts.
import type { Command, Participant, Refusal, SpeakerName, You } from "../protocol/types";
import type { Status } from "./connection";
import type { RoomState } from "./state";

/** A refused command, to be explained to its author. */
export interface Problem {
  readonly id: string;
  readonly command: Command;
  /** The title of its song, if it has one. */
  readonly title: string | null;
  readonly error: Refusal;
}

export interface View {
  readonly status: Status;
  /** Whether something on the way lets no sockets through. */
  readonly isBlocked: boolean;
  readonly you: You | null;
  /** Confirmed, pending, and in a gap of the log what has started by the plan; null until the first snapshot. */
  readonly state: RoomState | null;
  /** What is in the log, without the pending commands. */
  readonly confirmed: RoomState | null;
  /** Items that wait for an answer, by id. */
  readonly waiting: ReadonlySet<string>;
  /** Commands that wait for an answer. */
  readonly unanswered: number;
  readonly online: number;
  readonly people: readonly Participant[];
  /** How often somebody, perhaps absent, was given another role while this page looked. */
  readonly roleChanges: number;
  /** How often the past became another one: a backup was restored, or somebody was forgotten. */
  readonly rewrites: number;
  /** The devices that play the room's sound. */
  readonly speakers: readonly SpeakerName[];
  readonly problems: readonly Problem[];
}

/** Before anything is known. */
export const FIRST: View = {
  status: { kind: "connecting" },
  isBlocked: false,
  you: null,
  state: null,
  confirmed: null,
  waiting: new Set(),
  unanswered: 0,
  online: 0,
  people: [],
  roleChanges: 0,
  rewrites: 0,
  speakers: [],
  problems: [],
};
