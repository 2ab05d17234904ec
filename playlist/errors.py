"""All refusals of the product: one exception, and one table of codes.

Pure: no Django, no I/O. Clients switch on `code`; `message` is a sentence for a person; `details` is for programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

#: code → HTTP status. This table is the contract: no other code can be raised.
STATUS_BY_CODE: dict[str, int] = {
    "VALIDATION_ERROR": 400,
    "MISSING_TRACK_ID": 400,
    "INVALID_DIRECTION": 400,
    "MALFORMED": 400,
    "AUTH_REQUIRED": 401,
    "FORBIDDEN": 403,
    "TRACK_NOT_FOUND": 404,
    "ITEM_NOT_FOUND": 404,
    "PLAYLIST_NOT_FOUND": 404,
    "NO_AUDIO": 404,
    "NOT_FOUND": 404,
    "METHOD_NOT_ALLOWED": 405,
    "DUPLICATE_TRACK": 409,
    "CONFLICT": 409,
    "OP_CONFLICT": 409,
    "LIMIT_REACHED": 409,
    "TOO_LONG": 409,
    "PLAYED_RECENTLY": 409,
    "NO_BOOSTS_LEFT": 409,
    "BLOCKED": 409,
    "NOT_CUTTABLE": 409,
    "NOT_UNDOABLE": 409,
    "TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "NOT_AUDIO": 415,
    "RANGE_NOT_SATISFIABLE": 416,
    "RATE_LIMITED": 429,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "STORAGE_FULL": 507,
}


class DomainError(Exception):
    """A refusal. Nothing was changed, except possibly for UNAVAILABLE, whose outcome may be unknown."""

    #: Whether it may have been committed all the same; repeating it with its key tells.
    outcome_unknown = False

    def __init__(
        self,
        code: str,
        message: str,
        details: Mapping[str, object] | None = None,
        *,
        retry_after_seconds: float = 1.0,
    ) -> None:
        """`retry_after_seconds` is sent with 429 and 503."""
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
        self.code = code
        self.status = STATUS_BY_CODE[code]
        self.message = message
        self.details = dict(details or {})

    def __repr__(self) -> str:
        return f"DomainError({self.code!r}, {self.message!r}, {self.details!r})"

    def envelope(self) -> dict[str, object]:
        """The body of the refusal: `{"error": {"code", "message", "details"}}`."""
        return {"error": {"code": self.code, "message": self.message, "details": self.details}}

    def headers(self) -> dict[str, str]:
        """The headers that HTTP requires with the status."""
        if self.status == 401:
            return {"WWW-Authenticate": "Bearer"}
        if self.status in (429, 503):
            return {"Retry-After": str(max(1, ceil(self.retry_after_seconds)))}
        return {}


def invalid(field: str, why: str) -> DomainError:
    """VALIDATION_ERROR about one field."""
    return DomainError("VALIDATION_ERROR", f"{field}: {why}", {field: why})


def unavailable(*, outcome_unknown: bool = False) -> DomainError:
    """UNAVAILABLE: nothing happened, or the outcome is unknown; repeating with the same key is safe either way."""
    error = DomainError("UNAVAILABLE", "The server cannot answer right now. Try again with the same key.")
    error.outcome_unknown = outcome_unknown
    return error


def internal() -> DomainError:
    """INTERNAL: a fault in the program. Nothing happened, and a repeat would fail in the same way."""
    return DomainError("INTERNAL", "The server made a mistake; its log says more.")


# ── What several places refuse ───────────────────────────────────────────────────────────────────────────────────────


def playlist_not_found() -> DomainError:
    return DomainError("PLAYLIST_NOT_FOUND", "There is no such playlist.")


def item_not_found() -> DomainError:
    return DomainError("ITEM_NOT_FOUND", "This song is no longer in the queue.")


def track_not_found() -> DomainError:
    return DomainError("TRACK_NOT_FOUND", "There is no such track in the library.")


def no_audio() -> DomainError:
    return DomainError("NO_AUDIO", "There is no file to play for this track.")


def duplicate_track(track_id: str) -> DomainError:
    return DomainError("DUPLICATE_TRACK", "This song is already in the queue.", {"track_id": track_id})


def nothing_here() -> DomainError:
    return DomainError("NOT_FOUND", "There is nothing at this address.")


def foreign_host() -> DomainError:
    message = "This server does not answer to this name: the operator can add it to ALLOWED_HOSTS."
    return DomainError("MALFORMED", message)


def foreign_origin() -> DomainError:
    return DomainError("FORBIDDEN", "Pages of this origin may not use this server.")


#: Why something is FORBIDDEN to people in a room: the `reason` in its details, and the sentence.
FORBIDDEN_REASONS: dict[str, str] = {
    "host_only": "Only the host may do this.",
    "hosts_only": "Only the host and cohosts may do this.",
    "server_only": "Only the server does this.",
    "locked": "The room is locked: nobody new can join.",
    "removed": "You were removed from this room.",
    "join": "Join the room first.",
    "wall": "A wall shows the room and plays its sound, and no more.",
    "link": "This link does not hold any more: ask for a new one.",
    "host": "The host stays host until they hand the room over.",
    "main": "The main playlist has no host, stays public, open and unlocked, and cannot be deleted.",
    "no_skip_votes": "This room does not vote on skipping.",
    "account": "This needs an account: register first.",
    "operators": "Only the operators may do this.",
    "off": "The operators have switched this off.",
}


def forbidden(reason: str, message: str = "", **details: object) -> DomainError:
    """FORBIDDEN for a reason of the table above. `message`: a sentence that says more than the table's."""
    return DomainError("FORBIDDEN", message or FORBIDDEN_REASONS[reason], {"reason": reason, **details})


def not_in_the_room() -> DomainError:
    return DomainError("NOT_FOUND", "This person is not in the room.")


def reason_of(error: Exception) -> str:
    """The first line of an exception's message, without its full stop, to be put into a sentence."""
    return (str(error).splitlines() or [type(error).__name__])[0].strip().rstrip(".")


def removed_from_room() -> DomainError:
    return forbidden("removed")
