"""Rate limits as token buckets (https://en.wikipedia.org/wiki/Token_bucket). Pure: the caller brings the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class TokenBucket:
    """Allows `rate_per_second` on average and `burst` at once."""

    rate_per_second: float
    burst: int
    tokens: float
    updated_at_seconds: float

    def take(self, now_seconds: float) -> float:
        """Take one token and return 0.0; if there is none, return the seconds to wait for it."""
        self.refill(now_seconds)
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.rate_per_second

    def refill(self, now_seconds: float) -> None:
        """Add the tokens that have accrued since the last call, up to the burst."""
        elapsed_seconds = max(0.0, now_seconds - self.updated_at_seconds)
        self.tokens = min(float(self.burst), self.tokens + elapsed_seconds * self.rate_per_second)
        self.updated_at_seconds = now_seconds


class KeyedBuckets:
    """One token bucket per key, in one process. Full buckets are forgotten, so memory follows the active keys."""

    #: Look for full buckets whenever this many keys are held.
    SWEEP_AT = 4096

    def __init__(self, rate_per_second: float, burst: int, clock: Callable[[], float]) -> None:
        self.rate_per_second = rate_per_second
        self.burst = burst
        self._clock = clock
        self._buckets: dict[str, TokenBucket] = {}
        self._sweep_at = self.SWEEP_AT
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Like TokenBucket.take, for the bucket of `key`."""
        now = self._clock()
        with self._lock:
            bucket = self._buckets.get(key)
            if bucket is None:
                if len(self._buckets) >= self._sweep_at:
                    self._forget_full(now)
                bucket = TokenBucket(self.rate_per_second, self.burst, float(self.burst), now)
                self._buckets[key] = bucket
            return bucket.take(now)

    def give_back(self, key: str) -> None:
        """Put back what `take` took, as if it had not been asked."""
        with self._lock:
            bucket = self._buckets.get(key)
            if bucket is not None:
                bucket.tokens = min(float(bucket.burst), bucket.tokens + 1)

    def _forget_full(self, now: float) -> None:
        for bucket in self._buckets.values():
            bucket.refill(now)
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if bucket.tokens < bucket.burst}
        # Doubling keeps the sweep amortised when all held keys are still active.
        self._sweep_at = max(self.SWEEP_AT, 2 * len(self._buckets))
