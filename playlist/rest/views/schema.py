"""The generated schema as a view."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from playlist.schemas import Document


class AnyNegotiation(DefaultContentNegotiation):
    """Answers even if the client accepts neither YAML nor JSON."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        try:
            chosen: tuple[BaseRenderer, str] = super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            renderer = next(iter(renderers))
            return renderer, renderer.media_type
        return chosen


class OnceGenerator(SchemaGenerator):
    """Generates the schema once per process, since it depends only on the code."""

    _made: ClassVar[Document | None] = None

    def get_schema(self, request: Request | None = None, public: bool = False) -> Document:
        if OnceGenerator._made is None:
            OnceGenerator._made = super().get_schema(None, public=True)  # type: ignore[no-untyped-call]
        return OnceGenerator._made


class SchemaView(SpectacularAPIView):
    content_negotiation_class = AnyNegotiation
    generator_class = OnceGenerator
