"""A patient's course in small pictures: axes that fit, and peaks that say whose they are."""

from __future__ import annotations

import math
import re

import pytest

from opentraction.clinic.course import Line, _charts
from opentraction.clinic.models import TreatmentSession
from opentraction.clinic.templatetags.amounts import force, force_both, force_fine
from opentraction.drawing import Axis, Series, chart
from opentraction.drawing.ticks import nice_top, whole_ticks


def lines(peaks: list[float | None], prescribed: float = 400.0) -> list[Line]:
    return [Line(TreatmentSession(ending="completed"), n, prescribed, peak, 2.0) for n, peak in enumerate(peaks, 1)]


def ticks_of(svg: str) -> list[str]:
    return re.findall(r'text-anchor="middle"[^>]*>([^<]+)<', svg)


@pytest.mark.parametrize("last", [2, 3, 5, 9, 12])
def test_every_session_of_a_short_course_has_its_tick(last: int) -> None:
    svg = _charts(lines([300.0] * last), "N")[0].svg
    assert ticks_of(svg) == [str(n) for n in range(1, last + 1)]


def test_a_long_course_is_counted_in_fives_with_its_first_and_last() -> None:
    assert whole_ticks(1.0, 20.0, 12) == [1.0, 5.0, 10.0, 15.0, 20.0]
    assert whole_ticks(1.0, 40.0, 12) == [1.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0]


@pytest.mark.parametrize(("high", "step"), [(614.0, 200.0), (3.2, 1.0), (92.0, 20.0), (10.0, 5.0), (100.0, 50.0)])
def test_the_values_fill_the_plot(high: float, step: float) -> None:
    top = nice_top(high, step)
    assert high < top <= 1.02 * high + 0.5 * step
    assert math.isclose(top / (0.5 * step), round(top / (0.5 * step)))


def test_a_peak_of_614_newtons_does_not_stand_on_an_axis_of_1000() -> None:
    svg = chart([Series([1, 2, 3], [400, 614, 420])], x=Axis(low=1, high=3, whole=True), y=Axis(low=0), size=(360, 190))
    assert ">1000<" not in svg
    assert ">600<" in svg


def test_a_peak_that_was_not_prescribed_is_said() -> None:
    note = _charts(lines([401.0, 614.0, None, 407.0]), "N")[0].note
    assert note.startswith("Session 2 peaked above what was prescribed; the session's page says why")
    assert _charts(lines([401.0, 404.0]), "N")[0].note == ""


@pytest.mark.parametrize("unit", ["N", "lb", "kgf"])
def test_what_is_not_known_is_a_dash_alone(unit: str) -> None:
    for say in (force, force_fine, force_both):
        assert say(None, unit) == say(math.nan, unit) == "–"
