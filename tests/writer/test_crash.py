"""SIGKILL between any two steps of a commit, then the same key again: one effect, and the log without a hole."""

from __future__ import annotations

import json
import subprocess
import sys

from playlist.identity import Actor
from playlist.models import Operation
from tests.fold import apply_events
from tests.rooms import Room, make_tracks, without_stamp
from tests.servers import ROOT, environment_of_the_test_database


def test_sigkill_at_every_step_of_a_commit(room: Room, bob: Actor) -> None:
    make_tracks(60)
    before = room.snapshot()
    driver = [sys.executable, str(ROOT / "tests" / "writer" / "crash_driver.py"), str(room.id), str(bob.user_id)]
    ran = subprocess.run(driver, env=environment_of_the_test_database(), capture_output=True, text=True, timeout=240)
    assert ran.returncode == 0, ran.stderr
    steps = [json.loads(line) for line in ran.stdout.splitlines()]

    assert [step["killed"] for step in steps] == [True] * (len(steps) - 1) + [False]
    assert len(steps) > 15, "there are that many steps in a commit at least"
    added = [event for event in room.events() if event["type"] == "track.added"]
    assert [event["op_id"] for event in added] == [f"key-{number}" for number in range(len(steps))]
    assert Operation.objects.filter(playlist=room.id).count() == len(steps)
    assert [step["answer"] for step in steps] == list(Operation.objects.order_by("id").values_list("answer", flat=True))
    room.check()
    folded = apply_events(before, room.events(since=before["revision"]))
    assert without_stamp(folded) == without_stamp(room.snapshot())
