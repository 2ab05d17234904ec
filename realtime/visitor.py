"""Whoever was let in, as readers know them."""

from __future__ import annotations

from msgspec import Struct

from playlist.identity import Actor, AnyCredential
from playlist.selectors.people import Admission


class Visitor(Struct, frozen=True):
    """An admitted caller: actor, credential, and this server's origin as they addressed it (http://192.168.1.5:8000).

    `is_wall`: a screen that shows the room, by its address or by its credential. It is not counted among those who are
    here, and nobody listens to it.
    """

    actor: Actor
    credential: AnyCredential | None
    admission: Admission
    own_origin: str
    is_wall: bool
