"""What screening says reaches the course: the verdict, its limits, how long it counts, and the check of the day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from opentraction.patient import Body, Patient
from opentraction.prescription.progress import (
    Action,
    Check,
    Course,
    History,
    Pain,
    Scores,
    Screened,
    next_session,
    templates,
    warning_signs,
)
from opentraction.quantities import BadInput
from opentraction.screening import Action as Says
from opentraction.screening import Overridden, Reason, Verdict, VisitCheck, visit_check

TODAY = date(2026, 3, 2)
GOOD = {
    "today_bladder_bowel_saddle": False,
    "today_weakness": False,
    "today_pregnant": False,
    "today_injury_fever": False,
    "today_medicine": False,
    "today_pain": 4,
}


def reason(rule: str, known: bool = True) -> Reason:
    return Reason(rule, "one", "A title", Says.CAUTION, known, "why", "clinical", (), "source", "design", {})


def verdict(says: Says, *limits: str, rules: tuple[Reason, ...] = ()) -> Verdict:
    day = date(2026, 2, 20)
    return Verdict("lumbar", says, rules, (), (), limits, (), "017", "1", "a" * 64, day, date(2026, 3, 10))


def visit(**answers: Any) -> VisitCheck:
    return visit_check({**GOOD, **answers}, "lumbar", datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


def advise(screened: Screened, today: VisitCheck | None = None) -> Any:
    patient = Patient("017", Body(80.0, 1.76, 54.0), ceiling=600.0)
    signs, says = (warning_signs(today), today.action.name) if today else ((), None)
    check = Check(
        day=TODAY, pain=Pain(4), red_flags=signs, strength_drop=0, weakest_muscle=5, new_distal=False, says=says
    )
    baseline = Scores(day=TODAY, pain=Pain(6))
    history = History(baseline=baseline, screened=screened, consented=TODAY, check=check)
    course = Course(patient=patient, region="lumbar", template=templates()["A"], start=TODAY)
    return next_session(course, history, TODAY)


def test_a_verdict_brings_its_limits_rules_and_dates() -> None:
    screened = Screened.of(verdict(Says.CAUTION, "reduced_force", rules=(reason("R08"), reason("R22", known=False))))
    assert (screened.verdict, screened.limits, screened.rules) == ("CAUTION", ("reduced_force",), ("R08",))
    assert screened.until == date(2026, 3, 10)
    told = advise(screened)
    assert (told.action, told.bound) == (Action.GO_ON, "B12")
    assert told.force == int(0.5 * 0.5 * 0.40 * 80.0 * 9.80665)


def test_do_not_start_is_heard_and_only_a_clinician_takes_it_over() -> None:
    said = verdict(Says.CAUTION, "do_not_start", "reduced_force")
    assert advise(Screened.of(said)).action is Action.STOP
    at = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    overridden = Screened.of(Overridden(said, "ada", "A second test pull went well, see the note of today.", at))
    assert (overridden.verdict, overridden.limits) == ("CAUTION", ("reduced_force",))
    assert advise(overridden).may_begin


@pytest.mark.parametrize("says", list(Says), ids=lambda says: says.name)
def test_every_verdict_of_screening_is_understood(says: Says) -> None:
    begins = says in {Says.OK, Says.CAUTION}
    assert advise(Screened.of(verdict(says))).may_begin is begins
    assert (advise(Screened.of(verdict(says))).action is Action.STOP) is (says > Says.HOLD)


def test_a_verdict_never_counts_longer_than_screening_lets_it() -> None:
    endless = Screened(day=date(2026, 1, 1), verdict="OK", valid_until=date(2099, 1, 1))
    assert endless.until == date(2026, 1, 29)
    with pytest.raises(BadInput, match=r"screening\.limits"):
        Screened(day=TODAY, verdict="OK", limits=("no_such_limit",))


def test_the_check_of_the_day_is_heard() -> None:
    screened = Screened.of(verdict(Says.OK))
    assert warning_signs(visit()) == ()
    assert advise(screened, visit()).action is Action.GO_ON
    emergency = advise(screened, visit(today_bladder_bowel_saddle=True))
    assert (emergency.action, emergency.urgency) == (Action.STOP, "as an emergency")
    assert advise(screened, visit(today_weakness=True)).urgency == "the same day"
    assert advise(screened, visit(today_medicine=True)).action is Action.ASK


def test_an_open_answer_of_the_day_is_not_a_no() -> None:
    answers = {key: value for key, value in GOOD.items() if key != "today_weakness"}
    half = visit_check(answers, "lumbar", datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    assert warning_signs(half) is None
    assert advise(Screened.of(verdict(Says.OK)), half).action is Action.ASK
