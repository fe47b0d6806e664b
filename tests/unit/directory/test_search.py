"""Who is found, in which order, and what is said where no distance is known."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opentraction.care.specialists import MILE, Point, Where, distance, read_where
from opentraction.clinic.directory import search as searching
from opentraction.clinic.directory.insurers import insurers_like
from opentraction.clinic.directory.models import Offer, Specialist
from opentraction.clinic.directory.search import PAGE, Query, search
from opentraction.quantities import BadInput
from tests.unit.directory.ground import TODAY, Ground, listing

AUSTIN = Where(code="78701")


def names(**query: Any) -> list[str]:
    return [one.specialist.name for one in search(Query(**({"where": AUSTIN} | query)), TODAY).found]


@pytest.fixture
def people(ground: Ground) -> Ground:
    ground.put(
        listing("1", "San Antonio Sam", "78201"),
        listing("2", "Round Rock Ruth", "78664", "chiropractor", "neurologist"),
        listing("3", "Austin Ann", "78701"),
        listing("4", "Austin Nell", "78701", "neurologist"),
        listing("5", "Maine Mo", "04530"),
        listing("6", "Lost Lou", "99999"),
    )
    return ground


def test_nearest_first_and_no_farther_than_asked(people: Ground) -> None:
    assert names(radius=100 * MILE) == ["Austin Ann", "Austin Nell", "Round Rock Ruth", "San Antonio Sam"]
    assert names(radius=25 * MILE) == ["Austin Ann", "Austin Nell", "Round Rock Ruth"]
    assert names(radius=5 * MILE) == ["Austin Ann", "Austin Nell"]


def test_distances_are_great_circles_between_the_places(people: Ground) -> None:
    found = search(Query(where=AUSTIN, radius=100 * MILE), TODAY).found
    assert found[0].distance == 0
    assert found[-1].distance == pytest.approx(distance(Point(30.27, -97.74), Point(29.47, -98.53)))


def test_by_profession_each_person_once(people: Ground) -> None:
    people.put(listing("7", "Twice Tess", "78701", "neurologist", "neurologist"))
    assert names(group="neurologist") == ["Austin Nell", "Twice Tess", "Round Rock Ruth"]
    assert names(group="spine-surgeon") == []
    with pytest.raises(BadInput, match="specialty"):
        names(group="magician")


def test_by_what_they_offer(people: Ground) -> None:
    for number, kind, value in (("2", "language", "es"), ("3", "language", "es"), ("3", "fee", "")):
        Offer.objects.create(specialist=people.get(number), kind=kind, value=value)
    assert names(offers=(("language", "es"),)) == ["Austin Ann", "Round Rock Ruth"]
    assert names(offers=(("language", "es"), ("fee", ""))) == ["Austin Ann"]
    assert names(offers=(("language", "es"),), group="neurologist") == ["Round Rock Ruth"]
    assert names(offers=(("language", "fr"),)) == []


def test_an_offer_that_many_have_is_walked_and_finds_the_same(people: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in Specialist.objects.all():
        Offer.objects.create(specialist=one, kind="language", value="es")
    few = names(offers=(("language", "es"),), radius=100 * MILE)
    monkeypatch.setattr(searching, "NAMES", 1)
    assert names(offers=(("language", "es"),), radius=100 * MILE) == few
    assert len(few) == 4


def test_by_the_beginning_of_a_name(people: Ground) -> None:
    assert names(name="aUSTIN") == ["Austin Ann", "Austin Nell"]
    assert names(name="austin", group="neurologist") == ["Austin Nell"]
    assert names(name="ustin") == []
    assert names(name="100%_") == []
    assert names(where=None, name="Maine") == ["Maine Mo"]


def test_too_many_of_a_name_ask_for_more_letters(people: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "NAMES", 1)
    with pytest.raises(BadInput, match="more letters"):
        names(name="austin")


def test_no_distance_is_said_where_none_is_known(people: Ground) -> None:
    by_name = search(Query(name="lost lou"), TODAY).found
    assert [(one.specialist.name, one.distance) for one in by_name] == [("Lost Lou", None)]
    unknown = search(Query(where=Where(code="99999")), TODAY)
    assert [(one.specialist.name, one.distance) for one in unknown.found] == [("Lost Lou", None)]
    assert "do not know that place" in unknown.note
    assert search(Query(where=Where(code="00000")), TODAY).found == []


def test_a_town_of_several_states_asks_which(people: Ground) -> None:
    results = search(Query(where=read_where("Austin")), TODAY)
    assert "Add the state" in results.note
    assert results.found == []
    found = search(Query(where=read_where("austin, tx"), radius=10 * MILE), TODAY).found
    assert {one.specialist.name for one in found} == {"Austin Ann", "Austin Nell"}


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(name="a"),
        Query(where=AUSTIN, radius=0),
        Query(where=AUSTIN, radius=1e9),
        Query(where=AUSTIN, page=11),
    ],
)
def test_what_cannot_be_searched_is_refused(db: None, query: Query) -> None:
    with pytest.raises(BadInput):
        search(query, TODAY)


@pytest.mark.parametrize("read", [3, 10, 1000])
def test_pages_hold_everyone_once_whatever_is_read_at_a_time(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, read: int
) -> None:
    monkeypatch.setattr(searching, "READ", max(read, PAGE * 3) if read > 10 else read)
    codes = ["78701", "73301", "78664"]
    spread = [listing(str(n), f"N{n:03d}", codes[n % 3]) for n in range(50)]
    ground.put(*spread)
    if read <= 10:  # more at one point than is read at once: only the first of them are reached
        seen = [name for page in (1, 2, 3) for name in names(page=page)]
        assert len(seen) == len(set(seen)) >= read
        return
    seen = [name for page in (1, 2, 3) for name in names(page=page)]
    assert sorted(seen) == [f"N{n:03d}" for n in range(50)]
    assert [search(Query(where=AUSTIN, page=page), TODAY).more for page in (1, 2, 3)] == [True, True, False]


def test_across_the_180th_meridian(ground: Ground) -> None:
    ground.put(listing("1", "East", "", country="FJ", point=Point(-17.0, 179.95)))
    found = search(Query(where=Where(point=Point(-17.0, -179.95))), TODAY).found
    assert [one.specialist.name for one in found] == ["East"]


def test_best_reviewed_first_unrated_in_between_n_shown(people: Ground) -> None:
    people.review(people.get("1"), *[5] * 8)
    people.review(people.get("3"), 1, 2)
    people.review(people.get("5"), *[1] * 30)  # in Maine: no part of this area
    order = names(radius=100 * MILE, by_rating=True)
    assert order == ["San Antonio Sam", "Austin Nell", "Round Rock Ruth", "Austin Ann"]
    results = search(Query(where=AUSTIN, radius=100 * MILE, by_rating=True), TODAY)
    assert results.reviews == 10
    assert results.area_mean == pytest.approx(43 / 10)
    assert [one.ratings.n for one in results.found] == [8, 0, 0, 2]
    assert results.found[0].ratings.ranked == pytest.approx((10 * 4.3 + 40) / 18)
    assert names(radius=100 * MILE, by_rating=True, group="neurologist") == ["Austin Nell", "Round Rock Ruth"]
    assert names(radius=100 * MILE, by_rating=True, name="aus") == ["Austin Nell", "Austin Ann"]
    assert names(radius=100 * MILE)[0] == "Austin Ann"


def test_a_search_asks_the_database_a_dozen_times_at_most(people: Ground) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        names(radius=100 * MILE, group="chiropractor")
    assert len(asked) <= 16


def test_an_insurer_is_found_by_any_part_of_its_name_without_case_or_accents(people: Ground) -> None:
    one, other = Specialist.objects.order_by("pk")[:2]
    Offer.objects.create(specialist=one, kind=Offer.INSURANCE, value="société bleue, blue example of texas")
    Offer.objects.create(specialist=other, kind=Offer.INSURANCE, value="green example")
    assert insurers_like("BLUE ex") == ["société bleue, blue example of texas"]
    assert insurers_like("societe texas") == ["société bleue, blue example of texas"]
    assert len(insurers_like("example")) == 2
    assert insurers_like("nobody") == insurers_like(" ") == []
    near = read_where("78701")
    found = search(Query(where=near, offers=((Offer.INSURANCE, "Societe"),)), TODAY).found
    assert {each.specialist.pk for each in found} <= {one.pk}
    named = Query(name=one.sort_name[:3], offers=((Offer.INSURANCE, "SOCIETE"),))
    assert [each.specialist.pk for each in search(named, TODAY).found] == [one.pk]
    assert search(Query(where=near, offers=((Offer.INSURANCE, "nobody"),)), TODAY).found == []
