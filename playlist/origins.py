"""The hosts that this server answers to, and the web origins that may use it. Pure functions on strings.

Every host, origin and address has one canonical spelling, so that CORS, CSRF, the sockets' Origin check, the Host
check and the settings compare the same thing: lower case, names in punycode, addresses in their shortest form, IPv6
hosts in brackets, no default port.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

#: In development, any port of this machine may serve a front end.
_LOCAL_ORIGIN = re.compile(r"http://(localhost|127\.0\.0\.1)(:\d{1,5})?")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
#: Django's own pattern for hosts: it would refuse any other host with a traceback.
_HOST_HEADER = re.compile(r"(?P<host>[a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9.:]+\])(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE)
_BLANK_OR_CONTROL = re.compile(r"[\x00-\x20\x7f]")
#: Longer than any origin: a host name has at most 253 characters.
_CHARACTERS = 300


def canonical_address(text: str) -> str:
    """An IP address in its one spelling. Raises ValueError.

    A listener for both families sees an IPv4 caller as ::ffff:192.0.2.1, which is the same address.
    """
    address = ipaddress.ip_address(text)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def canonical_host(text: str) -> str:
    """A host without its port: a name in punycode, or an address, with brackets if it is IPv6. Raises ValueError."""
    try:
        address = canonical_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        pass
    else:
        return f"[{address}]" if ":" in address else address
    if len(text) > _CHARACTERS:
        raise ValueError("is no host name")
    name = text.removesuffix(".").encode("idna").decode().lower()
    if not _HOST_NAME.fullmatch(name):
        raise ValueError("is no host name")
    return name


def canonical_origin(text: str) -> str:
    """Scheme, host and port: `HTTPS://Müller.example:443/` is `https://xn--mller-kva.example`. Raises ValueError."""
    if len(text) > _CHARACTERS or _BLANK_OR_CONTROL.search(text):
        raise ValueError("is no origin")
    parts = urlsplit(text)
    port = parts.port
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or port == 0 or "@" in parts.netloc:
        raise ValueError("is no origin")
    if parts.path not in ("", "/") or "?" in text or "#" in text:
        raise ValueError("has something behind the host")
    host = canonical_host(parts.hostname)
    return f"{parts.scheme}://{host}" + ("" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}")


@lru_cache(maxsize=256)
def _canonical_or_none(origin: str) -> str | None:
    try:
        return canonical_origin(origin)
    except ValueError:
        return None


def addressed_origin(scheme: str, host_header: str) -> str:
    """This server as a caller addressed it, canonical where it can be."""
    given = f"{scheme}://{host_header}"
    return (_canonical_or_none(given) if len(given) <= _CHARACTERS else None) or given


def origin_of(address: str) -> str:
    """The origin of a page's full address; "" if it is not an address."""
    try:
        parts = urlsplit(address)
        return canonical_origin(f"{parts.scheme}://{parts.netloc}")
    except ValueError:
        return ""


def host_allowed(host_header: str, allowed_names: Iterable[str]) -> bool:
    """Whether a Host header names this server.

    An address literal always does. The check is against foreign names that point at this server (DNS rebinding,
    https://en.wikipedia.org/wiki/DNS_rebinding): a name must be local or in `allowed_names`, which are canonical and in
    which ".example.org" covers its subdomains.
    """
    found = _HOST_HEADER.fullmatch(host_header)
    if found is None or int(found["port"] or 0) > 65535:
        return False
    try:
        host = canonical_host(found["host"])
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost") or _is_address(host):
        return True
    return any(
        host == allowed.lstrip(".") or (allowed.startswith(".") and host.endswith(allowed)) for allowed in allowed_names
    )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def origin_allowed(origin: str, own_origin: str, allowed_origins: Iterable[str], allow_local: bool) -> bool:
    """Whether a page of `origin` may act here. Origins are compared whole; `allowed_origins` are canonical."""
    if origin == own_origin:
        return True
    canonical = _canonical_or_none(origin) if len(origin) <= _CHARACTERS else None
    if canonical is None:
        return False
    return (
        canonical == _canonical_or_none(own_origin)
        or canonical in allowed_origins
        or (allow_local and _LOCAL_ORIGIN.fullmatch(canonical) is not None)
    )
