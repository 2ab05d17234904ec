"""The application that servers run.

HTTP goes to Django's sync stack on a bounded pool of threads: through Django's own ASGI handler a request would hop
between the loop and a thread for every middleware, at about a third of the throughput.
"""

from __future__ import annotations

from typing import cast

from asgiref.typing import ASGI3Application
from channels.routing import ProtocolTypeRouter
from uvicorn._types import ASGI3Application as UvicornApplication
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from playlist_backend.bridge import SyncHTTP, WSGIApplication
from playlist_backend.wsgi import application as wsgi_application  # first: it sets Django up

from django.conf import settings  # isort: skip

_http = SyncHTTP(cast(WSGIApplication, wsgi_application), settings.HTTP_THREADS, settings.MAX_BODY_BYTES)

application = ProxyHeadersMiddleware(
    cast(UvicornApplication, ProtocolTypeRouter({"http": cast(ASGI3Application, _http)})),
    # Nobody is believed by default; Uvicorn's own default believes whoever is on this machine.
    trusted_hosts=settings.TRUSTED_PROXIES,
)
