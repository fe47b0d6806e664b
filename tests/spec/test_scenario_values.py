"""Scenarios made in Python: what no body and no table can be is refused as in a file, before anything is played."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from opentraction.body.column.play import middle
from opentraction.body.column.scenario import Scenario, Somebody, Specimen, Stage, Traction, spell
from opentraction.quantities import BadInput

NAN, INF = float("nan"), float("inf")
LYING = Stage("supine", 60.0)
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a negative mass": (lambda: Somebody(-5.0), "mass = -5.0 cannot be used; allowed: 30 to 250 kg"),
    "a mass of NaN": (lambda: Somebody(NAN), "mass"),
    "a mass in words": (lambda: Somebody("75 kg"), "mass"),  # type: ignore[arg-type]
    "a giant": (lambda: Somebody(75.0, 3.0), "stature"),
    "a child": (lambda: Somebody(75.0, age=3.0), "age"),
    "a dog": (lambda: Somebody(75.0, sex="dog"), "sex = 'dog' cannot be used; allowed: one of female"),
    "a grade of 0": (lambda: Somebody(75.0, grades=(0.0,) * 6), "grades of T12-L1"),
    "five grades": (lambda: Somebody(75.0, grades=(3.0,) * 5), "grades is 5 numbers; allowed: 6"),
    "a specimen of nothing": (lambda: Specimen("foo"), "kind"),
    "a level of the neck": (lambda: Specimen("disc", "C5-C6"), "level"),
    "a specimen of NaN years": (lambda: Specimen("disc", age=NAN), "age"),
    "dancing": (lambda: Stage("dancing", 60.0), "posture = 'dancing' cannot be used; allowed: one of standing"),
    "no time": (lambda: Stage("supine", 0.0), "duration"),
    "time backwards": (lambda: Stage("supine", -5.0), "duration"),
    "time without end": (lambda: Stage("supine", INF), "duration"),
    "a force of NaN": (lambda: Stage("supine", 60.0, axial_force=NAN), "axial_force"),
    "a force nobody bears": (lambda: Stage("supine", 60.0, axial_force=9000.0), "-3000 to 3000 N"),
    "a moment of NaN": (lambda: Stage("supine", 60.0, moment=NAN), "moment"),
    "a moment upwards": (lambda: Stage("supine", 60.0, moment=1.0, direction="up"), "direction"),
    "a pull while standing": (lambda: Stage("standing", 60.0, Traction(100.0)), "traction is given while standing"),
    "a pull of NaN": (lambda: Traction(NAN), "traction.force"),
    "a push": (lambda: Traction(-100.0), "traction.force"),
    "a sofa": (lambda: Traction(100.0, "sofa"), "traction.couch"),
    "a pull upwards": (lambda: Traction(100.0, angle=1.5), "traction.angle"),
    "times alone": (lambda: Traction(100.0, times=np.array([0.0, 1.0])), "traction.forces is missing"),
    "a force too few": (lambda: Traction(9.0, times=np.arange(3.0), forces=np.zeros(2)), "traction.forces"),
    "times that fall": (lambda: Traction(9.0, times=np.array([1.0, 0.0]), forces=np.zeros(2)), "traction.times"),
    "a profile of NaN": (lambda: Traction(9.0, times=np.arange(2.0), forces=np.array([0.0, NAN])), "traction.forces"),
    "no stage": (lambda: Scenario(Somebody(75.0), ()), "stages is there 0 times"),
    "three months": (lambda: Scenario(Somebody(75.0), (Stage("supine", 4e6),) * 2), "long in all; allowed: at most"),
    "a specimen that lies": (lambda: Scenario(Specimen("disc"), (LYING,)), "posture"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_refused_where_it_is_made(what: str) -> None:
    make, said = REFUSED[what]
    with pytest.raises(BadInput) as refusal:
        make()
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([NAN], "not numbers"),
        ([INF], "not numbers"),
        ([50.0, 10.0], "out of order"),
        ([-5.0, 10.0], "allowed: 0 s to 60 s"),
        ([10.0, 1e9], "allowed: 0 s to 60 s"),
        ([], "one time or more"),
        ([[1.0]], "one time or more"),
    ],
)
def test_times_outside_a_scenario_are_refused_before_it_is_played(asked: list[float], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        middle(Scenario(Somebody(75.0), (LYING,)), np.array(asked))


def test_a_stages_end_and_the_next_ones_beginning_may_both_be_asked() -> None:
    Scenario(Somebody(75.0), (LYING, LYING)).check_times(np.array([0.0, 60.0, 60.0, 120.0]))


def test_whoever_is_not_described_is_as_in_a_file() -> None:
    assert (Somebody(75.0).sex, Specimen("disc").sex) == ("unstated", "unstated")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1.0, "1 s"), (5184000.0, "60 days"), (5184600.0, "60 days and 10 min"), (90000.0, "1 day and 1 h")],
)
def test_times_are_spelt_as_people_say_them(seconds: float, said: str) -> None:
    assert spell(seconds) == said
