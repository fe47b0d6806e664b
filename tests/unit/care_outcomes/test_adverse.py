"""Adverse events: what contradicts itself is refused, what is grave is never made lighter."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.adverse import AdverseEvent, follow_ups, reports, response, taxonomy
from opentraction.care.adverse.response import add_work_days
from opentraction.care.adverse.taxonomy import URGENCIES
from opentraction.quantities import BadInput

ONSET = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday
WORDS = taxonomy()


def event(kind: str = "soreness", severity: int = 1, **more: object) -> AdverseEvent:
    told: dict[str, object] = {"relatedness": "possible", "what": "Sore back in the evening."}
    criteria = {4: ("life_threatening",), 5: ("death",)}.get(severity, ())
    outcome = "fatal" if severity == 5 else "unknown"
    told |= {"criteria": criteria, "outcome": outcome, **more}
    return AdverseEvent("e-1", kind, ONSET, ONSET + timedelta(hours=2), severity, **told)  # type: ignore[arg-type]


def test_the_classes_are_those_of_the_reference() -> None:
    assert set(WORDS.kinds) == {
        "more_pain", "soreness", "spasm", "peripheralisation", "new_deficit", "cauda_equina", "skin", "rib", "dyspnoea",
        "syncope", "blood_pressure", "nausea", "panic", "jaw", "fall", "device_fault", "other",
    }  # fmt: skip
    assert list(WORDS.severity) == [1, 2, 3, 4, 5]
    assert set(WORDS.relatedness) == {"certain", "probable", "possible", "unlikely", "conditional", "unassessable"}
    assert WORDS.reviewed_by == ""
    assert "From memory, unverified" in WORDS.duty_words


@pytest.mark.parametrize(
    ("kind", "rule", "urgency", "refer"),
    [("cauda_equina", "R01", "emergency", "emergency department"), ("new_deficit", "R02", "urgent", "same day")],
)
def test_a_new_deficit_stops_the_course_however_mild(kind: str, rule: str, urgency: str, refer: str) -> None:
    for related in WORDS.relatedness:
        told = response(event(kind, 1, relatedness=related))
        assert told.stop_course
        assert told.stop_session
        assert told.urgency == urgency
        assert rule in told.rules
        assert refer in told.refer


def test_soreness_stops_nothing_and_a_rise_of_pain_only_the_session() -> None:
    assert not response(event()).stop_session
    pain = response(event("more_pain", 2))
    assert (pain.stop_session, pain.stop_course) == (True, False)


@given(st.sampled_from(sorted(WORDS.kinds)), st.integers(1, 4))
def test_severity_never_lowers_the_answer(kind: str, severity: int) -> None:
    one, more = response(event(kind, severity)), response(event(kind, severity + 1))
    assert URGENCIES.index(more.urgency) >= URGENCIES.index(one.urgency)
    assert URGENCIES.index(one.urgency) >= URGENCIES.index(WORDS.kinds[kind].urgency)
    assert more.stop_session >= one.stop_session
    assert more.stop_course >= one.stop_course


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "bad_luck"},
        {"severity": 6},
        {"severity": True},
        {"relatedness": "maybe"},
        {"outcome": "fatal"},
        {"criteria": ("death",)},
        {"criteria": ("boredom",)},
        {"severity": 4, "criteria": ()},
        {"outcome": "lasting"},
        {"duration": 30.0},
        {"duration": -1.0},
        {"what": "  "},
        {"what": "x" * 2001},
        {"onset": ONSET + timedelta(hours=3)},
        {"onset": datetime(2026, 11, 20, 9)},  # noqa: DTZ001 - a moment without its zone is what is refused
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="allowed"):
        replace(event(), **wrong)  # type: ignore[arg-type]


def test_expected_ends_where_it_is_worse_than_known() -> None:
    assert event("spasm", 2).expected
    assert not event("spasm", 3).expected
    assert not event("new_deficit", 1).expected


def test_duties_count_working_days_from_the_day_it_was_known() -> None:
    told = reports(event("fall", 3, criteria=("hospital",)))
    assert [(one.duty, one.by_day) for one in told] == [("us_injury", date(2026, 12, 4))]
    assert [one.duty for one in reports(event("fall", 5))] == ["us_death"]
    assert [(one.duty, one.by_day) for one in reports(event("device_fault", 1))] == [("us_malfunction", None)]
    assert reports(event("fall", 3, criteria=("hospital",), relatedness="unlikely")) == ()
    assert reports(event()) == ()


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 12, 24), 10, date(2027, 1, 7)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
    ],
)
def test_weekends_are_no_working_days(day: date, count: int, expected: date) -> None:
    assert add_work_days(day, count) == expected


def test_follow_up_is_due_until_somebody_looked_or_it_ended() -> None:
    one = event("new_deficit", 3)
    every = follow_ups(one, [], date(2026, 11, 24))
    assert [(f.due, f.late_days) for f in every] == [
        (date(2026, 11, 21), 3), (date(2026, 11, 23), 1), (date(2026, 11, 27), 0), (date(2026, 12, 20), 0),
    ]  # fmt: skip
    assert [f.due for f in follow_ups(one, [date(2026, 11, 23)], date(2026, 11, 24))] == [f.due for f in every[2:]]
    assert follow_ups(replace(one, outcome="recovered"), [], date(2026, 11, 24)) == []
    assert follow_ups(replace(one, outcome="unknown"), [], date(2026, 11, 24)) == every


def test_an_event_comes_back_from_its_document() -> None:
    one = event("fall", 3, criteria=("hospital",), duration=None, session="s-1", by="ann")
    again = AdverseEvent.from_document(json.loads(one.canonical()))
    assert again == one
    assert again.sha256 == one.sha256
    with pytest.raises(BadInput):
        AdverseEvent.from_document({"doc": "adverse_event", "schema": 1, "uid": "e"})
