"""One row per command: its function, its rule, the owner of its thing, and whether sockets offer it.

To add a command, copy the most similar row. A test names all other places that need a change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, Generic, TypeVar

from playlist import permissions, types
from playlist.change import Change
from playlist.commands import (
    blocked,
    boosts,
    following,
    hosting,
    library,
    past,
    people,
    playback,
    playlists,
    positions,
    queue,
    removals,
    skipping,
    undo,
    votes,
)
from playlist.commands.owners import item_adder, item_remover, undone_doer
from playlist.commands.rights import placing, voting_down
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.models import Playlist
from playlist.permissions import (
    ADDING,
    CLAIMING,
    EVERYBODY,
    HOST,
    IDENTIFIED,
    LEADING,
    MOVING,
    OWN_OR_HOST,
    REMOVING,
    STEERING,
    SYSTEM,
    VOTING,
    Role,
    Rule,
    Verdict,
)

CommandT = TypeVar("CommandT", bound=types.Command)

#: Runs one command and returns the body of the answer.
Run = Callable[[Change, Actor, CommandT], object]
#: Runs many commands of a kind, given as (actor, idempotency key, command); returns (revision, answer) for each.
RunMany = Callable[[Change, Sequence[tuple[Actor, str | None, CommandT]]], Sequence[tuple[int, object | DomainError]]]
#: The actor key of the owner of the command's thing; None if there is no such thing.
Owner = Callable[[Playlist, CommandT], str | None]


@dataclass(frozen=True)
class Entry(Generic[CommandT]):
    """All about a command except its fields. Has exactly one of `run` and `many`."""

    command: type[CommandT]
    _: KW_ONLY
    who: Rule
    #: Whether a socket may ask for it.
    sockets: bool
    run: Run[CommandT] | None = None
    many: RunMany[CommandT] | None = None
    #: Present exactly if the rule says OWN.
    owner: Owner[CommandT] | None = None
    #: The rule in fair order, where it is another one.
    who_in_turn: Rule | None = None
    #: A further rule that some of these commands must satisfy, by what they ask for.
    also: Callable[[Playlist, CommandT], Rule | None] | None = None
    #: Whether the command changes memberships.
    changes_people: bool = False

    def __post_init__(self) -> None:
        if (self.run is None) == (self.many is None):
            raise TypeError(f"{self.name} needs one of run and many.")
        if self.who.asks_for_owner != (self.owner is not None):
            raise TypeError(f"{self.name} needs an owner exactly where its rule says OWN.")

    @property
    def name(self) -> str:
        return str(self.command.__struct_config__.tag)

    def check(self, role: Role, playlist: Playlist, actor: Actor, command: CommandT) -> None:
        """Raises AUTH_REQUIRED or FORBIDDEN unless the actor may run this command."""
        in_fair = self.who_in_turn if playlist.order == Playlist.Order.FAIR else None
        verdict = permissions.judge(role, in_fair or self.who, playlist)
        if verdict is Verdict.OWN and self.owner is not None and self.owner(playlist, command) not in (None, actor.key):
            raise permissions.refused_by(self.who)
        further = None if self.also is None else self.also(playlist, command)
        if further is not None:
            permissions.judge(role, further, playlist)

    def answer(self, change: Change, actor: Actor, key: str | None, command: CommandT) -> object:
        """Run one command by itself. Raises its refusal."""
        if self.run is not None:
            return self.run(change, actor, command)
        assert self.many is not None
        ((_, answer),) = self.many(change, [(actor, key, command)])
        if isinstance(answer, DomainError):
            raise answer
        return answer


_ROWS: tuple[Entry[Any], ...] = (
    Entry(types.TrackAdd, run=queue.track_add, who=ADDING, also=placing, sockets=True),
    Entry(types.TracksAdd, run=queue.tracks_add, who=ADDING, also=placing, sockets=True),
    Entry(types.TrackRemove, run=removals.track_remove, who=REMOVING, owner=item_adder, sockets=True),
    Entry(types.TrackRestore, run=undo.track_restore, who=OWN_OR_HOST, owner=item_remover, sockets=True),
    Entry(types.LogUndo, run=undo.log_undo, who=OWN_OR_HOST, owner=undone_doer, sockets=True),
    Entry(types.TrackMove, run=positions.track_move, who=MOVING, who_in_turn=EVERYBODY, sockets=True),
    Entry(types.TrackVote, many=votes.track_votes, who=VOTING, also=voting_down, sockets=True),
    Entry(types.TrackBoost, run=boosts.track_boost, who=EVERYBODY, sockets=True),
    Entry(types.PlaybackPlay, run=playback.playback_play, who=STEERING, sockets=True),
    Entry(types.PlaybackPause, run=playback.playback_pause, who=STEERING, sockets=True),
    Entry(types.PlaybackNext, run=playback.playback_next, who=STEERING, sockets=True),
    Entry(types.PlaybackPrevious, run=playback.playback_previous, who=STEERING, sockets=True),
    Entry(types.PlaybackSeek, run=playback.playback_seek, who=STEERING, sockets=True),
    Entry(types.PlaybackVolume, run=playback.playback_volume, who=STEERING, sockets=True),
    Entry(types.PlaybackSkip, run=skipping.playback_skip, who=EVERYBODY, sockets=True),
    Entry(types.PlaybackEnded, run=following.playback_ended, who=SYSTEM, sockets=False),
    Entry(types.PlaybackWake, run=following.playback_wake, who=SYSTEM, sockets=False),
    Entry(types.PlaylistUpdate, run=playlists.playlist_update, who=LEADING, sockets=True),
    Entry(types.PlaylistRestore, run=past.playlist_restore, who=LEADING, sockets=False),
    Entry(types.BlockedSet, run=blocked.blocked_set, who=LEADING, sockets=False),
    Entry(types.PlaylistDelete, run=playlists.playlist_delete, who=HOST, sockets=False),
    Entry(types.ParticipantJoin, run=people.participant_join, who=IDENTIFIED, sockets=False),
    Entry(types.ParticipantRemove, run=people.participant_remove, who=LEADING, sockets=False, changes_people=True),
    Entry(types.ParticipantUpdate, run=hosting.participant_update, who=HOST, sockets=False, changes_people=True),
    Entry(types.HostClaim, run=hosting.host_claim, who=CLAIMING, sockets=False, changes_people=True),
    Entry(types.HostLinkRenew, run=hosting.host_link_renew, who=HOST, sockets=False),
    Entry(types.DisplayLinkRenew, run=hosting.display_link_renew, who=LEADING, sockets=False),
    Entry(types.TrackRefresh, run=library.track_refresh, who=SYSTEM, sockets=False),
    Entry(types.TrackPurge, run=library.track_purge, who=SYSTEM, sockets=False),
)

#: The row of each command.
ENTRIES: dict[type[types.Command], Entry[Any]] = {entry.command: entry for entry in _ROWS}

#: The commands that sockets offer, by name.
SOCKET_COMMANDS: dict[str, type[types.AnyCommand]] = {entry.name: entry.command for entry in _ROWS if entry.sockets}
