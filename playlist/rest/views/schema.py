"""The generated schema, for whoever asks."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation


class AnyNegotiation(DefaultContentNegotiation):
    """Whoever accepts neither YAML nor JSON gets one of them anyway."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            return renderers[0], renderers[0].media_type


class OnceGenerator(SchemaGenerator):
    """The schema follows from the code, so it is made once in a process."""

    _made: ClassVar[Any] = None

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        if OnceGenerator._made is None:
            OnceGenerator._made = super().get_schema(None, public=True)  # type: ignore[no-untyped-call]
        return OnceGenerator._made


class SchemaView(SpectacularAPIView):
    content_negotiation_class = AnyNegotiation
    generator_class = OnceGenerator
