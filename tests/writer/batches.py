"""Batches that a test commits itself, and their results."""

from __future__ import annotations

from playlist import commit
from playlist.errors import DomainError
from playlist.submissions import Result, Submission


def execute(playlist_id: int, submissions: list[Submission]) -> list[Result]:
    return commit.execute(playlist_id, submissions, [])


def codes(results: list[Result]) -> list[str]:
    """The code of each refusal, "ok" for what was committed."""
    return [result.code if isinstance(result, DomainError) else "ok" for result in results]
