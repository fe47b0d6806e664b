"""What an event asks for: how quick, what stops, who is told, by which day, and when to look again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from opentraction.care.adverse.event import AdverseEvent
from opentraction.care.adverse.taxonomy import URGENCIES, Duty, taxonomy


@dataclass(frozen=True, slots=True)
class Report:
    """A duty to tell somebody that may exist: to whom, by which day (None: no day is set)."""

    duty: str
    to: str
    by_day: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Response:
    """What to do. `stop_course` until a clinician has examined the patient and said otherwise in writing."""

    urgency: str
    stop_session: bool
    stop_course: bool
    refer: str
    action: str
    rules: tuple[str, ...]
    reports: tuple[Report, ...]
    caveat: str
    why: str

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "urgency": self.urgency,
            "stop_session": self.stop_session,
            "stop_course": self.stop_course,
            "refer": self.refer,
            "action": self.action,
            "rules": list(self.rules),
            "reports": [
                {"duty": r.duty, "to": r.to, "by": r.by_day.isoformat() if r.by_day else None, "words": r.words}
                for r in self.reports
            ],
            "caveat": self.caveat,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A day on which to look again, and by how many days it is late."""

    event: str
    due: date
    late_days: int


def response(event: AdverseEvent) -> Response:
    """What `event` asks for: its class says the least, severity and seriousness may raise it, nothing lowers it."""
    about = event.about
    urgency = max(about.urgency, _least(event), key=URGENCIES.index)
    grave = event.serious or event.severity >= 3
    stop_course = about.stop == "course" or (event.serious and event.related)
    refer = about.refer or ("physician, the same day" if grave else "")
    return Response(
        urgency=urgency,
        stop_session=about.stop != "" or grave,
        stop_course=stop_course,
        refer=refer,
        action=about.action,
        rules=about.rules,
        reports=reports(event),
        caveat=taxonomy().duty_words,
        why=_why(event, stop_course),
    )


def _least(event: AdverseEvent) -> str:
    if event.severity >= 4:
        return "emergency"
    if event.serious:
        return "urgent"
    return "same_day" if event.severity >= 3 else "routine"


def _why(event: AdverseEvent, stop_course: bool) -> str:
    parts = [f"{event.about.name}, severity {event.severity}"]
    if event.criteria:
        parts.append("serious: " + ", ".join(taxonomy().criteria[one] for one in event.criteria))
    elif event.serious:
        parts.append("serious until shown otherwise")
    if event.about.rules:
        parts.append("rule " + ", ".join(event.about.rules))
    return "; ".join(parts) + (". The course stops." if stop_course else ".")


def reports(event: AdverseEvent) -> tuple[Report, ...]:
    """The duties that may follow, counted from the day it became known. Only where the pull may have had a part."""
    if not event.related:
        return ()
    return tuple(_report(duty, event) for duty in taxonomy().duties if _applies(duty, event))


def _applies(duty: Duty, event: AdverseEvent) -> bool:
    dead = "death" in event.criteria
    return {
        "death": dead,
        "serious": bool(event.criteria) and not dead,
        "device": event.about.device and not event.criteria,
    }[duty.when]


def _report(duty: Duty, event: AdverseEvent) -> Report:
    known = event.reported.date()
    day = None if duty.work_days is None else add_work_days(known, duty.work_days)
    return Report(duty.id, duty.to, day, duty.words)


def add_work_days(day: date, count: int) -> date:
    """`count` working days after `day`: Saturdays and Sundays do not count. Holidays are not known here."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def follow_ups(event: AdverseEvent, looked: Iterable[date], today: date) -> list[FollowUp]:
    """The days on which to look again that nobody has yet, none once it has ended; those ahead are 0 days late.

    A look counts for every day due up to it.
    """
    if event.ended:
        return []
    last = max(looked, default=date.min)
    onset = event.onset.date()
    due = [onset + timedelta(days=days) for days in event.about.follow_up]
    return [FollowUp(event.uid, day, max(0, (today - day).days)) for day in due if day > last]
