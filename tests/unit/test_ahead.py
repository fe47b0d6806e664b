"""What is pulled now or next: what a Reduce lowers."""

from __future__ import annotations

import pytest

from opentraction.patient import Body, Patient
from opentraction.prescription import force_at, protocols, read_prescription
from opentraction.prescription.ahead import pull_ahead
from opentraction.prescription.waveform import CYCLE, DURATION, FROM, PHASE, START, TO
from opentraction.quantities.vocabulary import FALL, HOLD, PRETENSION, REST
from tests.lab import short_plan

STEPS = read_prescription(protocols()["triton-progressive"]).resolve(Patient("017", Body(80.0, 1.8, 50.0)))


@pytest.mark.parametrize("name", protocols())
def test_in_every_hold_it_is_what_is_pulled_or_more_of_that_pull_and_never_of_another(name: str) -> None:
    plan = read_prescription(protocols()[name]).resolve(Patient("017", Body(80.0, 1.8, 50.0)))
    for row in plan.rows:
        middle = row[START] + 0.5 * row[DURATION]
        now = force_at(plan.segments, middle, 0).force
        if row[PHASE] == HOLD:
            if row[TO] >= row[FROM]:
                assert now - 1e-9 <= pull_ahead(plan, middle)
            later = [one[TO] for one in plan.rows if one[CYCLE] == row[CYCLE] and one[START] >= row[START]]
            assert pull_ahead(plan, middle) <= max([row[TO] + row[8], *later])


def test_before_the_top_step_the_step_counts_not_the_top() -> None:
    first = next(row for row in STEPS.rows if row[PHASE] == HOLD)
    assert pull_ahead(STEPS, first[START] + 1.0) == first[TO] < STEPS.peak
    assert pull_ahead(STEPS, 0.0) == first[TO]


def test_between_two_pulls_the_next_one_counts() -> None:
    for row in STEPS.rows:
        if row[PHASE] in {FALL, REST, PRETENSION}:
            after = [one for one in STEPS.rows if one[PHASE] == HOLD and one[START] > row[START]]
            assert pull_ahead(STEPS, row[START]) == (after[0][TO] if after else STEPS.base)


def test_after_the_last_pull_nothing_but_the_base_is_left() -> None:
    plan = short_plan(300.0)
    assert pull_ahead(plan, plan.total_time) == plan.base
