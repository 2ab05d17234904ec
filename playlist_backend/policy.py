"""Content Security Policies: the sources of each kind of page. Everything else is forbidden.

https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP
"""

from __future__ import annotations

from collections.abc import Iterable


def policy(**sources: Iterable[str]) -> str:
    """The header for a page that may load `sources`, by directive with underscores: `script_src=["'self'"]`."""
    rules = {
        "default-src": ["'none'"],
        **{name.replace("_", "-"): allowed for name, allowed in sources.items()},
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(allowed)}" for name, allowed in rules.items())


def client_policy(host: str, cover_origins: Iterable[str]) -> str:
    """For the client's pages: this server only, except for covers. Older Safaris do not count sockets as 'self'."""
    return policy(
        script_src=["'self'"],
        style_src=["'self'"],
        img_src=["'self'", *cover_origins],
        media_src=["'self'"],
        connect_src=["'self'", f"ws://{host}", f"wss://{host}"],
        manifest_src=["'self'"],
        form_action=["'self'"],
    )


#: For pages without scripts.
PLAIN = policy(style_src=["'self'"], img_src=["'self'"], manifest_src=["'self'"], form_action=["'none'"])

#: For the admin, which brings scripts of its own and colours them with images in its styles.
ADMIN = policy(
    script_src=["'self'"],
    style_src=["'self'"],
    img_src=["'self'", "data:"],
    connect_src=["'self'"],
    form_action=["'self'"],
)
#: For the documentation of the API, which draws itself and asks this server only.
DOCS = policy(script_src=["'self'"], style_src=["'self'"], img_src=["'self'", "data:"], connect_src=["'self'"])
#: For answers that are no pages.
NOTHING = policy()


def default_policy(path: str) -> str:
    """The policy of an answer that has none of its own."""
    if path.startswith("/admin"):
        return ADMIN
    return DOCS if path.startswith("/api/docs") else NOTHING
