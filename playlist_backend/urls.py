"""All addresses of HTTP."""

from __future__ import annotations

import sys

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from playlist.errors import DomainError, internal, nothing_here
from playlist.rest.answers import answer
from playlist.rest.refusals import as_domain_error, refused
from playlist.rest.throttles import checks_password
from playlist.rest.view import View
from playlist_backend import shell
from playlist_backend.assets import BASE_URL
from playlist_backend.night import night
from realtime import asyncapi


@extend_schema(exclude=True)
class AsyncApi(View):
    def get(self, request: Request) -> HttpResponse:
        return answer(asyncapi.document())


urlpatterns = [
    path("", shell.home),
    # Capitals work, too: they halve a QR code, and phones capitalise the first letter.
    re_path(r"^[rR]/(?P<slug>[^/]{1,64})(?:/|/(?:display|DISPLAY)/?)?$", shell.room),
    re_path(r"^[rR]/(?P<slug>[^/]{1,64})/(?:night|NIGHT)/?$", night),
    path("api/asyncapi.json", AsyncApi.as_view()),
    path("api/", include("music.urls")),
    path("api/", include("playlist.rest.urls")),
    path("admin/login/", checks_password(admin.site.login)),
    path("admin/password_change/", checks_password(admin.site.admin_view(admin.site.password_change, cacheable=True))),
    path("admin/", admin.site.urls),
    # Browsers ask for it where a page names no icon, as the admin's and documents of JSON do not.
    path("favicon.ico", RedirectView.as_view(url=f"{BASE_URL}icons/icon-192.png", permanent=False)),
    path("admin", RedirectView.as_view(url="/admin/", permanent=False)),
]


def _page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if shell.wants_page(request):
        return shell.missing(request)
    return refused(nothing_here())


def _bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(DomainError("MALFORMED", "This request cannot be understood."))


def _server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles the exception. A database that is away is not a mistake of the program."""
    error = sys.exception()
    refusal = as_domain_error(error) if isinstance(error, Exception) else None
    if refusal is None:
        refusal = internal()
    return shell.failure(request, refusal)


handler400 = _bad_request
handler404 = _page_not_found
handler500 = _server_error
