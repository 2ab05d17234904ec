"""The types as JSON Schema, for the OpenAPI and AsyncAPI documents. Pure msgspec."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

#: A part of a JSON document.
Document = dict[str, Any]

_TEMPLATE = "#/components/schemas/{name}"


def components(kinds: Iterable[type]) -> dict[str, Document]:
    """Name → schema, for these types and all types that they contain."""
    ordered = sorted(kinds, key=lambda kind: kind.__name__)
    _, found = msgspec.json.schema_components(ordered, ref_template=_TEMPLATE)
    return {name: _spelled_out(schema) for name, schema in sorted(found.items())}


def reference(name: str) -> Document:
    return {"$ref": _TEMPLATE.format(name=name)}


def _spelled_out(schema: Any) -> Any:
    """Make explicit in a schema what msgspec leaves implicit: client generators need it."""
    if isinstance(schema, list):
        return [_spelled_out(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: _spelled_out(value) for name, value in schema.items()}
    if "pattern" in told:
        # Our patterns guard against Python's `$`, which allows a final newline; elsewhere `$` is enough.
        told["pattern"] = told["pattern"].removesuffix(r"(?!\n)")
    if isinstance(told.get("enum"), list):
        kinds = sorted({_JSON_TYPES[type(value)] for value in told["enum"]})
        told = {"type": kinds[0] if len(kinds) == 1 else kinds, **told}
    if "discriminator" in told and "anyOf" in told:
        told["oneOf"] = told.pop("anyOf")
    if told.get("type") == "object" and not told.keys() & {"properties", "additionalProperties"}:
        told["additionalProperties"] = True
    return told


_JSON_TYPES = {str: "string", int: "integer", bool: "boolean", float: "number", type(None): "null"}
