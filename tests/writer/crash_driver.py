"""Run by test_crash.py as a program: kills itself with SIGKILL at each step of a commit, then repeats the key.

Prints one JSON line a step: {"step", "killed", "answer"}.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import django

django.setup()

from django.db import connection  # noqa: E402

from playlist import types  # noqa: E402
from playlist.commit import execute  # noqa: E402
from playlist.identity import Actor  # noqa: E402
from playlist.submissions import Outcome, Submission  # noqa: E402


def main(playlist_id: int, user_id: int) -> None:
    actor = Actor(key=f"user:{user_id}", user_id=user_id, name="Bob")
    step, last = 0, False
    while not last:
        commands = (types.TrackAdd(track_id=f"track-{step + 1}"), types.PlaybackNext())
        submission = Submission(actor, commands, key=f"key-{step}")
        killed = _in_a_child(lambda step=step, submission=submission: _killed_at(step, playlist_id, submission))  # type: ignore[misc]
        last = not killed
        (result,) = execute(playlist_id, [submission], [])
        assert isinstance(result, Outcome), result
        print(json.dumps({"step": step, "killed": killed, "answer": result.answer.decode()}), flush=True)
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # a forked child must not share its sockets
        step += 1


def _in_a_child(work: Callable[[], None]) -> bool:
    """Whether a forked child that does `work` was killed on the way."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _killed_at(step: int, playlist_id: int, submission: Submission) -> None:
    """Execute, and die before the statement with this number, before the COMMIT, or right after it."""
    count = 0

    def before(*_: Any) -> None:
        nonlocal count
        if count == step:
            _die()
        count += 1

    def counted(execute: Any, sql: str, *rest: Any) -> Any:
        before()
        return execute(sql, *rest)

    commit = connection._commit  # type: ignore[attr-defined]

    def counted_commit() -> None:
        before()
        commit()
        before()

    connection._commit = counted_commit  # type: ignore[attr-defined]
    with connection.execute_wrapper(counted):
        execute_once = execute(playlist_id, [submission], [])
    assert isinstance(execute_once[0], Outcome)


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
