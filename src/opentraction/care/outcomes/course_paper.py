"""The course as a PDF: picture, changes and adverse events on a page to sign or to send."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from opentraction import DISCLAIMER
from opentraction.care.outcomes.change import threshold_words
from opentraction.care.outcomes.course import PatientCourse
from opentraction.care.outcomes.course_picture import course_picture
from opentraction.care.outcomes.days import day_words
from opentraction.care.outcomes.instrument import Instrument
from opentraction.paper import pdf

TEMPLATE = Path(__file__).with_name("course.typ")
_VERDICT = {"yes": "yes", "no": "no", "unknown": "cannot be told"}


def course_pdf(
    course: PatientCourse, today: date, *, name: str = "", clinic: str = "", letter: bool = False, unit: str = "N"
) -> bytes:
    """One page (more for a very long list of events). `name`, `clinic`: from the caller, never the course."""
    return pdf(TEMPLATE, course_page(course, today, name=name, clinic=clinic, letter=letter, unit=unit))


def course_page(
    course: PatientCourse, today: date, *, name: str = "", clinic: str = "", letter: bool = False, unit: str = "N"
) -> dict[str, Any]:
    """Everything the page says, as data."""
    told = [(one, course.change(one.id)) for one in course.asked()]
    missed = sum(one.state == "missed" for one in course.plan(today))
    return {
        "title": "Course of treatment",
        "disclaimer": DISCLAIMER,
        "paper": "us-letter" if letter else "a4",
        "clinic": {"name": clinic},
        "day": [today.year, today.month, today.day],
        "about": _about(course, name, missed),
        "picture": course_picture(course, today, size="a4", theme="print", unit=unit),
        "words": "; ".join(one.words for _, one in told if one is not None),
        "changes": [_row(course, about) for about, one in told if one is not None],
        "events": [_event(one) for one in sorted(course.events, key=lambda one: one.onset)],
        "notes": _notes([about for about, one in told if one is not None]),
    }


def _about(course: PatientCourse, name: str, missed: int) -> list[list[str]]:
    facts = course.facts
    ended = day_words(facts.ended) if facts.ended else "goes on"
    stopped = sum(one.ending != "completed" for one in course.sessions)
    return [
        ["Patient", " · ".join(part for part in (name, facts.who) if part)],
        ["Course", f"{day_words(facts.started)} to {ended}"],
        ["Sessions", f"{len(course.sessions)} held, {stopped} stopped before the end"],
        ["Answers", f"{missed} missing for good" if missed else "none missing so far"],
    ]


def _row(course: PatientCourse, about: Instrument) -> list[str]:
    """One line of the table; what is missing is a dash."""
    told = course.change(about.id)
    before, after = (
        course.baseline(about.id),
        [one for day, one in course.scores(about.id) if day > course.facts.started],
    )
    gain = "–" if told is None or told.gain is None or about.anchor else about.show(told.gain)
    verdict = "–" if told is None else _VERDICT[told.worthwhile]
    if told is not None and told.clearly_worse == "yes":
        verdict = "clearly worse"
    return [
        about.short,
        about.show(before.value if before else None),
        about.show(after[-1].value if after else None),
        gain,
        f"{verdict} (from {threshold_words(about)})",
    ]


def _event(one: Any) -> list[str]:
    words = f"{one.about.name}{', serious' if one.serious else ''}"
    return [day_words(one.onset.date()), words, f"{one.severity} of 5", one.relatedness, one.outcome.replace("_", " ")]


def _notes(asked: list[Instrument]) -> list[str]:
    sources = {one.thresholds.fact.source for one in asked}
    return [
        f"Worthwhile change: {'; '.join(sorted(sources))}." if sources else "",
        "Shaded: where a change from before the first session is worthwhile. People also get better by themselves.",
    ]
