"""`python -m playlist_backend.handbook`: write the tables in docs/operations.md and .env.example anew.

Both are generated from environment.py, and a test compares them with it.
"""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import fields

from playlist_backend.environment import DECLARED, HEADINGS, Environment

_ROOT = Path(__file__).resolve().parent.parent
#: The part of docs/operations.md between these lines is generated.
_TABLES = re.compile(r"(?<=<!-- settings -->\n).*(?=<!-- end of settings -->)", re.DOTALL)

_INTRODUCTION = """\
# Copy to .env and change what you need. The environment wins over this file, and an empty value means the default.
# A value may stand in quotes; behind a blank, # begins a comment; nothing is interpolated.
"""


def operations(page: str) -> str:
    """docs/operations.md with its tables as they should be."""
    made = []
    for name, default in _defaults().items():
        kind, help_ = DECLARED[name]
        if name in HEADINGS:
            made.append(f"\n### {HEADINGS[name]}\n\n| setting | default | must be | |\n|---|---|---|---|\n")
        shown = f"`{default}`" if default else "–"
        made.append(f"| `{name}` | {shown} | {kind.must_be} | {help_} |\n")
    return _TABLES.sub(lambda _: "".join(made) + "\n", page)


def example() -> str:
    """.env.example: every setting, with its default, commented out."""
    made = [_INTRODUCTION]
    for name, default in _defaults().items():
        if name in HEADINGS:
            made.append(f"\n# ── {HEADINGS[name]}\n\n")
        made.append(f"# {DECLARED[name][1].replace('`', '')}\n#{name}={default}\n")
    return "".join(made)


def _defaults() -> dict[str, str]:
    return {field.name: _written(field.default) for field in fields(Environment)}


def _written(default: object) -> str:
    """A default as one writes it in .env; "" for none."""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, float):
        return f"{default:g}"
    return str(default) if default not in (None, ()) else ""


if __name__ == "__main__":
    _page = _ROOT / "docs" / "operations.md"
    _page.write_text(operations(_page.read_text()))
    (_ROOT / ".env.example").write_text(example())
