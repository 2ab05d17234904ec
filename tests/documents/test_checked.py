"""The documents are those that the tools have seen; needs none of the tools."""

from __future__ import annotations

import json

import pytest

from tests.documents.checked import FILE, digests

pytestmark = pytest.mark.pure


def test_the_documents_were_linted_and_their_clients_compiled_as_they_are() -> None:
    assert digests() == json.loads(FILE.read_text()), "The documents or their tools changed: python3 run.py documents"
