"""Which documents, and with which tools, `python3 run.py documents` found in order last: checked.json.

The tools are large. So they run only when this has changed, and every other run of the tests compares digests.
"""

from __future__ import annotations

import hashlib
import json

from playlist_backend.documents import documents
from toolchain import DOCUMENT_TOOLS, DOCUMENTS, digest_of

FILE = DOCUMENTS / "checked.json"


def digests() -> dict[str, str]:
    """`openapi`, `asyncapi` and `tools` → a hash of them as they are now."""
    told = {name: json.dumps(document, sort_keys=True, default=str) for name, document in documents().items()}
    hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in told.items()}
    return {**hashes, "tools": digest_of(*DOCUMENT_TOOLS)}


if __name__ == "__main__":
    FILE.write_text(json.dumps(digests(), indent=2) + "\n")
