"""The scripts and styles of the web client, by the manifest that Vite writes beside them.

https://vite.dev/guide/backend-integration
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

#: Where Django serves what Vite built; the `base` in vite.config.ts.
BASE_URL = "/static/client/"
ENTRY = "src/main.tsx"


class Chunk(Struct, frozen=True):
    """One file of the build. `imports` are the keys of the chunks that the browser needs together with it."""

    file: str
    imports: list[str] = []
    css: list[str] = []


class Assets(Struct, frozen=True):
    """The files that a page of the client loads, as paths on this server."""

    script: str
    preloads: list[str]
    styles: list[str]


def read_assets(client_dir: Path) -> Assets | None:
    """The assets of the last build in `client_dir`; None without a complete build."""
    try:
        chunks = msgspec.json.decode((client_dir / "manifest.json").read_bytes(), type=dict[str, Chunk])
        needed = _with_imports(chunks, ENTRY)
    except (OSError, msgspec.DecodeError, KeyError):
        return None
    entry, *others = needed
    return Assets(
        script=BASE_URL + entry.file,
        preloads=[BASE_URL + chunk.file for chunk in others],
        styles=[BASE_URL + name for chunk in needed for name in chunk.css],
    )


def _with_imports(chunks: dict[str, Chunk], entry: str) -> list[Chunk]:
    """The entry and all that it imports, each once."""
    keys = [entry]
    for key in keys:  # the list grows during the loop
        keys.extend(name for name in chunks[key].imports if name not in keys)
    return [chunks[key] for key in keys]
