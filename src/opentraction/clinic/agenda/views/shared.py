"""What several pages of the agenda need: the clinic, its day, a refusal in a sentence, free times to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from opentraction.care import booking
from opentraction.care.booking import Diary, Kind, Slot
from opentraction.clinic import roles
from opentraction.clinic.agenda import asked
from opentraction.clinic.agenda.diary import diary_of, resources_of, today_of, zone_of
from opentraction.clinic.agenda.models import ResourceRow
from opentraction.clinic.agenda.saying import clock, kind_words, long_day
from opentraction.clinic.models import Clinic
from opentraction.quantities import BadInput

OFFERED_DAYS: Final = 5
FAR: Final = 42
"""So many days ahead is looked for days with free times."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who asks, where, when."""

    user: User
    clinic: Clinic
    now: datetime
    today: date


def place_of(request: HttpRequest, act: str = roles.BOOK) -> Place:
    """The user's clinic and its day; refuses whoever may not do `act`."""
    user = roles.require(request.user, act)
    seat = roles.place_of(user)
    assert seat is not None
    now = timezone.now()
    return Place(user, seat.clinic, now, today_of(seat.clinic, now))


@dataclass(frozen=True, slots=True)
class Offer:
    """A free time on a page: what the button sends, and what it says."""

    start: str
    words: str
    resources: str


@dataclass(frozen=True, slots=True)
class OfferedDay:
    """A day with free times."""

    day: date
    title: str
    offers: tuple[Offer, ...]


def offered(
    clinic: Clinic, kind: Kind, first: date, now: datetime, patient: str, only: frozenset[int], key: str = ""
) -> list[OfferedDay]:
    """The next days with free times."""
    diary = diary_of(clinic, first, first + timedelta(days=FAR))
    found: list[OfferedDay] = []
    for n in range(FAR):
        day = first + timedelta(days=n)
        slots = booking.free_slots(diary, kind, day, day, patient=patient, now=now, only=only, key=key)
        offers = tuple(_offer(slot, diary) for slot in slots)
        if offers:
            found.append(OfferedDay(day, long_day(day), offers))
        if len(found) == OFFERED_DAYS:
            break
    return found


def _offer(slot: Slot, diary: Diary) -> Offer:
    return Offer(slot.start.isoformat(), clock(slot.start, diary.zone), ", ".join(one.name for one in slot.resources))


def only_of(sent: Mapping[str, str], clinic: Clinic) -> tuple[frozenset[int], ResourceRow | None]:
    """The resource that was chosen, if any. Raises BadInput for one of another clinic."""
    wanted = asked.whole(sent, "with")
    if wanted is None:
        return frozenset(), None
    found = next((one for one in resources_of(clinic) if one.pk == wanted), None)
    if found is None:
        raise BadInput("with", wanted, "a table, room or somebody of this clinic")
    return frozenset({found.pk}), found


def frame(place: Place) -> dict[str, Any]:
    """What every page of the agenda shows."""
    return {
        "room": "agenda",
        "today": place.today,
        "zone": zone_of(place.clinic),
        "resources": resources_of(place.clinic),
        "kinds": [(one.id, kind_words(one.id)) for one in booking.kinds().values()],
        "reasons": list(booking.REASONS.items()),
    }
