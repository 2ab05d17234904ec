"""The rival: a vote endpoint and a consumer as the tutorials of Django, DRF and Channels show them.

One view, one transaction, one `group_send`; each socket is a member of the group, and encodes for itself. It runs on
the same tables, the same server, the same database settings and the same kind of layer as the product, so that only
the pattern differs.
"""

from __future__ import annotations

import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench._tutorial_settings")

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.core.asgi import get_asgi_application
from django.db import transaction
from django.db.models import Sum
from django.urls import path

_django = get_asgi_application()

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from playlist.models import PlaylistTrack, Vote


class VoteSerializer(serializers.Serializer[Any]):
    direction = serializers.ChoiceField(choices=["up", "down"])


class VoteView(APIView):
    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Any, item_id: str) -> Response:
        serializer = VoteSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        value = 1 if serializer.validated_data["direction"] == "up" else -1
        with transaction.atomic():
            item = PlaylistTrack.objects.select_for_update().get(pk=item_id)
            Vote.objects.update_or_create(item=item, actor_key=request.META["REMOTE_ADDR"], defaults={"value": value})
            item.votes = item.vote_rows.aggregate(total=Sum("value"))["total"] or 0
            item.save(update_fields=["votes"])
        message = {"type": "playlist.event", "event": "track.voted", "item": {"id": str(item.pk), "votes": item.votes}}
        layer = get_channel_layer()
        assert layer is not None
        async_to_sync(layer.group_send)("playlist", message)
        return Response({"id": str(item.pk), "votes": item.votes})


urlpatterns = [path("api/playlist/<uuid:item_id>/vote", VoteView.as_view())]


class PlaylistConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self) -> None:
        await self.channel_layer.group_add("playlist", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard("playlist", self.channel_name)

    async def playlist_event(self, event: dict[str, Any]) -> None:
        await self.send_json({"type": event["event"], "item": event["item"]})


application = ProtocolTypeRouter(
    {"http": cast(Any, _django), "websocket": URLRouter([cast(Any, path("ws", cast(Any, PlaylistConsumer.as_asgi())))])}
)
