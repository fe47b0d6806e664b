"""Finding somebody: near a place, by profession, by name, by what they offer.

Everyone of a ZIP code stands at the same point, so a search walks places from near to far and stops when the page is
full, however many people there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from django.db import connection
from django.db.models import Avg, Exists, OuterRef, Q, QuerySet

from opentraction.care.specialists import (
    MILE,
    Point,
    Rating,
    Where,
    area_mean,
    bayesian_mean,
    box_around,
    distance,
    folded,
    summary,
    taxonomies,
)
from opentraction.care.specialists.ranking import Summary
from opentraction.clinic.directory.models import Offer, Place, Profession, Review, Specialist
from opentraction.quantities import BadInput

PAGE: Final = 20
PAGES: Final = 10
FARTHEST: Final = 200 * MILE
READ: Final = 2_000
"""Pairs read at once; a stretch of places with more is halved."""
NAMES: Final = 1_000
"""People of one beginning of a name that are looked at; of more the search asks for more letters."""


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for. `radius` [m]; `offers` are pairs of kind and value."""

    where: Where | None = None
    radius: float = 25 * MILE
    group: str = ""
    name: str = ""
    offers: tuple[tuple[str, str], ...] = ()
    by_rating: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """One result: who, how far [m] or None where no distance is known, and what patients say."""

    specialist: Specialist
    distance: float | None
    ratings: Summary


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results, whether there is another one, and what has to be said beside them."""

    found: list[Found]
    more: bool = False
    note: str = ""
    area_mean: float | None = None
    reviews: int = 0


Near = Iterator[tuple[int, float | None]]
"""Specialists' keys and distances [m], in the order they are shown; read as far as needed."""


def search(query: Query, today: date) -> Results:
    """One page. Raises BadInput for a query that says neither where nor whom, and for what cannot be."""
    _check(query)
    middle, note = _middle(query.where) if query.where else (None, "")
    if middle is None:
        return _results(query, _without_distance(query), {}, None, note, today)
    rings = _rings(middle, query.radius)
    rated = _ratings(rings, middle, query.radius)
    mean = area_mean((one for ratings in rated.values() for one in ratings), today)
    near = _named(query, rings) if query.name else _walk(query, rings)
    if query.by_rating and mean is not None:
        near = _ranked(query, near, rings, rated, mean, today)
    return _results(query, near, rated, mean, note, today)


def _check(query: Query) -> None:
    if not query.where and len(folded(query.name)) < 2:
        raise BadInput("search", query.name, "a place, or at least two letters of a name")
    if not 0 < query.radius <= FARTHEST:
        raise BadInput("radius", query.radius, f"up to {FARTHEST / 1000:.0f} km")
    if not 1 <= query.page <= PAGES:
        raise BadInput("page", query.page, f"1 to {PAGES}; narrow the search instead")
    if query.group:
        taxonomies().group(query.group)


def _middle(where: Where) -> tuple[Point | None, str]:
    """The point that was meant, or none and why."""
    if where.point:
        return where.point, ""
    rows = Place.objects.filter(latitude__isnull=False)
    rows = rows.filter(code=where.code) if where.code else rows.filter(town=folded(where.city))
    rows = rows.filter(state=where.state) if where.state else rows
    states = set() if where.code or where.state else set(rows.values_list("state", flat=True)[:500])
    if len(states) > 1:
        return None, f"There is more than one {where.city}. Add the state, such as {where.city}, {min(states)}."
    mean = rows.aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
    if mean["latitude"] is None:
        return None, "We do not know that place, so we cannot say how far anybody is."
    return Point(mean["latitude"], mean["longitude"]), ""


def _rings(middle: Point, radius: float) -> dict[int, float]:
    """Places within the radius and how far they are [m], from near to far."""
    box = box_around(middle, radius)
    rows = Place.objects.filter(latitude__range=(box.south, box.north))
    if box.west <= box.east:
        rows = rows.filter(longitude__range=(box.west, box.east))
    else:
        rows = rows.filter(Q(longitude__gte=box.west) | Q(longitude__lte=box.east))
    far = ((key, distance(middle, Point(*point))) for key, *point in rows.values_list("pk", "latitude", "longitude"))
    return dict(sorted((one for one in far if one[1] <= radius), key=lambda one: (one[1], one[0])))


def _people(query: Query) -> QuerySet[Any]:
    """Pairs of specialist and place: everyone who fits but for place and name."""
    if query.group:
        rows, key = Profession.objects.filter(group=query.group, leads=True), "specialist_id"
    else:
        rows, key = Specialist.objects.filter(deactivated__isnull=True), "pk"
    for kind, value in query.offers:
        rows = rows.filter(Exists(Offer.objects.filter(specialist_id=OuterRef(key), kind=kind, value=value)))
    return rows.order_by().values_list(key, "place_id")


