"""JSON Schema of the types, for the OpenAPI and the AsyncAPI document. Pure msgspec."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

_TEMPLATE = "#/components/schemas/{name}"


def components(kinds: Iterable[type]) -> dict[str, Any]:
    """Name → schema, of these types and of all that they contain."""
    ordered = sorted(kinds, key=lambda kind: kind.__name__)
    found: dict[str, Any] = dict(msgspec.json.schema_components(ordered, ref_template=_TEMPLATE)[1])
    return {name: _without_lookahead(schema) for name, schema in sorted(found.items())}


def reference(name: str) -> dict[str, str]:
    return {"$ref": _TEMPLATE.format(name=name)}


def _without_lookahead(schema: Any) -> Any:
    """Our patterns guard against Python's `$`, which lets a final newline pass; elsewhere `$` is enough."""
    if isinstance(schema, dict):
        return {
            name: value.removesuffix(r"(?!\n)") if name == "pattern" else _without_lookahead(value)
            for name, value in schema.items()
        }
    if isinstance(schema, list):
        return [_without_lookahead(value) for value in schema]
    return schema
