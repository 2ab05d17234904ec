"""The application that servers run.

HTTP goes to Django's sync stack on a bounded pool of threads: through Django's own ASGI handler a request would hop
between the loop and a thread for every middleware, at about a third of the throughput.
"""

from __future__ import annotations

from typing import cast

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import ASGIApp
from a2wsgi.wsgi_typing import WSGIApp
from channels.routing import ProtocolTypeRouter
from uvicorn._types import ASGI3Application
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from playlist_backend.wsgi import application as wsgi_application  # first: it sets Django up

from django.conf import settings  # isort: skip

_http: ASGIApp = WSGIMiddleware(cast(WSGIApp, wsgi_application), workers=settings.HTTP_THREADS)

application = ProxyHeadersMiddleware(
    cast(ASGI3Application, ProtocolTypeRouter({"http": _http})),
    # Nobody is believed by default; Uvicorn's own default believes whoever is on this machine.
    trusted_hosts=settings.TRUSTED_PROXIES,
)
