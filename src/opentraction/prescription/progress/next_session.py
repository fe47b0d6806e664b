"""The next session: every rule is heard, the gravest stands, and the force follows."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from opentraction.prescription.progress.advice import URGENCIES, Action, Advice, Effect
from opentraction.prescription.progress.afterwards import afterwards
from opentraction.prescription.progress.before import before
from opentraction.prescription.progress.bounds import whole_newtons
from opentraction.prescription.progress.case import Case
from opentraction.prescription.progress.course import Course
from opentraction.prescription.progress.gaps import gaps
from opentraction.prescription.progress.history import History
from opentraction.prescription.progress.maintenance import maintenance, maintenance_force
from opentraction.prescription.progress.questions import Question
from opentraction.prescription.progress.rules import Book, shipped
from opentraction.prescription.progress.surgery import Findings, Referral, surgical_referral
from opentraction.prescription.progress.templates import reassess
from opentraction.prescription.progress.whole_course import goal_met, reached, whole_course, worthwhile

_NO_FORCE = (Action.STOP, Action.FINISHED)
_FORBIDS = (Action.MODIFY, Action.EARLY, Action.FINISHED, Action.STOP)


class Amounts(NamedTuple):
    """Force [N] and length [s] of the next session, and what each rule adds by saying why."""

    force: float
    length: float
    bound: str
    effects: tuple[Effect, ...] = ()


def next_session(
    course: Course, history: History, today: date, now: datetime | None = None, rules: Book | None = None
) -> Advice:
    """Advice for the next session of a course. Pure: the same course, history and day give the same advice.

    Raises BadInput where `today` is before the last session.
    """
    case = Case(course, history, today, rules or shipped(), now)
    effects, amounts = _effects(case)
    return _advice(case, effects, amounts)


def forbids(
    course: Course, history: History, today: date, now: datetime | None = None, rules: Book | None = None
) -> Effect | None:
    """The gravest rule that allows no pull because of what is known; None where only answers are wanted, or nothing.

    A question that is open does not hide it: "ask first" beside "modify" still is no pull.
    """
    effects, _amount = _effects(Case(course, history, today, rules or shipped(), now))
    known = [one for one in effects if one.action in _FORBIDS or (one.action is Action.ASK and not one.questions)]
    return max(known, key=lambda one: one.action.grave, default=None)


def _effects(case: Case) -> tuple[list[Effect], Amounts]:
    """What every rule says, and the amounts that follow."""
    effects = [*before(case), *afterwards(case), *gaps(case), *whole_course(case), *maintenance(case)]
    amounts = _amounts(case, effects)
    return [*effects, *amounts.effects, *_shortened(case)], amounts


def _advice(case: Case, effects: list[Effect], amounts: Amounts) -> Advice:
    action = max((effect.action for effect in effects), key=lambda one: one.grave, default=Action.GO_ON)
    given = action not in _NO_FORCE and amounts.force > 0.0
    referrals, questions = _referrals(case)
    return Advice(
        session=len(case.done) + 1,
        day=case.today,
        action=action,
        force=amounts.force if given else None,
        length=amounts.length if given else None,
        last_force=_last_force(case),
        reasons=tuple(effect.reason for effect in sorted(effects, key=lambda one: -one.action.grave)),
        questions=_unique(effects, questions if _due(case) else ()),
        referrals=tuple(one.reason for one in referrals),
        due=_due(case),
        bound=amounts.bound,
        urgency=_urgency(action, effects, referrals),
    )


def _unique(effects: list[Effect], more: tuple[Question, ...]) -> tuple[Question, ...]:
    """Each question once; what only a referral would need is asked where scores are due anyway."""
    asked = [question for effect in effects for question in effect.questions]
    return tuple({question.key: question for question in (*asked, *more)}.values())


def _urgency(action: Action, effects: list[Effect], referrals: tuple[Referral, ...]) -> str:
    words = ["", *(effect.urgency for effect in effects if effect.action is action)]
    words += [one.urgency for one in referrals]
    return max(words, key=URGENCIES.index)


def _last_force(case: Case) -> float | None:
    """The newest force [N] that is known."""
    known = [one.force for one in case.done if one.force is not None]
    return known[-1] if known else None


def _amounts(case: Case, effects: list[Effect]) -> Amounts:
    """Force and length: first, held, stepped back or raised; and always under the caps."""
    first, base = case.start, _last_force(case)
    if base is None:
        effect = Effect(Action.GO_ON, first.why_first)
        return Amounts(first.first, first.first_length, first.planned.binding.reason.rule, (effect,))
    if any(effect.restart for effect in effects):
        again = min(_stepped(effects, base), first.first)
        return _capped(case, again, min(_held(case), first.first_length))
    return _least(case, _following(case, effects, _upheld(case, base)))


def _upheld(case: Case, base: float) -> float:
    """The force [N] to go on from: the last one; in maintenance a share of the course's."""
    limit = maintenance_force(case) if case.maintaining else None
    if limit is None:
        return base
    return min(base, limit) if case.maintained else whole_newtons(limit)


