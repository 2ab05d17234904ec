"""Who may do what: the table of commands, cell by cell, and that it is complete."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest

from playlist import permissions, types
from playlist.commands.table import ENTRIES, Entry
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.models import Playlist
from playlist.permissions import Role
from tests.rooms import Room, refused

# The permission table, cell by cell: who is refused what. Whether the command then succeeds is not judged here.
REFUSED: dict[str, dict[str, str]] = {
    "playlist.update": {"participant": "FORBIDDEN", "hosted": "FORBIDDEN", "anonymous": "AUTH_REQUIRED"},
    "playlist.restore": {"participant": "FORBIDDEN", "hosted": "FORBIDDEN", "anonymous": "AUTH_REQUIRED"},
    "blocked.set": {"participant": "FORBIDDEN", "hosted": "FORBIDDEN", "anonymous": "AUTH_REQUIRED"},
    "playlist.delete": {"participant": "FORBIDDEN", "hosted": "FORBIDDEN", "anonymous": "AUTH_REQUIRED"},
    "participant.remove": {"participant": "FORBIDDEN", "hosted": "FORBIDDEN", "anonymous": "AUTH_REQUIRED"},
    "participant.join": {"anonymous": "AUTH_REQUIRED"},
    "host.claim": {"anonymous": "AUTH_REQUIRED"},
    "participant.update": {"participant": "FORBIDDEN", "hosted": "FORBIDDEN", "anonymous": "AUTH_REQUIRED"},
    "host_link.renew": {"participant": "FORBIDDEN", "hosted": "FORBIDDEN", "anonymous": "AUTH_REQUIRED"},
    "display_link.renew": {"participant": "FORBIDDEN", "hosted": "FORBIDDEN", "anonymous": "AUTH_REQUIRED"},
    **{
        name: {"hosted": "FORBIDDEN"}
        for name in (
            "track.move",
            "playback.play",
            "playback.pause",
            "playback.next",
            "playback.previous",
            "playback.seek",
            "playback.volume",
        )
    },
    **{
        name: dict.fromkeys(("host", "participant", "hosted"), "FORBIDDEN") | {"anonymous": "AUTH_REQUIRED"}
        for name in ("track.refresh", "track.purge", "playback.ended", "playback.wake")
    },
}


@pytest.mark.pure
@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.name)
def test_the_permission_table_cell_by_cell(entry: Entry[Any]) -> None:
    def code(role: Role, **fields: str) -> str | None:
        try:
            permissions.judge(role, entry.who, Playlist(slug="main", **fields))
        except DomainError as refusal:
            return refusal.code
        return None

    found = {
        "host": code(Role.HOST),
        "participant": code(Role.PARTICIPANT),
        "hosted": code(Role.PARTICIPANT, policy="hosted"),
        "anonymous": code(Role.ANONYMOUS),
    }
    assert {who: refused for who, refused in found.items() if refused} == REFUSED.get(entry.name, {})
    assert code(Role.BANNED) == "FORBIDDEN"
    assert code(Role.INVALID) == "AUTH_REQUIRED"
    assert code(Role.SYSTEM) is None


@pytest.mark.pure
def test_a_row_that_says_own_names_an_owner_and_no_other_does() -> None:
    row = ENTRIES[types.TrackRemove]
    with pytest.raises(TypeError, match="needs an owner"):
        replace(row, owner=None)
    with pytest.raises(TypeError, match="needs an owner"):
        replace(row, who=permissions.STEERING)
    with pytest.raises(TypeError, match="one of run and many"):
        replace(row, run=None)


@pytest.mark.parametrize("kind", [types.TrackVote, types.PlaybackPlay])
def test_own_holds_for_every_command_whose_rule_says_it(
    room: Room, bob: Actor, monkeypatch: pytest.MonkeyPatch, kind: type[types.Command]
) -> None:
    """Whatever runs it, one or many at a time."""
    room.do(types.PlaylistUpdate(policy="hosted"))
    (hers,) = room.add("track-1")
    (his,) = room.add("track-2", by=bob)

    def command(item: UUID) -> types.AnyCommand:
        if kind is types.TrackVote:
            return types.TrackVote(id=item, direction="up")
        return types.PlaybackPlay(item_id=item)

    def adder(playlist: Playlist, command: types.TrackVote | types.PlaybackPlay) -> str | None:
        item_id = command.id if isinstance(command, types.TrackVote) else command.item_id or UUID(int=0)
        return playlist.items.filter(pk=item_id).values_list("added_by_key", flat=True).first()

    monkeypatch.setitem(ENTRIES, kind, replace(ENTRIES[kind], who=permissions.REMOVING, owner=adder))
    assert refused(room, command(hers), by=bob).code == "FORBIDDEN"
    room.do(command(his), by=bob)


#: How docs/commands.md says who may run a command.
WHO = {
    permissions.EVERYBODY: "everybody",
    permissions.EVERYBODY: "everybody",
    permissions.ADDING: "`add`",
    permissions.VOTING: "`vote`",
    permissions.MOVING: "`move`",
    permissions.REMOVING: "`remove_any`; everybody with what is theirs",
    permissions.STEERING: "`playback`",
    permissions.OWN_OR_HOST: "the person who did it, the host and cohosts",
    permissions.LEADING: "the host and cohosts",
    permissions.HOST: "the host",
    permissions.CLAIMING: "everybody with a name, also while the room is locked",
    permissions.IDENTIFIED: "everybody with a name",
    permissions.SYSTEM: "the server",
}


@pytest.mark.pure
def test_every_command_has_one_row_a_test_and_a_line_of_docs() -> None:
    inputs = get_args(types.AnyCommand)
    assert set(ENTRIES) == set(inputs)
    root = Path(__file__).resolve().parent.parent.parent
    tests = "".join(path.read_text() for path in (root / "tests" / "commands").glob("test_*.py"))
    docs = (root / "docs" / "commands.md").read_text()
    lines = {cells[1]: cells[2:4] for cells in map(_cells, docs.splitlines()) if len(cells) > 4}
    for entry in ENTRIES.values():
        assert f"types.{entry.command.__name__}(" in tests, f"tests/commands has no test of {entry.name}"
        assert lines.get(f"`{entry.name}`") == [WHO[entry.who], "yes" if entry.sockets else ""], entry.name
    recorded = "".join(path.read_text() for path in (root / "playlist" / "commands").glob("*.py"))
    for kind in get_args(types.AnyEvent):
        assert f"types.{kind.__name__}" in recorded, f"no command records {kind.__name__}"
        assert f"`{kind.__struct_config__.tag}`" in docs, f"docs/commands.md does not tell of {kind.__name__}"


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]
