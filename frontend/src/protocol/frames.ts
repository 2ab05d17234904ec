// Text of the socket ⇄ frames. Parsing never throws: nonsense becomes null, and the connection starts over.
import type { ClientFrame, ServerFrame } from "./types";

export const SUBPROTOCOL = "playlist.v1";

const KINDS: Record<ServerFrame["type"], true> = {
  welcome: true,
  snapshot: true,
  changes: true,
  my_votes: true,
  ack: true,
  nack: true,
  presence: true,
  ping: true,
  time: true,
  going_away: true,
  error: true,
};

/**
 * A frame of the server; `unknown` for a kind that is newer than this client, which may be ignored; null for anything
 * else. The server validates its frames against the same types, so their fields are not checked again.
 */
export function parseFrame(text: unknown): ServerFrame | "unknown" | null {
  if (typeof text !== "string") return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("type" in value) || typeof value.type !== "string") return null;
  return Object.hasOwn(KINDS, value.type) ? (value as ServerFrame) : "unknown";
}

export function encodeFrame(frame: ClientFrame): string {
  return JSON.stringify(frame);
}
