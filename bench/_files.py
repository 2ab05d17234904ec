"""The rival of streaming: Starlette's FileResponse as it comes, for the one file that BENCH_FILE names."""

from __future__ import annotations

import os

from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    await FileResponse(os.environ["BENCH_FILE"], media_type="audio/mpeg")(scope, receive, send)
