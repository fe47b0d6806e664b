"""Rules of the course as a whole: modify, stop and refer, taper, finished."""

from __future__ import annotations

from collections.abc import Iterator

from opentraction.prescription.progress.advice import Action, Effect
from opentraction.prescription.progress.case import Case
from opentraction.prescription.progress.improvement import either, function_better, pain_better
from opentraction.prescription.progress.questions import ask
from opentraction.prescription.progress.rules import Rule
from opentraction.prescription.progress.templates import taper


def whole_course(case: Case) -> Iterator[Effect]:
    """What the course so far asks for; in maintenance other rules hold."""
    if case.maintaining:
        return
    goal = goal_met(case)
    if goal is None:
        key = "score.ndi" if case.course.neck else "score.rmdq"
        yield Effect(Action.HOLD, case.rules["P18"].says(), questions=ask(key))
    if goal:
        yield Effect(Action.TAPER, _goal(case).says(pain=_pain_now(case), function=_function_now(case)))
    else:
        yield from _improving(case)
    yield from _finished(case)
    yield from _long(case)


def _goal(case: Case) -> Rule:
    return case.rules["C07" if case.course.neck else "C06"]


def _instrument(case: Case) -> tuple[str, str]:
    return ("ndi", "ndi_most") if case.course.neck else ("rmdq", "rmdq_most")


def goal_met(case: Case) -> bool | None:
    """Little pain and good function; None where pain is low and nobody asked for the function."""
    rule, check = _goal(case), case.check
    if not case.done or check is None or check.pain.spine is None or (case.limb_counts and check.pain.limb is None):
        return False
    if (check.pain.worst or 0) > rule["pain_most"]:
        return False
    name, most = _instrument(case)
    score = case.latest(name, _fresh(case))
    return None if score is None else score <= rule[most]


def _fresh(case: Case) -> int:
    return int(case.rules["C04"]["score_days"])


def _pain_now(case: Case) -> object:
    return "–" if case.check is None else case.check.pain.worst


def _function_now(case: Case) -> str:
    name = _instrument(case)[0]
    score = case.latest(name, _fresh(case))
    return f"{name.upper()} –" if score is None else f"{name.upper()} {score:g}"


def reached(case: Case, rule: Rule) -> bool:
    """Whether it is time to look: so many sessions, or so many days with at least a few sessions."""
    many = len(case.done) >= rule["sessions_after"]
    return many or (case.days >= rule["days_after"] and len(case.done) >= rule["least_sessions"])


def worthwhile(case: Case) -> bool | None:
    """Whether the smallest worthwhile change is reached in pain or in function; None where it is not known."""
    rule = case.rules["C05"]
    points = {name: rule[name] for name in ("odi", "rmdq", "ndi")}
    function = function_better(case, points, rule["share"], _fresh(case))
    return either(pain_better(case, rule["points"], rule["share"]), function)


def improved(case: Case) -> bool | None:
    """Whether pain or function has begun to improve; None where it is not known."""
    rule = case.rules["C04"]
    return either(pain_better(case, rule["points"], 0.0), function_better(case, {}, rule["share"], _fresh(case)))


def _improving(case: Case) -> Iterator[Effect]:
    late, early = case.rules["C05"], case.rules["C04"]
    facts = {"done": len(case.done), "days": case.days}
    if reached(case, late):
        yield from _unless(worthwhile(case), Effect(Action.STOP, late.says(**facts), urgency="soon"), case)
    elif reached(case, early) and not _modified(case, early):
        yield from _unless(improved(case), Effect(Action.MODIFY, early.says(**facts)), case)


def _unless(good: bool | None, effect: Effect, case: Case) -> Iterator[Effect]:
    """The effect where it is not good; a question where that is not known. Pain not known is asked for already."""
    if good is None and case.check is not None:
        yield Effect(Action.ASK, case.rules["A06"].says(), questions=ask("score.function"))
    elif good is False:
        yield effect


def _modified(case: Case, rule: Rule) -> bool:
    """Whether a clinician has changed the plan since it was time to look."""
    return any(
        review.decision == "modified"
        and review.after <= len(case.done)
        and case.done[0].day <= review.day <= case.today
        and (
            review.after >= rule["sessions_after"]
            or (review.after >= rule["least_sessions"] and (review.day - case.done[0].day).days >= rule["days_after"])
        )
        for review in case.history.reviews
    )


def _finished(case: Case) -> Iterator[Effect]:
    done, total = len(case.done), case.course.template.total
    tapered = [review.after for review in case.history.reviews if review.decision == "taper"]
    if done >= total:
        yield Effect(Action.FINISHED, case.rules["C08"].says(total=total))
    elif tapered and done - min(tapered) >= taper().total:
        yield Effect(Action.FINISHED, case.rules["C11"].says(visits=taper().total))


def _long(case: Case) -> Iterator[Effect]:
    number, reason, most = len(case.done) + 1, case.rules["C09"], case.rules["C10"]
    if number > most["most"]:
        yield Effect(Action.FINISHED, most.says(), urgency="soon")
    elif number > reason["most"] and len(case.course.justification.strip()) < reason["reason_letters"]:
        yield Effect(Action.ASK, reason.says(number=number), questions=ask("course.justification"))
