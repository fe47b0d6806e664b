"""Scores, changes and states in words; the few lines about a session that the session's own page shows."""

from __future__ import annotations

from typing import Any

from django import template

from opentraction.care.adverse import taxonomy
from opentraction.care.outcomes import Change, Instrument, Score, instruments
from opentraction.clinic.models import TreatmentSession
from opentraction.clinic.outcomes.checked import checked_before
from opentraction.clinic.outcomes.models import COUNTS, AdverseEventRow
from opentraction.clinic.outcomes.models.session_report import MOMENTS
from opentraction.clinic.outcomes.progress_facts import reports_of
from opentraction.clinic.templatetags.amounts import DASH

register = template.Library()
URGENCY = {
    "routine": "Routine",
    "same_day": "The same day",
    "urgent": "Urgent",
    "emergency": "Emergency: now",
}
_UNCERTAIN = {"yes": "worthwhile", "no": "not worthwhile", "unknown": "cannot be told"}


@register.filter
def shown(value: float | None, about: Instrument) -> str:
    """A score; missing is a dash."""
    return about.show(value)


@register.filter
def score(one: Score | None) -> str:
    """The same of a score; None is a dash."""
    return DASH if one is None else instruments()[one.instrument].show(one.value)


@register.filter
def verdict(one: Change | None) -> str:
    """What a change amounts to, in two words."""
    if one is None:
        return DASH
    return "clearly worse" if one.clearly_worse == "yes" else _UNCERTAIN[one.worthwhile]


@register.filter
def gain(one: Change | None) -> str:
    """By how much better (or worse, with its sign); a dash where the answer itself is the change."""
    if one is None or one.gain is None or instruments()[one.instrument].anchor:
        return DASH
    about = instruments()[one.instrument]
    if one.direction == "same":
        return "the same"
    return f"{'better' if one.gain > 0 else 'worse'} by {about.show(abs(one.gain))}"


@register.filter
def short(name: str) -> str:
    """An instrument's short name."""
    return instruments()[name].short if name in instruments() else name


@register.filter
def kind_name(name: str) -> str:
    """A class of adverse events in words."""
    return taxonomy().kinds[name].name if name in taxonomy().kinds else name


@register.filter
def outcome_words(name: str) -> str:
    """How an event ended, in words."""
    return taxonomy().outcomes.get(name, name)


@register.filter
def severity_words(grade: int) -> str:
    """`2, moderate: ...`"""
    return f"{grade} of 5, {taxonomy().severity[grade]}"


@register.filter
def urgency_words(name: str) -> str:
    """How quick to be."""
    return URGENCY.get(name, name)


@register.filter
def dash(value: Any) -> Any:
    """What is not known is a dash; 0 stays 0."""
    return DASH if value is None or value == "" else value


@register.filter
def yes_no(value: bool | None) -> str:
    """Yes, no, or a dash where nobody asked."""
    return DASH if value is None else "yes" if value else "no"


@register.filter
def item(values: dict[str, Any], key: Any) -> Any:
    """One value of a dictionary by a key that the page knows."""
    return values.get(str(key), "")


@register.inclusion_tag("outcomes/_session.html", takes_context=True)
def session_told(context: dict[str, Any], session: TreatmentSession) -> dict[str, Any]:
    """What the patient said of a session, with the way to ask; and its adverse events."""
    reports = reports_of(session)
    events = AdverseEventRow.objects.filter(session=session, **COUNTS)
    checked = checked_before([session]) if "before" not in reports else {}
    told = {"before": checked.get(str(session.pk))}
    lines = [(title, reports.get(moment), told.get(moment)) for moment, title in MOMENTS.items()]
    return {"session": session, "lines": lines, "events": events, "may": context.get("may", frozenset())}