def _walk(query: Query, rings: Mapping[int, float]) -> Near:
    """Everyone within the rings from near to far, a stretch of places at a time, each four times as long."""
    people, places, size = _people(query), list(rings), 1
    while places:
        stretch = places[:size]
        pairs = list(people.filter(place_id__in=stretch)[: READ + 1])
        if len(pairs) > READ and len(stretch) > 1:
            size = max(1, len(stretch) // 4)
            continue
        if len(pairs) > READ:
            pairs = list(people.filter(place_id__in=stretch).order_by("pk")[: PAGE * PAGES + 1])
        yield from sorted(((key, rings[place]) for key, place in pairs), key=lambda one: (one[1], one[0]))
        places, size = places[len(stretch) :], min(4 * size, 4096)


def _names(query: Query) -> QuerySet[Any]:
    """Those whose name begins so, as an index can find them."""
    start = folded(query.name)
    rows = Specialist.objects.filter(deactivated__isnull=True)
    if connection.vendor == "postgresql":
        return rows.filter(sort_name__startswith=start)
    return rows.filter(sort_name__gte=start, sort_name__lt=start + chr(0x10FFFF))


def _fitting(query: Query) -> list[tuple[int, int]]:
    """Pairs of specialist and place for a query with a name. Raises BadInput where too many fit."""
    named = list(_names(query).order_by("sort_name", "pk").values_list("pk", "place_id")[: NAMES + 1])
    if len(named) > NAMES:
        raise BadInput("name", query.name, f"more letters: over {NAMES} names begin so")
    if not query.group and not query.offers:
        return named
    key = "specialist_id__in" if query.group else "pk__in"
    fit = {one for one, _ in _people(query).filter(**{key: [one for one, _ in named]})}
    return [pair for pair in named if pair[0] in fit]


def _named(query: Query, rings: Mapping[int, float]) -> Near:
    near = [(key, rings[place]) for key, place in _fitting(query) if place in rings]
    yield from sorted(near, key=lambda one: (one[1], one[0]))


def _without_distance(query: Query) -> Near:
    """By name; or by a place that nobody knows on the map, as it is written in the listing."""
    if query.name:
        yield from ((key, None) for key, _ in _fitting(query))
    elif query.where:
        places = Place.objects.filter(
            Q(code=query.where.code) if query.where.code else Q(town=folded(query.where.city))
        )
        places = places.filter(latitude__isnull=True)
        yield from ((key, None) for key, _ in _people(query).filter(place_id__in=places)[:READ])


def _ratings(rings: Mapping[int, float], middle: Point, radius: float) -> dict[int, list[Rating]]:
    """The ratings of everyone within the rings."""
    box = box_around(middle, radius)
    rows = Review.objects.filter(specialist__place__latitude__range=(box.south, box.north)).order_by()
    rated: dict[int, list[Rating]] = defaultdict(list)
    for key, place, stars, day in rows.values_list("specialist_id", "specialist__place_id", "stars", "visit_day"):
        if place in rings:
            rated[key].append(Rating(stars, day))
    return dict(rated)


def _ranked(
    query: Query, near: Near, rings: Mapping[int, float], rated: Mapping[int, list[Rating]], mean: float, today: date
) -> Near:
    """Better than the area's mean first, then those nobody has rated from near to far, then the others."""
    key = "specialist_id__in" if query.group else "pk__in"
    fit = {one: rings[place] for one, place in _people(query).filter(**{key: list(rated)})}
    if query.name:
        fit = {one: fit[one] for one, _ in _fitting(query) if one in fit}
    score = {one: bayesian_mean(rated[one], mean, today) for one in fit}
    order = sorted(fit, key=lambda one: (-score[one], fit[one], one))
    yield from ((one, fit[one]) for one in order if score[one] >= mean)
    yield from (pair for pair in near if pair[0] not in score)
    yield from ((one, fit[one]) for one in order if score[one] < mean)


def _results(
    query: Query, near: Near, rated: Mapping[int, list[Rating]], mean: float | None, note: str, today: date
) -> Results:
    start = PAGE * (query.page - 1)
    pairs = list(islice(near, start, start + PAGE + 1))
    shown = dict(pairs[:PAGE])
    who = Specialist.objects.prefetch_related("professions", "offers").in_bulk(list(shown))
    found = [Found(who[key], far, summary(rated.get(key, []), mean, today)) for key, far in shown.items()]
    reviews = sum(len(ratings) for ratings in rated.values())
    return Results(found, len(pairs) > PAGE, note, mean, reviews)
