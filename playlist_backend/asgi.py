"""The application that servers run.

HTTP goes to Django's sync stack on a bounded pool of threads: through Django's own ASGI handler a request would hop
between the loop and a thread for every middleware, at about a third of the throughput. Sockets and event streams stay
on the loop.
"""

from __future__ import annotations

from typing import Any

from channels.routing import ProtocolTypeRouter

from playlist_backend.bridge import SyncHTTP
from playlist_backend.wsgi import application as wsgi_application  # first: it sets Django up

from django.conf import settings  # isort: skip

from music.media import Media  # isort: skip
from music.upload import Upload  # isort: skip
from playlist_backend.gate import HostGate  # isort: skip
from playlist_backend.health import Health  # isort: skip
from playlist_backend.proxies import TrustedProxies  # isort: skip
from playlist_backend.upkeep import checkpoints, daily_upkeep  # isort: skip
from realtime import live  # isort: skip
from playlist.asgi_types import Receive, Scope, Send  # isort: skip
from realtime.routing import websockets  # isort: skip
from realtime.sse import EventStream  # isort: skip

_django = SyncHTTP(wsgi_application, settings.HTTP_THREADS, max(settings.MAX_BODY_BYTES, settings.IMPORT_BODY_BYTES))
_http = HostGate(Health(EventStream(Media(Upload(_django)))))
# Channels' stubs speak of ASGI in the types of asgiref.
_by_protocol: Any = ProtocolTypeRouter({"http": _http, "websocket": websockets})


async def _application(scope: Scope, receive: Receive, send: Send) -> None:
    # On the first request, as there is no loop earlier: a process without sockets must publish its nudges, too.
    live.start(daily_upkeep, checkpoints)
    await _by_protocol(scope, receive, send)


application = TrustedProxies(_application, settings.TRUSTED_PROXIES)
