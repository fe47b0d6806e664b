"""One answer at the door: what is taken, what is refused, and that unknown is an answer of its own."""

from __future__ import annotations

from datetime import date

import pytest

from opentraction.quantities import BadInput
from opentraction.screening import UNKNOWN, Cell, Mark, from_plain, intake_questions, plain_answer, read_answer

QUESTIONS = intake_questions().by_id

TAKEN = [
    ("fever", True, True),
    ("fever", "yes", True),
    ("fever", " No ", False),
    ("fever", "unknown", UNKNOWN),
    ("age", 54, 54.0),
    ("age", "54", 54.0),
    ("age", "54 years", 54.0),
    ("t_score", "-2.5", -2.5),
    ("slr_left", "45 deg", 45.0),
    ("body_mass", "70 kg", 70.0),
    ("body_mass", "154 lb", 69.85),
    ("stature", "176 cm", 1.76),
    ("trauma", "minor", "minor"),
    ("devices", ["pump", "pacemaker", "pump"], ("pacemaker", "pump")),
    ("devices", [], ()),
    ("devices", "unknown", ("unknown",)),
    ("devices", ["pump", "unknown"], ("pump", "unknown")),
    ("imaging_date", "2026-02-10", date(2026, 2, 10)),
    ("imaging_date", date(2026, 2, 10), date(2026, 2, 10)),
]


@pytest.mark.parametrize(("key", "raw", "value"), TAKEN)
def test_taken(key: str, raw: object, value: object) -> None:
    got = read_answer(QUESTIONS[key], raw)
    assert got == pytest.approx(value, abs=0.01) if isinstance(value, float) else got == value


REFUSED = [
    ("fever", "maybe", "yes, no or unknown"),
    ("fever", 1, "yes, no or unknown"),
    ("fever", "", "yes, no or unknown"),
    ("age", 54.5, "a whole number from 0 to 110 years"),
    ("age", 111, "0 to 110"),
    ("age", True, "a whole number"),
    ("age", "nan", "a whole number"),
    ("age", float("nan"), "a whole number"),
    ("age", 10**400, "a whole number"),
    ("age", "54 kg", "years"),
    ("body_mass", 70, "in quotes"),
    ("body_mass", "700 kg", "from 20.00 kg to 350.00 kg"),
    ("body_mass", "70", "a mass in kg"),
    ("trauma", "small", "one of none, minor, major, unknown"),
    ("trauma", ["minor"], "one of"),
    ("devices", ["hip"], "[] for none of these"),
    ("devices", "hip", "[] for none of these"),
    ("devices", ["pump"] * 99, "a list of"),
    ("devices", [3], "a list of"),
    ("imaging_date", "10.2.2026", "a date such as"),
    ("imaging_date", "1066-10-14", "a date such as"),
    ("imaging_date", 20260210, "a date such as"),
    ("body_chart", [{"place": "knee", "side": "left", "kind": "pain", "score": 3}], "head"),
    ("body_chart", [{"place": "L5", "side": "up", "kind": "pain", "score": 3}], "left, right, middle"),
    ("body_chart", [{"place": "L5", "side": "left", "kind": "pain", "score": 11}], "0 to 10"),
    ("body_chart", [{"place": "L5", "side": "left", "kind": "pain"}], "a mark such as"),
    ("body_chart", "L5", "marks"),
    ("motor_leg", {"L6": [5, 5]}, "L2, L3, L4, L5, S1"),
    ("motor_leg", {"L5": [6, 5]}, "0 to 5"),
    ("motor_leg", {"L5": 5}, "[left, right]"),
    ("motor_leg", [5, 5], "a table with"),
]


@pytest.mark.parametrize(("key", "raw", "allowed"), REFUSED)
def test_refused_in_one_sentence(key: str, raw: object, allowed: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_answer(QUESTIONS[key], raw)
    assert key in refusal.value.where
    assert allowed in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_muscle_that_was_not_tested_is_not_zero() -> None:
    cells = read_answer(QUESTIONS["motor_leg"], {"L5": [3, "unknown"]})
    assert isinstance(cells, tuple)
    assert Cell("L5", "left", 3) in cells
    assert Cell("L5", "right", None) in cells
    assert Cell("S1", "left", None) in cells


@pytest.mark.parametrize(
    ("key", "raw"),
    [
        *((key, raw) for key, raw, _ in TAKEN),
        ("motor_leg", {"L5": [3, "unknown"], "S1": [5, 5]}),
        ("body_chart", [{"place": "L5", "side": "left", "kind": "pain", "score": 3}]),
    ],
)
def test_an_answer_told_as_json_is_read_back(key: str, raw: object) -> None:
    value = read_answer(QUESTIONS[key], raw)
    assert from_plain(QUESTIONS[key], plain_answer(value)) == value


def test_a_mark_sorts_and_keeps_its_score() -> None:
    raw = {"place": "L5", "side": "left", "kind": "pain", "score": 3}
    assert read_answer(QUESTIONS["body_chart"], [raw]) == (Mark("L5", "left", "pain", 3),)
