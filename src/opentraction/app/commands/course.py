"""`opentraction course`: the calendar of a course, and advice for its next session."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from opentraction.prescription.progress import (
    Advice,
    CourseFile,
    Visit,
    course_calendar,
    follow_ups,
    missed,
    next_session,
    plan_for_session,
    read_course,
    starting_force,
)
from opentraction.prescription.progress.telling import tell_advice, tell_calendar, tell_start
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import read_text


def main(chosen: argparse.Namespace) -> int:
    """Print the advice and the calendar; 4 where no session may begin."""
    read = read_course(chosen.course)
    today = _today(chosen.today, read)
    try:
        advice = next_session(read.course, read.history, today)
        visits = still_to_come(read, today)
    except BadInput as refusal:
        raise refusal.within(str(chosen.course)) from None
    if chosen.prescription is not None:
        _write(chosen, read, advice)
    print(
        json.dumps(_document(read, advice, visits, today), indent=2)
        if chosen.json
        else _text(read, advice, visits, today)
    )
    return 0 if advice.may_begin else 4


def _today(written: str | None, read: CourseFile) -> date:
    """The day asked for, else the one of the file's [today], else the day it is."""
    if written is None:
        return read.today or datetime.now(UTC).astimezone().date()
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise BadInput("--today", written, "a day such as 2026-11-22") from None


def still_to_come(read: CourseFile, today: date) -> tuple[Visit, ...]:
    """Visits from today on, or from the start where that is later; tomorrow where today was used."""
    course, done = read.course, read.history.done
    used = bool(done) and done[-1].day == today
    start = max(course.start, today + timedelta(days=1) if used else today)
    return course_calendar(course.template, read.clinic, start, min(len(done), course.template.total))


def _planned(read: CourseFile) -> tuple[Visit, ...]:
    return course_calendar(read.course.template, read.clinic, read.course.start)


def _missed(read: CourseFile, today: date) -> tuple[Visit, ...]:
    return missed(_planned(read), [one.day for one in read.history.done], today)


def _text(read: CourseFile, advice: Advice, visits: tuple[Visit, ...], today: date) -> str:
    start = starting_force(read.course, read.history.screened)
    template = read.course.template
    head = f"Course of {template.total} sessions ({template.title}), {len(read.history.done)} done."
    gone = _missed(read, today)
    note = f"\nPlanned and not held: {', '.join(one.day.isoformat() for one in gone)}." if gone else ""
    parts = [head, tell_start(start, read.course), tell_advice(advice, read.course), tell_calendar(visits) + note]
    return "\n\n".join(parts)


def _document(read: CourseFile, advice: Advice, visits: tuple[Visit, ...], today: date) -> dict[str, Any]:
    start = starting_force(read.course, read.history.screened)
    return {
        "advice": advice.document(),
        "advice_sha256": advice.sha256,
        "planned_n": start.planned.force,
        "planned_bound": start.planned.binding.reason.document(),
        "cap_n": start.cap.force,
        "cap_bound": start.cap.binding.reason.document(),
        "done": len(read.history.done),
        "total": read.course.template.total,
        "visits": [visit.document() for visit in visits],
        "missed": [visit.document() for visit in _missed(read, today)],
        "follow_ups": [
            {"months": one.months, "day": one.day.isoformat()} for one in (follow_ups(visits[-1].day) if visits else ())
        ],
    }


def _write(chosen: argparse.Namespace, read: CourseFile, advice: Advice) -> None:
    """The prescription of this session into a new file."""
    if chosen.out is None:
        raise BadInput("--out", "nothing", "a file to write the session's prescription into")
    if chosen.out.exists():
        raise BadInput("--out", str(chosen.out), "a file that is not there yet")
    try:
        written = plan_for_session(advice, read_text(chosen.prescription), read.course.patient)
    except BadInput as refusal:
        raise refusal.within(str(chosen.prescription)) from None
    try:
        chosen.out.write_text(written.document, "utf-8")
    except OSError as error:
        raise BadInput("--out", str(chosen.out), f"a file that can be written ({error.strerror})") from None
