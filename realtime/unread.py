"""Counts the bytes and frames sent to one reader of `playlist.v1` and read by it: a pong covers all before its ping."""

from __future__ import annotations

from realtime.crowd import Cohort, Sent


class Unread:
    """Counts for one reader. While it stands in a cohort, the cohort counts for it."""

    __slots__ = ("_base", "_before", "_cohort", "_pings", "_read", "answered_t")

    def __init__(self) -> None:
        #: Sent before it joined its cohort, and what the cohort had sent by then.
        self._before = Sent(0, 0)
        self._base = Sent(0, 0)
        self._cohort: Cohort | None = None
        self._read = Sent(0, 0)
        #: Unanswered pings in order: `t` → the amount sent before.
        self._pings: dict[int, Sent] = {}
        self.answered_t = 0

    @property
    def sent(self) -> Sent:
        if self._cohort is None:
            return self._before
        return self._here(self._cohort.sent)

    def count(self, frame_bytes: int) -> None:
        """A frame was sent to this reader alone, which stands in no cohort."""
        self._before = Sent(self._before.frames + 1, self._before.bytes + frame_bytes)

    def join(self, cohort: Cohort) -> None:
        self._cohort, self._base = cohort, cohort.sent

    def leave(self) -> None:
        """Take over the cohort's count and its pings."""
        if self._cohort is None:
            return
        for t, sent in self._cohort.asked.items():
            if t > self.answered_t and self._is_since_joining(sent):
                self._pings[t] = self._here(sent)
        self._before, self._cohort = self.sent, None

    def asked(self, t: int) -> None:
        """This reader was sent a ping of its own."""
        self._pings[t] = self.sent

    def answered(self, t: float | None) -> bool:
        """Take a pong; whether it answers a ping that was sent. Any other pong tells nothing."""
        sent = self._sent_before(t)
        if sent is None or t is None:
            return False
        self._read = max(self._read, sent)
        self.answered_t = max(self.answered_t, int(t))
        self._pings = {asked: before for asked, before in self._pings.items() if asked > self.answered_t}
        return True

    @property
    def waits(self) -> bool:
        """Whether a ping is unanswered."""
        if self._pings:
            return True
        cohort = self._cohort
        return (
            cohort is not None
            and cohort.asked_t > self.answered_t
            and self._is_since_joining(cohort.asked[cohort.asked_t])
        )

    @property
    def asked_by_cohort_at(self) -> float:
        """Loop time of the newest ping that reached this reader by its cohort; 0.0 where none has."""
        cohort = self._cohort
        if cohort is None or not cohort.asked_t or not self._is_since_joining(cohort.asked[cohort.asked_t]):
            return 0.0
        return cohort.asked_at

    @property
    def has_asked_for_all(self) -> bool:
        """Whether the pong of a ping that is under way will cover all that was sent."""
        return any(before == self.sent for before in self._pings.values()) or self.sent == self._read

    def within(self, frames: float, bytes_: float) -> bool:
        """Whether fewer frames and bytes than these are unread."""
        sent, read = self.sent, self._read
        return sent.frames - read.frames < frames and sent.bytes - read.bytes < bytes_

    def full_at(self, frames: int, bytes_: int) -> Sent:
        """The cohort's count at which so many frames or bytes are unread, unless it reads on until then."""
        before, base, read = self._before, self._base, self._read
        return Sent(base.frames - before.frames + read.frames + frames, base.bytes - before.bytes + read.bytes + bytes_)

    def _sent_before(self, t: float | None) -> Sent | None:
        if t is None or t != int(t) or t <= self.answered_t:
            return None
        own = self._pings.get(int(t))
        if own is not None or self._cohort is None:
            return own
        sent = self._cohort.asked.get(int(t))
        return self._here(sent) if sent is not None and self._is_since_joining(sent) else None

    def _is_since_joining(self, sent: Sent) -> bool:
        """Whether the cohort had sent this much only after the reader had joined it."""
        return sent.frames > self._base.frames

    def _here(self, sent: Sent) -> Sent:
        """The cohort's count as this reader's own."""
        before, base = self._before, self._base
        return Sent(before.frames + sent.frames - base.frames, before.bytes + sent.bytes - base.bytes)
