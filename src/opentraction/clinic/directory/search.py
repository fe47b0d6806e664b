"""Finding somebody: near a place, by profession, by name, by what they offer.

Everyone of a ZIP code stands at the same point, so a search walks places from near to far and stops when the page is
full, however many people there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from django.db import connection
from django.db.models import Avg, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

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
from opentraction.clinic.directory.insurers import meant
from opentraction.clinic.directory.models import Offer, Place, Profession, Review, Specialist
from opentraction.quantities import BadInput

PAGE: Final = 20
PAGES: Final = 10
"""Twenty times ten is less than `READ`: of one crowded point all pages can be filled."""
FARTHEST: Final = 200 * MILE
RINGS: Final = tuple(miles * MILE for miles in (2, 5, 10, 25, 50, 100))
READ: Final = 500
"""Pairs read at once; a stretch of places with more is cut shorter."""
LONGEST_STRETCH: Final = 1024
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
    rated = _ratings(middle, query.radius)
    mean = area_mean((one for ratings in rated.values() for one in ratings), today)
    known = _known(query)
    near = _walk(query, middle) if known is None else _by_distance(known, middle, query.radius)
    if query.by_rating and mean is not None:
        near = _ranked(query, near, middle, rated, mean, today)
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
        words = _("There is more than one {town}. Add the state, such as {town}, {state}.")
        return None, words.format(town=where.city, state=min(states))
    mean = rows.aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
    if mean["latitude"] is None:
        return None, _("We do not know that place, so we cannot say how far anybody is.")
    return Point(mean["latitude"], mean["longitude"]), ""


def _in_box(rows: QuerySet[Any], middle: Point, radius: float, place: str = "") -> QuerySet[Any]:
    """Rows whose place, named by the steps to it, is in the box around the circle."""
    box = box_around(middle, radius)
    rows = rows.filter(**{f"{place}latitude__range": (box.south, box.north)})
    if box.west <= box.east:
        return rows.filter(**{f"{place}longitude__range": (box.west, box.east)})
    return rows.filter(Q(**{f"{place}longitude__gte": box.west}) | Q(**{f"{place}longitude__lte": box.east}))


def _rings(middle: Point, radius: float) -> Iterator[dict[int, float]]:
    """Places and how far they are [m], from near to far, ring by ring: the next one is read only if it is needed."""
    inner = -1.0
    for outer in (*(ring for ring in RINGS if ring < radius), radius):
        rows = _in_box(Place.objects.order_by(), middle, outer).values_list("pk", "latitude", "longitude")
        far = [(key, distance(middle, Point(south, east))) for key, south, east in rows]
        yield dict(sorted((one for one in far if inner < one[1] <= outer), key=lambda one: (one[1], one[0])))
        inner = outer


def _distances(keys: Collection[int], middle: Point, radius: float) -> dict[int, float]:
    """Those of these specialists who are within the radius, and how far [m]."""
    people: QuerySet[Any] = Specialist.objects.filter(pk__in=keys, place__latitude__isnull=False).order_by()
    rows = people.values_list("pk", "place__latitude", "place__longitude")
    far = {key: distance(middle, Point(south, east)) for key, south, east in rows}
    return {key: metres for key, metres in far.items() if metres <= radius}


def _people(query: Query) -> QuerySet[Any]:
    """Pairs of specialist and place: everyone who fits but for place and name."""
    if query.group:
        rows: QuerySet[Any] = Profession.objects.filter(group=query.group, leads=True)
        key = "specialist_id"
    else:
        rows, key = Specialist.objects.filter(deactivated__isnull=True), "pk"
    for kind, value in query.offers:
        asked = Offer.objects.filter(specialist_id=OuterRef(key), kind=kind, value__in=meant(kind, value))
        rows = rows.filter(Exists(asked))
    return rows.order_by().values_list(key, "place_id")


def _walk(query: Query, middle: Point) -> Near:
    """Everyone within the radius from near to far, a stretch of places at a time, each four times as long."""
    people, size = _people(query), 1
    for ring in _rings(middle, query.radius):
        places = list(ring)
        while places:
            stretch = places[:size]
            pairs = list(people.filter(place_id__in=stretch)[: READ + 1])
            if len(pairs) > READ and len(stretch) > 1:
                size = max(1, len(stretch) // 4)
                continue
            if len(pairs) > READ:  # more at one point than all pages show
                pairs = list(people.filter(place_id__in=stretch).order_by("pk")[:READ])
            yield from sorted(((key, ring[place]) for key, place in pairs), key=lambda one: (one[1], one[0]))
            places, size = places[len(stretch) :], min(4 * size, LONGEST_STRETCH)


def _names(query: Query) -> QuerySet[Any]:
    """Those whose name begins so, as an index can find them."""
    start = folded(query.name)
    rows = Specialist.objects.filter(deactivated__isnull=True)
    if connection.vendor == "postgresql":
        return rows.filter(sort_name__startswith=start)
    return rows.filter(sort_name__gte=start, sort_name__lt=start + chr(0x10FFFF))


def _fitting(query: Query) -> list[int]:
    """Specialists for a query with a name, in its order. Raises BadInput where too many fit."""
    named = list(_names(query).order_by("sort_name", "pk").values_list("pk", flat=True)[: NAMES + 1])
    if len(named) > NAMES:
        raise BadInput("name", query.name, f"more letters: over {NAMES} names begin so")
    fit = _fit(query, named)
    return [key for key in named if key in fit]


def _fit(query: Query, keys: Collection[int]) -> set[int]:
    """Those of these specialists who fit but for place and name."""
    if not query.group and not query.offers:
        return set(keys)
    column = "specialist_id__in" if query.group else "pk__in"
    return {key for key, _ in _people(query).filter(**{column: keys})}


def _known(query: Query) -> list[int] | None:
    """Everyone who can be meant, where a name or a rare offer leaves few; None where they are too many to list."""
    if query.name:
        return _fitting(query)
    for kind, value in query.offers:
        asked = Offer.objects.filter(kind=kind, value__in=meant(kind, value))
        offering = asked.order_by().values_list("specialist_id", flat=True).distinct()
        keys = list(offering[: NAMES + 1])
        if len(keys) <= NAMES:
            return sorted(_fit(query, keys))
    return None


def _by_distance(keys: Collection[int], middle: Point, radius: float) -> Near:
    far = _distances(keys, middle, radius)
    yield from sorted(far.items(), key=lambda one: (one[1], one[0]))


def _without_distance(query: Query) -> Near:
    """By name; or by a place that nobody knows on the map, as it is written in the listing."""
    if query.name:
        yield from ((key, None) for key in _fitting(query))
    elif query.where:
        where = query.where
        places = Place.objects.filter(Q(code=where.code) if where.code else Q(town=folded(where.city)))
        unknown = list(places.filter(latitude__isnull=True).values_list("pk", flat=True)[:READ])
        yield from ((key, None) for key, _ in _people(query).filter(place_id__in=unknown)[:READ])


def _ratings(middle: Point, radius: float) -> dict[int, list[Rating]]:
    """The ratings of everyone within the radius."""
    columns = "specialist_id", "stars", "visit_day", "specialist__place__latitude", "specialist__place__longitude"
    rows = _in_box(Review.objects.order_by(), middle, radius, "specialist__place__").values_list(*columns)
    rated: dict[int, list[Rating]] = defaultdict(list)
    for key, stars, day, *point in rows:
        if distance(middle, Point(*point)) <= radius:
            rated[key].append(Rating(stars, day))
    return dict(rated)


def _ranked(
    query: Query, near: Near, middle: Point, rated: Mapping[int, list[Rating]], mean: float, today: date
) -> Near:
    """Better than the area's mean first, then those nobody has rated from near to far, then the others."""
    fit = _fit(query, list(rated))
    if query.name:
        fit &= set(_fitting(query))
    active = Specialist.objects.filter(pk__in=fit, deactivated__isnull=True).values_list("pk", flat=True)
    far = _distances(list(active), middle, query.radius)
    score = {one: bayesian_mean(rated[one], mean, today) for one in far}
    order = sorted(far, key=lambda one: (-score[one], far[one], one))
    yield from ((one, far[one]) for one in order if score[one] >= mean)
    yield from (pair for pair in near if pair[0] not in score)
    yield from ((one, far[one]) for one in order if score[one] < mean)


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
