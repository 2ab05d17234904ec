"""The state machine draws every command, every rule of a room and every setting, or this page says why it does not."""

from __future__ import annotations

import inspect
import re

import pytest

from playlist import types
from playlist.commands.table import ENTRIES
from tests.commands import test_state_machine

#: Commands that the machine does not draw, and why.
NOT_DRAWN = {
    types.PlaylistDelete: "there is no room afterwards",
    types.TrackRefresh: "drawn through the library, which submits it: edit_track",
    types.TrackPurge: "drawn through the library, which submits it: delete_track_and_bring_it_back",
}


@pytest.mark.pure
def test_every_command_and_rule_of_a_room_is_drawn() -> None:
    source = inspect.getsource(test_state_machine.Queue)
    drawn = {command for command in ENTRIES if f"types.{command.__name__}(" in source}
    assert drawn | NOT_DRAWN.keys() == ENTRIES.keys()
    assert not drawn & NOT_DRAWN.keys()
    given = set(re.findall(r"^    ([a-z_]+)=", inspect.getsource(test_state_machine), re.MULTILINE))
    assert set(types.Rules.__struct_fields__) <= given
    settings_drawn = set(re.findall(r'^                "([a-z_]+)": ', source, re.MULTILINE))
    assert settings_drawn == {*types.SETTINGS} - {"visibility"}, "which says only where the room is listed"
