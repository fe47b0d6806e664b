"""Files into tables: once or twice, in any order, in pieces, the same rows are there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from opentraction.care.specialists import Deactivation
from opentraction.care.specialists.synthetic import write_registry
from opentraction.clinic.directory.actions import importing
from opentraction.clinic.directory.actions.batch import upsert
from opentraction.clinic.directory.actions.importing import import_file
from opentraction.clinic.directory.models import ImportRun, Offer, Place, Profession, Specialist
from opentraction.quantities import BadInput
from tests.unit.directory.ground import TODAY, Ground, at, listing

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Killed(BaseException):
    """What a kill leaves behind: nothing after it runs."""


@pytest.fixture
def few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places are not what these tests are about, and reading them all takes seconds."""
    monkeypatch.setattr(importing, "put_places", lambda: None)
    monkeypatch.setattr(importing, "BATCH", 40)


def made(path: Path, rows: int, seed: int = 1, share: float = 0.8, first: int = 0) -> Path:
    with path.open("w") as out:
        write_registry(out, rows, seed, share, first)
    return path


def everything() -> tuple[list[object], ...]:
    """All rows but for their keys."""
    people = Specialist.objects.order_by("registry", "number")
    columns = [field.name for field in Specialist._meta.fields if field.name not in {"id", "place"}]
    held = Profession.objects.order_by("specialist__number", "-primary", "code")
    return (
        list(people.values_list(*columns, "place__code")),
        list(held.values_list("specialist__number", "group", "code", "primary", "leads", "licence", "place__code")),
        list(Place.objects.order_by("code").values_list("country", "code", "city", "latitude")),
    )


