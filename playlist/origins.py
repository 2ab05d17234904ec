"""Which hosts this server answers for, and which web origins may use it. Pure functions on strings.

One rule serves CORS, CSRF and the sockets' Origin check.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

#: In development a front end may be served from any port of this machine.
LOCAL_ORIGIN = re.compile(r"^http://(localhost|127\.0\.0\.1)(:\d{1,5})?$")


#: What Django takes for a host, so that nothing passes here which it refuses with a traceback.
_HOST = re.compile(r"(?P<name>[a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9.:]+\])(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE)


def host_allowed(host_header: str, allowed_names: Iterable[str]) -> bool:
    """Whether a Host header names this server.

    An address literal always does: nobody can point a foreign name at it, which is what the check is against
    (DNS rebinding, https://en.wikipedia.org/wiki/DNS_rebinding). A name must be local or one of `allowed_names`, of
    which ".example.org" covers its subdomains.
    """
    found = _HOST.fullmatch(host_header)
    if found is None or int(found["port"] or 0) > 65535:
        return False
    name = found["name"].strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost") or _is_address(name):
        return True
    return any(
        name == allowed.lstrip(".") or (allowed.startswith(".") and name.endswith(allowed))
        for allowed in map(str.lower, allowed_names)
    )


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def origin_allowed(origin: str, own_origin: str, allowed_origins: Iterable[str], allow_local: bool) -> bool:
    """Whether a page of `origin` may act here. Origins are compared whole: scheme, host and port."""
    return origin == own_origin or origin in allowed_origins or (allow_local and bool(LOCAL_ORIGIN.match(origin)))
