"""`python -m bench._node`: becomes bench/_node.mjs in Node.js, since a lab starts Python."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.servers import ROOT


def program() -> Path | None:
    """Where Node is; None where it or its package ws is not."""
    found = shutil.which("node")
    return Path(found) if found and (ROOT / "frontend" / "node_modules" / "ws").exists() else None


if __name__ == "__main__":
    node = program()
    assert node is not None
    os.execv(node, [str(node), str(ROOT / "bench" / "_node.mjs")])
