// The words of the protocol, by the names that the rest of the client uses. Made from the generated types; no logic.
import type { ClientFrame, RoomEvent, Schemas, ServerFrame } from "./live.generated";
import type { components } from "./rest.generated";

export type { ClientFrame, RoomEvent, ServerFrame };

export type Track = Schemas["Track"];
/** What somebody did, as the log tells it to people. */
export type Activity = components["schemas"]["Activity"];
/** The kinds of events. */
export type Kind = RoomEvent["type"];
/** What an undoing did, and what it left as it is. */
export type UndoAnswer = components["schemas"]["UndoAnswer"];
export type Undo = Omit<components["schemas"]["UndoInput"], "preview">;
/** What an undoing would do; `entries` are those of `undone`. */
export interface UndoPreview extends UndoAnswer {
  entries: Activity[];
}
export type Imported = components["schemas"]["Imported"];
export type Album = components["schemas"]["Album"];
export type Artist = components["schemas"]["Artist"];
export type Recommendation = components["schemas"]["Recommendation"];
export type Item = Schemas["Item"];
/** Why the server added a song. */
export type Because = Schemas["Because"];
export type Playlist = Schemas["Playlist"];
export type Rules = Schemas["Rules"];
export type Playback = Schemas["Playback"];
/** The turns of fair order. */
export type Fair = Schemas["Fair"];
/** The votes to skip the current song. */
export type Skip = Schemas["Skip"];
export type Participant = Schemas["Participant"];
export type Person = Schemas["Person"];
export type You = Schemas["You"];
export type Limits = Schemas["Limits"];
/** What a device that plays the room's sound tells of itself. */
export type SpeakerFrame = Schemas["Speaker"];
/** A device that plays it, as the others see it. */
export type SpeakerName = Schemas["SpeakerName"];
export type Direction = Schemas["TrackVoteCommand"]["direction"];
export type SnapshotPage = Schemas["SnapshotPage"];
export type Refusal = Schemas["ErrorBody"];

type CommandFrame = Extract<ClientFrame, { type: "command" }>;
type WithoutFrame<Frame> = Frame extends CommandFrame ? Omit<Frame, "type" | "op_id"> : never;

/** A command for the server: its frame without `type` and `op_id`. */
export type Command = WithoutFrame<CommandFrame>;
export type CommandOf<Name extends Command["command"]> = Extract<Command, { command: Name }>;

/** Fails to compile where a case is missing; at run time it names the kind that a newer server has sent. */
export class UnknownKind extends Error {
  constructor(what: never) {
    super(`This client does not know ${JSON.stringify(what)}`);
  }
}
