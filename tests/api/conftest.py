from __future__ import annotations

import pytest

from tests.api.client import Api


@pytest.fixture
def api() -> Api:
    """A caller that knows nothing: no token, no cookie, no slash."""
    return Api()
