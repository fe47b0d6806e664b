"""A course in words: the advice, why, and the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from opentraction.prescription.progress.advice import Advice
from opentraction.prescription.progress.bounds import Start
from opentraction.prescription.progress.course import Course
from opentraction.prescription.progress.rules import Reason
from opentraction.prescription.progress.saying import said_force
from opentraction.prescription.progress.visits import WEEKDAYS, Visit, follow_ups
from opentraction.prescription.words import clock


def tell_advice(advice: Advice, course: Course) -> str:
    """What to do next, with which force, why, and what to ask."""
    lines = [f"Session {advice.session}, {_day(advice.day)}: {advice.action}{_urgent(advice)}."]
    lines.append(_amounts(advice, course))
    lines += ["", "Why", *(_reason(reason) for reason in advice.reasons)]
    if advice.questions:
        lines += ["", "Ask", *(f"  {question.words}" for question in advice.questions)]
    if advice.referrals:
        lines += ["", "Refer", *(_reason(reason) for reason in advice.referrals)]
    if advice.due:
        lines += ["", f"Scores due at this visit: {', '.join(advice.due)}."]
    return "\n".join(lines)


def _urgent(advice: Advice) -> str:
    return f", {advice.urgency}" if advice.urgency else ""


def _amounts(advice: Advice, course: Course) -> str:
    if advice.force is None or advice.length is None:
        return "No pull."
    what = f"{said_force(advice.force, course.unit)} for at most {clock(advice.length)}"
    if advice.may_begin:
        last = f"; the last was {said_force(advice.last_force, course.unit)}" if advice.last_force is not None else ""
        return f"Pull at most {what}{last}."
    return f"No pull yet. Then at most {what}, if the answers allow it."


def _reason(reason: Reason) -> str:
    caveat = f"; {reason.caveat}" if reason.caveat else ""
    return f"  {reason.rule}  {reason.words}\n       [{reason.source}{caveat}]"


def tell_start(start: Start, course: Course) -> str:
    """Planned force and hard cap, each with the bound that binds."""
    planned, cap = start.planned, start.cap
    return "\n".join(
        [
            f"Planned force {said_force(planned.force, course.unit)}: {planned.words} [{planned.binding.reason.rule}].",
            f"Never above {said_force(cap.force, course.unit)}: {cap.words} [{cap.binding.reason.rule}].",
            f"First session {said_force(start.first, course.unit)} for at most {clock(start.first_length)}.",
        ]
    )


def tell_calendar(visits: Sequence[Visit]) -> str:
    """The visits still to come, a week a line, and when scores are taken afterwards."""
    if not visits:
        return "No more visits."
    weeks: dict[int, list[str]] = {}
    for visit in visits:
        weeks.setdefault(visit.week, []).append(f"{visit.number}{'*' if visit.reassess else ''} {_day(visit.day)}")
    lines = [f"  week {week}: {', '.join(days)}" for week, days in weeks.items()]
    after = ", ".join(f"{one.months} mo {one.day.isoformat()}" for one in follow_ups(visits[-1].day))
    return "\n".join(["Visits still to come (* scores are due)", *lines, f"  afterwards: {after}"])


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.isoformat()}"