def _following(case: Case, effects: list[Effect], base: float) -> Amounts:
    """Stepped back, held, or raised."""
    if any(effect.action is not Action.GO_ON for effect in effects):
        return _capped(case, _stepped(effects, base), _held(case))
    return _raised(case, base)


def _stepped(effects: list[Effect], base: float) -> float:
    """The force [N] less the largest cut any rule asks for."""
    cut = max((effect.cut for effect in effects), default=0.0)
    return whole_newtons((1.0 - cut) * base) if cut > 0.0 else base


def _held(case: Case) -> float:
    """The length [s] of the last session, or of a first one where it is not known; never above the longest."""
    last = case.last.length if case.last is not None else None
    return min(case.start.first_length if last is None else last, case.longest)


def _capped(case: Case, force: float, length: float) -> Amounts:
    """The force brought under the hard cap, with a reason where that lowers it."""
    cap = case.start.cap
    if force <= cap.force:
        return Amounts(force, length, case.start.planned.binding.reason.rule)
    allowed = whole_newtons(cap.force)
    said = {"from": case.said(force), "force": case.said(allowed), "bound": cap.words}
    effect = Effect(Action.STEP_BACK, case.rules["P15"].says(**said))
    return Amounts(allowed, length, cap.binding.reason.rule, (effect,))


def _shortened(case: Case) -> list[Effect]:
    """Why the sessions are shorter than they were planned, where they are."""
    shorter = case.longest < case.course.length
    return [Effect(Action.GO_ON, case.rules[case.course.longest_rule].says())] if shorter else []


def _least(case: Case, amounts: Amounts) -> Amounts:
    """Hardly a pull, and less than a first session's, asks for another plan instead."""
    rule = case.rules["P20" if case.course.neck else "P19"]
    if amounts.force >= min(rule["least"], case.start.first):
        return amounts
    effect = Effect(Action.MODIFY, rule.says(force=case.said(amounts.force)))
    return amounts._replace(effects=(*amounts.effects, effect))


def _raised(case: Case, base: float) -> Amounts:
    """One step up, as far as the planned force or, at the clinician's word, the hard cap."""
    rule = case.rules["P02" if case.course.neck else "P01"]
    goal = case.start.cap if case.course.above_planned else case.start.planned
    step = min(rule["step"], rule["share"] * base)
    force = max(base, whole_newtons(min(base + step, goal.force)))
    length = min(_held(case) + rule["length"], case.longest) if _held(case) < case.longest else case.longest
    amounts = _capped(case, force, length)
    if amounts.effects:
        return amounts
    return amounts._replace(bound=goal.binding.reason.rule, effects=(_why(case, base, force),))


def _why(case: Case, base: float, force: float) -> Effect:
    """Why the force rose, or why it did not although all went well."""
    rule = case.rules["P02" if case.course.neck else "P01"]
    if force > base:
        said = {"from": case.said(base), "to": case.said(force)}
        return Effect(Action.GO_ON, rule.says(**said))
    goal = case.start.cap if case.course.above_planned else case.start.planned
    return Effect(Action.GO_ON, case.rules["P14"].says(force=case.said(base), bound=goal.words))


def _due(case: Case) -> tuple[str, ...]:
    """Which scores belong to this visit: at the visits of reassessment, and at the last of the template."""
    number, total = len(case.done) + 1, case.course.template.total
    if case.maintaining or number not in {*reassess().visits, total}:
        return ()
    return ("pain", "ndi") if case.course.neck else ("pain", "rmdq")


def _referrals(case: Case) -> tuple[tuple[Referral, ...], tuple[Question, ...]]:
    check, history = case.check, case.history
    late = case.rules["C05"]
    found = Findings(
        today=case.today,
        red_flags=check.red_flags if check else None,
        strength_drop=check.strength_drop if check else None,
        weakest_muscle=check.weakest_muscle if check else None,
        limb=check.pain.limb if check else None,
        odi=case.latest("odi", int(case.rules["C04"]["score_days"])),
        onset=history.onset,
        imaging_fits=history.imaging_fits,
        worthwhile=worthwhile(case) if case.done else None,
        looked=bool(case.done) and reached(case, late) and not case.maintaining and not goal_met(case),
        asks=history.asks_surgeon,
    )
    return surgical_referral(found, case.rules)
