"""The directory of specialists: the search that the page does."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import BeforeValidator, Field

from opentraction.care.specialists import summary
from opentraction.clinic.api.operations.shapes import Told, Written, plain_number
from opentraction.clinic.directory.asked import query_of
from opentraction.clinic.directory.models import Review, Specialist
from opentraction.clinic.directory.search import PAGES, search

router = Router()
Short = Annotated[str, Field(max_length=80)]


class Search(Written):
    """`near` is a ZIP code, a town with its state, or coordinates; `radius` is in miles."""

    near: Short = ""
    name: Short = ""
    specialty: Short = ""
    language: Short = ""
    insurance: Short = ""
    radius: Literal["5", "10", "25", "50", "100"] = "25"
    order: Literal["distance", "reviews"] = "distance"
    page: Annotated[int, BeforeValidator(plain_number), Field(ge=1, le=PAGES)] = 1


class SpecialistTold(Told):
    """Somebody of the directory. `distance_m` and `rating` are null where nothing is known."""

    id: int
    registry: str
    number: str
    name: str
    credential: str
    city: str
    state: str
    professions: list[str]
    distance_m: float | None
    reviews: int
    rating: float | None


class Specialists(Told):
    """A page of results; `note` says what has to be said beside them."""

    specialists: list[SpecialistTold]
    more: bool
    note: str


class SpecialistInFull(SpecialistTold):
    """With the address; `deactivated` is the day the registry closed the number."""

    street: str
    postal_code: str
    country: str
    phone: str
    deactivated: date | None


@router.get("/specialists", response=Specialists, url_name="specialists", summary="Find specialists")
def specialists(request: HttpRequest, asked: Query[Search]) -> Any:
    """Search near a place, or by name."""
    sent = {name: str(value) for name, value in asked.model_dump().items()}
    found = search(query_of(sent), timezone.now().date())
    shown = [_told(one.specialist, one.distance, one.ratings) for one in found.found]
    return {"specialists": shown, "more": found.more, "note": found.note}


@router.get("/specialists/{int:pk}", response=SpecialistInFull, url_name="specialist", summary="One specialist")
def specialist(request: HttpRequest, pk: int) -> Any:
    """Give one specialist with the address and the rating."""
    one = get_object_or_404(Specialist.objects.prefetch_related("professions"), pk=pk)
    ratings = summary([row.rating for row in Review.objects.filter(specialist=one)], None, timezone.now().date())
    more = ("street", "postal_code", "country", "phone", "deactivated")
    return _told(one, None, ratings) | {name: getattr(one, name) for name in more}


def _told(one: Specialist, distance: float | None, ratings: Any) -> dict[str, Any]:
    plain = ("registry", "number", "name", "credential", "city", "state")
    return {name: getattr(one, name) for name in plain} | {
        "id": one.pk, "professions": [each.words for each in one.professions.all()],
        "distance_m": distance, "reviews": ratings.n, "rating": ratings.mean,
    }  # fmt: skip
