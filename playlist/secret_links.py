"""Secret links: the host link, which makes its holder host again, and the wall link, which opens a screen.

A secret has 128 random bits, so that its plain digest can be kept: nothing that is stored opens anything. A playlist
has one link of each kind, and a new one takes the place of the one before.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from playlist.errors import DomainError, forbidden
from playlist.models import Playlist, SecretLink

_SECRET_BYTES = 16


def secret_link_renew(playlist: Playlist, kind: SecretLink.Kind, now: datetime) -> str:
    """Make the link anew, and return its secret (base64url). The caller holds the playlist's lock."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    SecretLink.objects.update_or_create(
        playlist=playlist, kind=kind, defaults={"digest": _digest(secret), "made_at": now}
    )
    return secret


def secret_links_forget(playlist: Playlist) -> None:
    """Let no link open anything any more: the playlist has another host."""
    SecretLink.objects.filter(playlist=playlist).delete()


def digest_if_right(playlist: Playlist, kind: SecretLink.Kind, secret: str) -> str | None:
    """The digest of the playlist's link of this kind, if this is its secret."""
    digest = SecretLink.objects.filter(playlist=playlist, kind=kind).values_list("digest", flat=True).first()
    return digest if digest is not None and hmac.compare_digest(digest, _digest(secret)) else None


def wrong_secret() -> DomainError:
    """FORBIDDEN, with one text for whatever is wrong about it."""
    return forbidden("link")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
