"""`python -m playlist_backend.documents`: the OpenAPI and the AsyncAPI document on standard output, as one JSON object.

The web client's types are generated from them.
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

from drf_spectacular.generators import SchemaGenerator  # noqa: E402

from realtime import asyncapi  # noqa: E402


def documents() -> dict[str, object]:
    """{"openapi": …, "asyncapi": …}."""
    openapi = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return {"openapi": openapi, "asyncapi": asyncapi.document()}


if __name__ == "__main__":
    json.dump(documents(), sys.stdout, default=str)
