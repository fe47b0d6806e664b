"""When to stop a running session: each rule answers yes, no, or "ask"."""

from __future__ import annotations

from dataclasses import dataclass

from opentraction.prescription.progress.afterwards import pain_rise
from opentraction.prescription.progress.history import NOT_ASKED, Pain
from opentraction.prescription.progress.questions import Question, ask
from opentraction.prescription.progress.rules import Book, Reason, shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment of a running session; None is not asked. Pressures are systolic [mmHg]."""

    before: Pain = NOT_ASKED
    now: Pain = NOT_ASKED
    new_distal: bool | None = None
    dizzy: bool | None = None
    systolic_before: int | None = None
    systolic_now: int | None = None
    button: bool | None = None
    force_error: bool | None = None
    slip: bool | None = None


@dataclass(frozen=True, slots=True)
class StopNow:
    """Whether to stop, why, and what to ask. Not stopping with questions open is not "all well"."""

    stop: bool
    reasons: tuple[Reason, ...]
    questions: tuple[Question, ...]


def stop_session(moment: Moment, rules: Book | None = None) -> StopNow:
    """The stop rules of a session, all of them heard."""
    book = rules or shipped()
    reasons = (*_flags(moment, book), *_pain(moment, book), *_pressure(moment, book))
    return StopNow(bool(reasons), reasons, _open(moment))


def _flags(moment: Moment, book: Book) -> list[Reason]:
    flags = {
        "S01": moment.button,
        "S04": moment.new_distal,
        "S05": moment.dizzy,
        "S07": moment.force_error,
        "S08": moment.slip,
    }
    return [book[key].says() for key, flag in flags.items() if flag]


def _pain(moment: Moment, book: Book) -> list[Reason]:
    rise, much, high = pain_rise(moment.before, moment.now), book["S02"], book["S03"]
    reasons = []
    if rise is not None and rise[0] >= much["most"]:
        reasons.append(much.says(rise=rise[0], before=rise[1], now=rise[2]))
    if moment.now.worst is not None and moment.now.worst >= high["most"]:
        reasons.append(high.says(now=moment.now.worst))
    return reasons


def _pressure(moment: Moment, book: Book) -> list[Reason]:
    before, now, rule = moment.systolic_before, moment.systolic_now, book["S06"]
    if before is None or now is None or abs(now - before) <= rule["most"]:
        return []
    return [rule.says(change=abs(now - before))]


def _open(moment: Moment) -> tuple[Question, ...]:
    asked = {
        "session.button": moment.button,
        "session.new_distal": moment.new_distal,
        "session.dizzy": moment.dizzy,
        "session.force_error": moment.force_error,
        "session.slip": moment.slip,
        "session.pain": moment.now.spine,
    }
    if moment.before.limb is not None:
        asked["session.limb"] = moment.now.limb
    if moment.systolic_before is not None:
        asked["session.systolic"] = moment.systolic_now
    return ask(*(key for key, answer in asked.items() if answer is None))
