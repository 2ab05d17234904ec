// Turns error codes into sentences that say why, and what to do.
import type { TFunction } from "i18next";
import type { Command, Rules } from "../protocol/types";
import { RestError } from "../protocol/rest";
import { timeOrDay } from "./time";

/** What guests may be allowed to do. */
type Right = keyof Rules["guests"];

interface Refused {
  code: string;
  message: string;
  details: Record<string, unknown>;
}

/** The sentence for a refusal. The server's own message is the fallback. */
export function sayRefusal(t: TFunction, { code, message, details }: Refused, command?: Command["command"]): string {
  switch (code) {
    case "LIMIT_REACHED":
      return t(`refused.LIMIT_REACHED${reachedBy(details)}`, { count: Number(details.limit) });
    case "CONFLICT":
      if (command === "playback.next") return t("refused.CONFLICT_next");
      if (command?.startsWith("playback.")) return t("refused.CONFLICT_playback");
      if (command === "track.boost") return t("refused.CONFLICT_boost");
      return command === "track.move" ? t("refused.CONFLICT_move") : t("refused.CONFLICT");
    case "FORBIDDEN":
      return sayForbidden(t, details);
    case "TOO_LARGE":
      return "limit_mb" in details ? t("refused.TOO_LARGE_file", { limit: Number(details.limit_mb) }) : t("refused.TOO_LARGE");
    case "STORAGE_FULL":
      return "limit_mb" in details ? t("refused.STORAGE_FULL_person", { limit: Number(details.limit_mb) }) : t("refused.STORAGE_FULL");
    case "TOO_LONG":
      return t("refused.TOO_LONG", { count: Math.round(Number(details.max_seconds) / 6) / 10 });
    case "PLAYED_RECENTLY":
      return t("refused.PLAYED_RECENTLY", { time: timeOrDay(String(details.again_at)) });
    case "BLOCKED":
      return t(details.by === "artist" ? "refused.BLOCKED_artist" : "refused.BLOCKED_track");
    case "NO_BOOSTS_LEFT":
      return typeof details.next_at === "string"
        ? t("refused.NO_BOOSTS_LEFT_until", { time: timeOrDay(details.next_at) })
        : t("refused.NO_BOOSTS_LEFT");
    case "MISSING_TRACK_ID":
    case "INVALID_DIRECTION":
    case "MALFORMED":
    case "METHOD_NOT_ALLOWED":
    case "UNSUPPORTED_MEDIA_TYPE":
      return t("refused.VALIDATION_ERROR");
    case "RANGE_NOT_SATISFIABLE":
      return t("refused.NOT_CUTTABLE");
    case "NOT_CUTTABLE":
    case "NOT_UNDOABLE":
    case "NOT_AUDIO":
    case "DUPLICATE_TRACK":
    case "TRACK_NOT_FOUND":
    case "NO_AUDIO":
    case "ITEM_NOT_FOUND":
    case "AUTH_REQUIRED":
    case "RATE_LIMITED":
    case "UNAVAILABLE":
    case "UNREACHABLE":
    case "VALIDATION_ERROR":
    case "NOT_FOUND":
    case "PLAYLIST_NOT_FOUND":
    case "OP_CONFLICT":
    case "INTERNAL":
    case "EXPIRED":
    case "NO_COOKIES":
    case "NO_COOKIES_OVER_HTTP":
      return t(`refused.${code}`);
    default:
      return message;
  }
}

function reachedBy({ by, of }: Refused["details"]) {
  if (of === "rooms") return "_rooms";
  if (of === "skip_votes") return "_skip";
  return by === "address" ? "_address" : "";
}

const REASONS = [
  "host_only",
  "hosts_only",
  "server_only",
  "removed",
  "join",
  "host",
  "main",
  "no_skip_votes",
  "account",
  "operators",
  "off",
] as const;

function sayForbidden(t: TFunction, { reason, right }: Refused["details"]): string {
  if (typeof right === "string") return t(`refused.RIGHT_${right as Right}` as const);
  if (reason === "locked") return t("refused.LOCKED");
  if (reason === "link") return t("roles.linkEnded");
  if (reason === "wall") return t("roles.wallOnly");
  const known = REASONS.find((each) => each === reason);
  return known ? t(`refused.FOR_${known}`) : t("refused.FORBIDDEN");
}

export function sayError(t: TFunction, error: unknown): string {
  return error instanceof RestError ? sayRefusal(t, error) : t("refused.UNAVAILABLE");
}