@pytest.mark.django_db(transaction=True)
def test_a_file_comes_in_and_its_run_tells_the_counts(tmp_path: Path, few_places: None) -> None:
    seen: list[int] = []
    path = made(tmp_path / "a.csv", 200)
    run = import_file(path, author="ann", now=NOW, watch=lambda one: seen.append(one.rows))
    assert (run.rows, run.bad, run.line) == (200, 0, 201)
    assert run.listed + run.deactivated + run.others == 200
    assert min(run.listed, run.deactivated, run.others) > 0
    assert Specialist.objects.count() == run.listed
    assert seen[:5] == [40, 80, 120, 160, 200]
    assert run.offset == run.size == path.stat().st_size
    assert run.finished == NOW
    assert run.percent == 100


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [1, 2, 4])
def test_killed_after_some_batches_it_goes_on_and_nothing_is_doubled(
    tmp_path: Path, few_places: None, after: int
) -> None:
    path = made(tmp_path / "a.csv", 200)
    calls = []

    def kill(run: ImportRun) -> None:
        calls.append(run.rows)
        if len(calls) == after:
            raise Killed

    with pytest.raises(Killed):
        import_file(path, author="ann", now=NOW, watch=kill)
    assert ImportRun.objects.get().rows == 40 * after
    resumed: list[int] = []
    run = import_file(path, author="ann", now=NOW, watch=lambda one: resumed.append(one.rows))
    assert resumed[0] > 40 * after
    assert ImportRun.objects.count() == 1
    pieces, counts = everything(), run.report()
    Profession.objects.all().delete()
    Specialist.objects.all().delete()
    Place.objects.all().delete()
    ImportRun.objects.all().delete()
    whole = import_file(path, author="ann", now=NOW)
    assert everything() == pieces
    assert whole.report() == counts


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_fails_takes_its_checkpoint_back(
    tmp_path: Path, few_places: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, batches = made(tmp_path / "a.csv", 200), []

    def half(outcomes: list[object]) -> None:
        upsert(outcomes)  # type: ignore[arg-type]
        batches.append(outcomes)
        if len(batches) == 3:
            raise Killed

    monkeypatch.setattr(importing, "upsert", half)
    with pytest.raises(Killed):
        import_file(path, author="ann", now=NOW)
    run = ImportRun.objects.get()
    assert run.rows == 80
    assert Specialist.objects.count() == run.listed


@pytest.mark.django_db(transaction=True)
def test_the_same_file_again_is_refused_and_with_again_changes_nothing(tmp_path: Path, few_places: None) -> None:
    path = made(tmp_path / "a.csv", 100)
    import_file(path, author="ann", now=NOW)
    before = everything()
    with pytest.raises(BadInput, match="since 2026-11-22"):
        import_file(path, author="ann", now=NOW)
    import_file(path, author="ann", now=NOW, again=True)
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_a_file_of_another_kind_leaves_nothing_behind_but_its_sentence(tmp_path: Path, few_places: None) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    with pytest.raises(BadInput):
        import_file(tmp_path / "a.csv", author="ann", now=NOW)
    assert not ImportRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_all_zip_codes_are_put_in_once() -> None:
    importing.put_places()
    count = Place.objects.count()
    importing.put_places()
    assert Place.objects.count() == count > 40_000


def test_a_change_replaces_professions_and_place_and_keeps_the_page(ground: Ground) -> None:
    (before,) = ground.put(listing("1", "Ada A", "78701", "chiropractor", "pain-doctor"))
    (after,) = ground.put(
        listing("1", "Ada B", "78664", "neurologist", updated=TODAY + timedelta(days=1)),
    )
    assert (after.pk, after.name) == (before.pk, "Ada B")
    assert after.place is not None
    assert after.place.code == "78664"
    assert [(one.group, one.place_id) for one in after.professions.all()] == [("neurologist", after.place_id)]


def test_an_older_listing_changes_nothing(ground: Ground) -> None:
    ground.put(listing("1", "Ada New", "78701", "neurologist"))
    (kept,) = ground.put(listing("1", "Ada Old", "78664", updated=TODAY - timedelta(days=1)))
    assert kept.name == "Ada New"
    assert [one.group for one in kept.professions.all()] == ["neurologist"]


def test_of_a_number_that_comes_twice_in_a_batch_the_last_counts(ground: Ground) -> None:
    ground.put(listing("1", "First", "78701"), listing("1", "Second", "78701"))
    assert Specialist.objects.get().name == "Second"


def test_a_deactivated_number_is_found_no_more_and_comes_back_when_it_is_listed_anew(ground: Ground) -> None:
    ground.put(listing("1", "Ada", "78701"))
    upsert([Deactivation("TEST", "1", TODAY + timedelta(days=10))])
    assert ground.get("1").deactivated == TODAY + timedelta(days=10)
    assert not Profession.objects.exists()
    ground.put(listing("1", "Ada", "78701", updated=TODAY + timedelta(days=5)))
    assert ground.get("1").deactivated is not None
    ground.put(listing("1", "Ada", "78701", updated=TODAY + timedelta(days=20)))
    assert ground.get("1").deactivated is None
    assert Profession.objects.count() == 1


def test_an_old_deactivation_does_not_close_a_newer_listing(ground: Ground) -> None:
    ground.put(listing("1", "Ada", "78701"))
    upsert([Deactivation("TEST", "1", date(2020, 1, 1)), Deactivation("TEST", "unheard of", TODAY)])
    assert ground.get("1").deactivated is None
    assert Specialist.objects.count() == 1


def test_places_nobody_knows_have_no_latitude_and_points_of_ones_own_have(ground: Ground) -> None:
    lost, abroad, nowhere = ground.put(
        listing("1", "Lost", "99999"),
        listing("2", "Abroad", "00-001", country="PL", point=at(52.23, 21.01)),
        listing("3", "Nowhere", "", city="", country="PL"),
    )
    assert lost.place is not None
    assert lost.place.point is None
    assert abroad.place is not None
    assert abroad.place.point == at(52.23, 21.01)
    assert nowhere.place is None


def test_languages_of_a_file_are_replaced_by_the_next_and_those_typed_in_stay(ground: Ground) -> None:
    (one,) = ground.put(listing("1", "Ada", "78701", languages=("en", "es")))
    Offer.objects.create(specialist=one, kind=Offer.LANGUAGE, value="pl")
    ground.put(listing("1", "Ada", "78701", languages=("fr", "pl")))
    assert sorted(Offer.objects.values_list("value", "from_file")) == [("fr", True), ("pl", False)]


def test_the_first_of_each_group_leads(ground: Ground) -> None:
    (one,) = ground.put(listing("1", "Ada", "78701", "chiropractor", "chiropractor", "neurologist"))
    held = [(each.group, each.leads) for each in one.professions.order_by("id")]
    assert held == [("chiropractor", True), ("chiropractor", False), ("neurologist", True)]


def test_a_batch_belongs_to_its_callers_transaction(ground: Ground) -> None:
    with transaction.atomic():
        ground.put(listing("1", "Ada", "78701"))
        transaction.set_rollback(True)
    assert not Specialist.objects.exists()
