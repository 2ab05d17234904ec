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
      return t(details.by === "address" ? "refused.LIMIT_REACHED_address" : "refused.LIMIT_REACHED", { count: Number(details.limit) });
    case "CONFLICT":
      if (command === "playback.next") return t("refused.CONFLICT_next");
      if (command?.startsWith("playback.")) return t("refused.CONFLICT_playback");
      return command === "track.move" ? t("refused.CONFLICT_move") : t("refused.CONFLICT");
    case "FORBIDDEN":
      if (details.reason === "locked") return t("refused.LOCKED");
      if (details.reason === "removed") return t("join.banned");
      if (details.reason === "link") return t("roles.linkEnded");
      if (details.reason === "wall") return t("roles.wallOnly");
      return typeof details.right === "string" ? t(`refused.RIGHT_${details.right as Right}` as const) : t("refused.FORBIDDEN");
    case "TOO_LARGE":
      return "limit_mb" in details ? t("refused.TOO_LARGE_file", { limit: Number(details.limit_mb) }) : message;
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

export function sayError(t: TFunction, error: unknown): string {
  return error instanceof RestError ? sayRefusal(t, error) : t("refused.UNAVAILABLE");
}
