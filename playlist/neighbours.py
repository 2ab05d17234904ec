"""People who joined a room from one address: however many they are, they gain no more than ADDRESS_PEOPLE people.

So nobody multiplies themselves with private windows, and a party behind one address loses nothing that a person needs:
joining, adding and voting are free. The address is that of the request that joined, as a keyed hash.
"""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db.models import CharField, Count, QuerySet, Value
from django.db.models.functions import Cast, Concat

from playlist.models import Participant, Playlist


def people_counted(playlist: Playlist, user_ids: Collection[int]) -> int:
    """How many people these are, if of one address at most ADDRESS_PEOPLE count. One query.

    Whoever has not joined, and whoever joined under an earlier version, has no address and counts.
    """
    here = Participant.objects.filter(playlist=playlist, user_id__in=user_ids).exclude(address="").order_by()
    at_each = here.values_list("address").annotate(Count("pk")).values_list("pk__count", flat=True)
    return len(set(user_ids)) - sum(max(0, count - settings.ADDRESS_PEOPLE) for count in at_each)


def keys_joined_from(playlist: Playlist, address: str) -> QuerySet[Participant, str]:
    """The actor keys of those who joined from this address, as a subquery; none for ""."""
    joined = Participant.objects.filter(playlist=playlist, address=address).exclude(address="")
    key = Concat(Value("user:"), Cast("user_id", CharField()))
    return joined.annotate(key=key).values_list("key", flat=True)
