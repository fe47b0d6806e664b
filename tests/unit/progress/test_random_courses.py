"""A thousand random courses, random patients with random answers: no bound is ever broken, every stop rule is heard.

The bounds are written out here once more, by hand, so that a mistake in the data or in the code is seen.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from opentraction.patient import Body, Patient
from opentraction.prescription.progress import (
    Action,
    Advice,
    Check,
    Course,
    History,
    Pain,
    Review,
    Scores,
    Screened,
    SessionDone,
    next_session,
    own_template,
    templates,
)
from opentraction.prescription.progress.history import FELT
from opentraction.quantities import BadInput, Streams
from opentraction.quantities.vocabulary import ENDINGS
from opentraction.screening import LIMITS

COURSES, BATCH = 1000, 100
LB = 0.45359237 * 9.80665
START = date(2026, 1, 5)
CAREFUL = 0.85
SHARES = {"R08": 0.5, "reduced_force": 0.75, "imaging_before_full_force": 0.75, "do_not_start": 0.0}
Chance = np.random.Generator


def pick(chance: Chance, *things: Any) -> Any:
    return things[int(chance.integers(len(things)))]


def maybe(chance: Chance, answered: float, value: Any) -> Any:
    """The answer, or None where nobody asked."""
    return value if chance.random() < answered else None


def random_course(chance: Chance) -> Course:
    mass = float(chance.uniform(40.0, 160.0))
    body = Body(
        mass, float(np.sqrt(mass / chance.uniform(18.0, 40.0)).clip(1.45, 2.05)), float(chance.integers(18, 90))
    )
    cap = float(chance.uniform(60.0, 1.0 * min(body.weight, 1000.0)))
    patient = Patient("017", body, ceiling=maybe(chance, 0.5, cap))
    weeks = tuple(int(n) for n in chance.integers(1, 6, int(chance.integers(1, 7))))
    region = pick(chance, "lumbar", "lumbar", "cervical")
    return Course(
        patient=patient,
        region=region,
        template=pick(chance, *templates().values(), own_template(weeks)),
        start=START,
        length=60.0 * float(chance.uniform(5.0, 60.0)),
        device_max=maybe(chance, 0.3, float(chance.uniform(20.0, 1050.0))),
        clinician_cap=maybe(chance, 0.3, float(chance.uniform(20.0, 1050.0))),
        plan_ceiling=maybe(chance, 0.3, float(chance.uniform(20.0, 1050.0))),
        above_planned=bool(chance.random() < 0.3),
        watch_pressure=bool(chance.random() < 0.2),
        justification=pick(chance, "", "x", "The leg still gets better week by week."),
    )


def nrs(chance: Chance, middle: float) -> int:
    return int(np.clip(round(chance.normal(middle, 1.0)), 0, 10))


def random_session(chance: Chance, day: date, advice: Advice, answered: float) -> SessionDone:
    """A session as it may have gone; sometimes not with the advised force."""
    hostile = chance.random() < 0.03
    force = pick(chance, 1.0, 1000.0, float(chance.uniform(1.0, 1000.0))) if hostile else advice.force or 20.0
    middle = chance.uniform(1.0, 7.0)
    return SessionDone(
        day=day,
        force=maybe(chance, answered, max(1.0, force)),
        length=maybe(chance, answered, advice.length),
        treated=pick(chance, None, 0.0, 600.0, advice.length),
        ending=maybe(chance, answered, pick(chance, *["completed"] * 12, *ENDINGS)),
        before=Pain(maybe(chance, answered, nrs(chance, middle)), maybe(chance, answered, nrs(chance, middle))),
        after=Pain(
            maybe(chance, answered, nrs(chance, middle - 0.7)), maybe(chance, answered, nrs(chance, middle - 0.7))
        ),
        felt=maybe(chance, answered, pick(chance, *FELT[:2] * 6, *FELT)),
        comfort=maybe(chance, answered, int(chance.integers(2, 11))),
        soreness_hours=maybe(chance, answered, float(chance.uniform(0.0, 26.0))),
        peripheralised=maybe(chance, answered, bool(chance.random() < 0.05)),
        new_distal=maybe(chance, answered, bool(chance.random() < 0.02)),
        dizzy=maybe(chance, answered, bool(chance.random() < 0.03)),
        systolic_before=maybe(chance, 0.5, int(chance.integers(90, 180))),
        systolic_after=maybe(chance, 0.5, int(chance.integers(90, 180))),
        stop_reason=pick(chance, "", "cough"),
        table_released=pick(chance, True, None),
    )


def random_check(chance: Chance, day: date, answered: float) -> Check:
    middle = chance.uniform(0.0, 6.0)
    return Check(
        day=day,
        pain=Pain(maybe(chance, answered, nrs(chance, middle)), maybe(chance, answered, nrs(chance, middle))),
        red_flags=maybe(chance, answered, () if chance.random() < 0.98 else (pick(chance, "R01", "R02", "R03"),)),
        strength_drop=maybe(chance, answered, int(chance.random() < 0.01)),
        weakest_muscle=maybe(chance, answered, 5 if chance.random() < 0.98 else 3),
        new_distal=maybe(chance, answered, bool(chance.random() < 0.02)),
        systolic=maybe(chance, 0.5, int(chance.integers(90, 165))),
    )


def found(history: History) -> tuple[str, ...]:
    """What screening found."""
    return (*history.screened.rules, *history.screened.limits) if history.screened else ()


def hard_cap(course: Course, history: History) -> float:
    """No pull is ever above this [N]: written out by hand."""
    weight = course.patient.body.mass * 9.80665
    if course.region == "cervical":
        caps = [30.0 * LB, 0.20 * weight, 200.0]
    else:
        caps = [0.60 * weight, 0.50 * weight + 20.0 * LB, 1000.0]
    caps += [one for one in (course.device_max, course.clinician_cap) if one is not None]
    for ceiling in (course.patient.ceiling, course.plan_ceiling):
        if ceiling is not None:
            caps.append(min(ceiling / 1.02, ceiling - 5.0))
    shares = [SHARES[key] for key in found(history) if key in SHARES]
    return min(caps) * min(shares, default=1.0)


def first_cap(course: Course, history: History) -> float:
    weight = course.patient.body.mass * 9.80665
    own = [0.10 * weight] if course.region == "cervical" else [0.5 * weight - 10.0 * LB, 0.40 * weight]
    shares = [SHARES[key] for key in found(history) if key in SHARES]
    return 0.5 * min(min(own) * min(shares, default=1.0), hard_cap(course, history))


def must_stop(history: History, today: date) -> bool:
    """A rule that ends the course, judged by hand."""
    check = history.check
    verdict = history.screened.verdict if history.screened else "OK"
    bad = verdict in {"EXCLUDE", "REFER", "REFER_URGENT", "EMERGENCY"} or "do_not_start" in found(history)
    if check is None or check.day != today:
        return bad
    weak = check.weakest_muscle is not None and check.weakest_muscle <= 3
    return bad or bool(check.red_flags) or bool(check.strength_drop) or weak


def too_little(history: History, today: date) -> bool:
    """Twelve sessions, everything asked, and less than the smallest worthwhile change: judged by hand."""
    check, baseline = history.check, history.baseline
    if len(history.done) < 12 or check is None or baseline is None or check.pain.worst is None or check.pain.worst <= 1:
        return False
    spine, limb = baseline.pain.spine or 0, baseline.pain.limb
    first, now = (limb, check.pain.limb) if limb is not None and limb >= spine else (spine, check.pain.spine)
    fresh = [one for one in history.scores if (today - one.day).days <= 10]
    if now is None or check.pain.spine is None or not fresh or (limb is not None and check.pain.limb is None):
        return False
    rmdq, ndi = fresh[-1].rmdq, fresh[-1].ndi
    if rmdq is None or ndi is None:
        return False
    pain = first - now >= 2 or (first - now > 0 and first - now >= 0.3 * first)
    return not (pain or rmdq <= 14 - 4.2 or ndi <= 40.0 - 12.0)


def unanswered(history: History) -> bool:
    """Whether anything about the last session or today is not known."""
    last, check = history.done[-1], history.check
    asked = [last.force, last.ending, last.before.spine, last.after.spine, last.peripheralised, last.soreness_hours]
    asked += [last.felt, last.comfort, last.new_distal, last.dizzy]
    if check is not None:
        asked += [check.pain.spine, check.red_flags, check.strength_drop, check.weakest_muscle, check.new_distal]
    return check is None or None in asked


def went_badly(last: SessionDone) -> bool:
    """Whether the last session takes a quarter of the force away, judged by hand."""
    pairs = [(last.before.spine, last.after.spine), (last.before.limb, last.after.limb)]
    rise = max((two - one for one, two in pairs if one is not None and two is not None), default=0)
    return rise >= 2 or last.felt in {"strong", "painful"}


def judge_begin(course: Course, history: History, advice: Advice) -> None:
    """What must be so where a session may begin."""
    assert advice.session <= min(30, course.template.total)
    assert advice.session <= 20 or len(course.justification) >= 20
    assert history.screened is not None
    assert history.screened.verdict in {"OK", "CAUTION"}
    assert history.consented is not None
    assert history.check is not None
    assert None not in (history.check.red_flags, history.check.strength_drop, history.check.weakest_muscle)


def judge(course: Course, history: History, today: date, advice: Advice) -> None:
    """Everything that must hold of an advice, whatever happened before."""
    last = history.done[-1] if history.done else None
    if must_stop(history, today):
        assert advice.action is Action.STOP
        assert advice.force is None
    if too_little(history, today):
        assert advice.action is Action.STOP
    if last is not None and last.day == today:
        assert not advice.may_begin
    if advice.may_begin:
        judge_begin(course, history, advice)
    if advice.force is not None and advice.length is not None:
        judge_amounts(course, history, advice.force, advice.length)


def judge_amounts(course: Course, history: History, force: float, length: float) -> None:
    """What must be so of every force and length."""
    last = history.done[-1] if history.done else None
    assert 0.0 < force <= hard_cap(course, history) + 1e-6
    assert 0.0 < length <= min(course.length, 20 * 60.0 if course.region == "cervical" else 30 * 60.0)
    known = [one.force for one in history.done if one.force is not None]
    if last is None:
        assert force <= first_cap(course, history) + 1e-6
        assert length <= 15 * 60.0
    elif known:
        step = (2.0 if course.region == "cervical" else 5.0) * LB
        assert force <= known[-1] + min(step, 0.10 * known[-1]) + 1e-6
        if unanswered(history):
            assert force <= known[-1]
        if went_badly(last):
            assert force <= 0.75 * known[-1] + 1e-6
        if last.after.spine is not None and last.before.spine is not None and last.after.spine > last.before.spine:
            assert force <= known[-1]


def random_start(chance: Chance) -> History:
    verdict = pick(chance, *["OK"] * 10, "CAUTION", "CAUTION", "HOLD", "EXCLUDE", "EMERGENCY")
    rules = ("R08",) if chance.random() < 0.05 else ("R12",)
    limits = (pick(chance, *LIMITS),) if chance.random() < 0.3 else ()
    baseline = Scores(day=START, pain=Pain(nrs(chance, 6), maybe(chance, 0.6, nrs(chance, 6))), rmdq=14, ndi=40.0)
    return History(
        screened=maybe(chance, 0.95, Screened(day=START, verdict=verdict, rules=rules, limits=limits)),
        consented=maybe(chance, 0.95, START),
        baseline=maybe(chance, 0.95, baseline),
    )


def next_day(chance: Chance, history: History, today: date) -> tuple[History, date]:
    """Some days on; after a gap screened and asked again, mostly; scores and reviews now and then."""
    today += timedelta(days=int(pick(chance, 0, 1, 1, 2, 2, 2, 3, 8, 15, 29)))
    if chance.random() < 0.7 and history.screened is not None:
        history = replace(history, screened=replace(history.screened, day=today), consented=today)
    if chance.random() < 0.5:
        scores = Scores(day=today, rmdq=int(chance.integers(0, 15)), ndi=float(chance.uniform(0.0, 60.0)))
        history = replace(history, scores=(*history.scores, scores))
    if chance.random() < 0.15:
        review = Review(day=today, after=len(history.done), decision=pick(chance, "examined", "modified", "taper"))
        history = replace(history, reviews=(*history.reviews, review))
    return history, today


def live(number: int) -> list[Advice]:
    """One course from its first day to its end, every advice judged."""
    chance = Streams(20261122).stream("course", number)
    course, history, today, told = random_course(chance), random_start(chance), START, []
    for _ in range(45):
        answered = 1.0 if chance.random() < CAREFUL else 0.8
        history = replace(history, check=maybe(chance, 0.97, random_check(chance, today, answered)))
        advice = next_session(course, history, today)
        judge(course, history, today, advice)
        assert next_session(course, history, today) == advice
        assert Advice.from_document(advice.document()) == advice
        told.append(advice)
        if advice.action in {Action.STOP, Action.FINISHED}:
            break
        if advice.may_begin or chance.random() < 0.05:
            done = random_session(chance, today, advice, answered)
            history = replace(history, sessions=(*history.sessions, done))
        history, today = next_day(chance, history, today)
    return told


@pytest.mark.parametrize("batch", range(COURSES // BATCH))
def test_no_course_breaks_a_bound(batch: int) -> None:
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        live(number)


def test_the_courses_go_everywhere() -> None:
    """Judging is worth little where nothing happens: every action, both regions, long courses and rises are met."""
    lives = [live(number) for number in range(0, COURSES, 5)]
    met = {advice.action for told in lives for advice in told}
    stopped = [told[-1] for told in lives if told[-1].action is Action.STOP]
    assert any("C05" in [reason.rule for reason in advice.reasons] for advice in stopped)
    rules = {reason.rule for told in lives for advice in told for reason in advice.reasons}
    assert met == set(Action)
    assert {"P01", "P02", "P06", "P07", "P14", "P15", "P18", "C04", "C05", "C08", "G02", "G03"} <= rules
    assert max(len(told) for told in lives) >= 20


HOSTILE = (float("nan"), float("inf"), -1, 11, 10**30, 1e308, True, "6", "NaN", b"6", [6], {"a": 1})


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_a_score_that_cannot_be_is_refused(value: Any) -> None:
    with pytest.raises(BadInput):
        Pain(spine=value)
    with pytest.raises(BadInput):
        SessionDone(day=START, comfort=value)
    with pytest.raises(BadInput):
        Check(day=START, strength_drop=value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -5.0, 0.0, 1e9, True, "40 lb"], ids=repr)
def test_a_force_that_cannot_be_is_refused(value: Any) -> None:
    with pytest.raises(BadInput):
        SessionDone(day=START, force=value)
    patient = Patient("017", Body(80.0, 1.76, 54.0))
    with pytest.raises(BadInput):
        Course(patient=patient, region="lumbar", template=templates()["A"], start=START, clinician_cap=value)
