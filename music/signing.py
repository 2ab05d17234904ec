"""Signed addresses of audio, for players that send neither cookie nor token.

A signature is bound to the track, the version of its file, the end of its time, and to the person who asked for it,
with the mark of their password: a person who is switched off or has a new password takes their addresses along.
"""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Mapping
from urllib.parse import urlencode

from django.utils.crypto import salted_hmac

from playlist.user import User

#: How long an address opens the track.
LINK_SECONDS = 12 * 3600
_SIGNATURE = re.compile(r"([0-9]{1,18})-([0-9a-f]{40})")
_UNTIL = re.compile(r"[0-9]{1,12}")


def signed_query(track_id: str, version: str, person: User, until_seconds: int) -> str:
    """The query of the address, which ends at `until_seconds` of Unix time."""
    signature = f"{person.pk}-{_seal(track_id, version, person, until_seconds)}"
    return urlencode({"until": until_seconds, "signature": signature})


def is_signed(query: Mapping[str, str], track_id: str, version: str) -> bool:
    """Whether the query was signed for this version of the track, by somebody who may still listen, and in time."""
    until, signature = _UNTIL.fullmatch(query.get("until", "")), _SIGNATURE.fullmatch(query.get("signature", ""))
    if until is None or signature is None or int(until[0]) < time.time():
        return False
    person = User.objects.filter(pk=int(signature[1]), is_active=True).first()
    return person is not None and hmac.compare_digest(_seal(track_id, version, person, int(until[0])), signature[2])


def _seal(track_id: str, version: str, person: User, until_seconds: int) -> str:
    told = f"{person.pk} {person.password_mark} {until_seconds} {version} {track_id}"
    return salted_hmac("music.link", told, algorithm="sha256").hexdigest()[:40]
