"""A plan is frozen, hashed, and checked again by whoever loads it: the table process trusts no one."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from opentraction.patient import Body, Patient
from opentraction.prescription import Plan, protocols, read_prescription
from opentraction.quantities import BadInput

PLAN = read_prescription(protocols()["idd-oscillation"]).resolve(Patient("017", Body(70.0, 1.76, 54.0)))


def test_canonical_text_comes_back_whole() -> None:
    again = Plan.from_canonical(PLAN.canonical())
    assert again == PLAN
    assert (again.sha256, again.canonical()) == (PLAN.sha256, PLAN.canonical())
    assert np.array_equal(again.segments, PLAN.segments)


def test_the_hash_is_of_the_meaning() -> None:
    other = dataclasses.replace(PLAN, release_rate=31.0)
    assert other.sha256 != PLAN.sha256
    assert len(PLAN.sha256) == 64


def test_segments_are_data_nobody_can_change() -> None:
    assert (PLAN.segments.shape[1], PLAN.segments.dtype) == (12, np.float64)
    with pytest.raises(ValueError, match="read-only"):
        PLAN.segments[0, 4] = 900.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        PLAN.ceiling = 1000.0  # type: ignore[misc]


def _at(row: int, column: int, value: float) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw["rows"][row].__setitem__(column, value)


def _set(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw.__setitem__(key, value)


def _more(column: int, row: int = 3) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw["rows"][row].__setitem__(column, raw["rows"][row][column] + 1.0)


TAMPERED = {
    "another region": _set("region", "thoracic"),
    "ceiling below peak": _set("ceiling", 200.0),
    "ceiling beyond the machine": _set("ceiling", 5000.0),
    "ceiling not a number": _set("ceiling", "high"),
    "ceiling a bool": _set("ceiling", True),
    "peak understated": _set("peak", 100.0),
    "peak overstated": _set("peak", PLAN.peak + 1.0),
    "rise limit off": _set("rise_limit", 1000.0),
    "rise limit below the rise": _set("rise_limit", 1.0),
    "release as a step": _set("release_rate", 1e6),
    "impulse": _set("impulse", 1.0),
    "longer": _set("total_time", 1800.0),
    "no cycles": _set("cycles", 0),
    "other cycles": _set("cycles", 12),
    "cycles as text": _set("cycles", "11"),
    "no rows": _set("rows", []),
    "a short row": _set("rows", [[0.0, 1.0]]),
    "rows of text": _set("rows", "rows"),
    "a newer layout": _set("schema", 2),
    "a step in force": _more(5),
    "a gap in time": _more(0),
    "a duration": _more(1),
    "an unknown phase": _at(3, 2, 12.0),
    "an unknown shape": _at(3, 3, 9.0),
    "a negative force": _at(3, 4, -5.0),
    "a cycle out of order": _more(7),
    "a big oscillation": _at(4, 8, 45.0),
    "a fast oscillation": _at(4, 9, 5.0),
    "no fade": _at(4, 10, 0.0),
    "a wrong phase end": _more(11),
    "another base": _set("base", 60.0),
    "an unknown key": _set("boost", 1.0),
    "a name of numbers": _set("name", 7),
    "an infinite mass": _set("mass", 1e300),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_a_tampered_plan_is_refused(tamper: Callable[[dict[str, Any]], None]) -> None:
    raw = json.loads(PLAN.canonical())
    assert Plan.from_canonical(json.dumps(raw)) == PLAN
    tamper(raw)
    with pytest.raises(BadInput, match=r"^plan\b"):
        Plan.from_canonical(json.dumps(raw))


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "{", "[" * 100_000, '{"a": NaN}', "\x00"])
def test_text_that_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="plan"):
        Plan.from_canonical(text)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_json_that_is_no_number_is_refused(word: str) -> None:
    text = PLAN.canonical().replace(f'"mass":{PLAN.mass}', f'"mass":{word}')
    assert text != PLAN.canonical()
    with pytest.raises(BadInput, match=r"plan\.mass"):
        Plan.from_canonical(text)


def test_a_missing_key_is_refused() -> None:
    raw = json.loads(PLAN.canonical())
    del raw["ceiling"]
    with pytest.raises(BadInput, match="exactly the keys"):
        Plan.from_canonical(json.dumps(raw))
