"""A verdict as a page tells it: reasons with their sources, what is missing and where it is asked, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from opentraction import screening
from opentraction.clinic.intake.models import Intake, Screening
from opentraction.clinic.intake.screens import screen_of
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput
from opentraction.screening import (
    Action,
    Apart,
    Near,
    Reason,
    Verdict,
    apart,
    caveat,
    limit_words,
    plain_headline,
    plain_why,
)

NEAR = Near(years=0.5, mass=2.0, stature=0.02, unstated=False)
"""Closer than the gate asks (`standing.contradiction`): whoever reviews an intake can still put it right."""


@dataclass(frozen=True)
class Told:
    """One reason: `why` in plain words, `sure` where its certainty must be said, `question` to answer anew."""

    reason: Reason
    why: str
    sure: str
    answers: str
    question: str


@dataclass(frozen=True)
class Change:
    """What differs from the verdict before."""

    gone: list[str]
    come: list[str]
    answers: int


def told(row: Screening, language: str = "en") -> dict[str, Any]:
    """The parts of the verdict page. Raises BadInput where the row was altered."""
    verdict = row.verdict
    return {
        "verdict": verdict,
        "word": verdict.action.name.replace("_", " "),
        "headline": plain_headline(verdict, language),
        "treats": verdict.may_treat,
        "reasons": [_told(one, verdict, language) for one in verdict.reasons if one.known],
        "waiting": [_told(one, verdict, language) for one in verdict.reasons if not one.known],
        "missing": [(one["text"], _where(one["question"], row.region), one["question"]) for one in verdict.missing],
        "limits": [limit_words(limit) for limit in verdict.limits] if _pulled(row, verdict) else [],
        "indications": [one for one in verdict.indications if one["score"] > 0],
        "codes": ", ".join(sorted({code["code"] for one in verdict.reasons if one.known for code in one.codes})),
        "to_primary": screening.addressee(verdict) == "primary",
        "primary": screening.addressees()["primary"],
        "addressee": screening.addressees()[screening.addressee(verdict)],
    }


def _pulled(row: Screening, verdict: Verdict) -> bool:
    """Whether limits of a pull mean anything: not where the verdict forbids it and nobody has overridden that."""
    return verdict.action < Action.EXCLUDE or hasattr(row, "override")


def _told(reason: Reason, verdict: Verdict, language: str) -> Told:
    said = "; ".join(f"{key.replace('_', ' ')}: {_plain(value)}" for key, value in reason.answers.items())
    asked = next((key for key in reason.answers if screen_of(key, verdict.region)), "")
    again = asked if reason.action is Action.HOLD else ""
    return Told(reason, plain_why(reason, verdict.region, language), caveat(reason.certainty), said, again)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return ", ".join(_plain(part) for part in value) or "none"
    if isinstance(value, dict):
        parts = (value.get(key) for key in ("row", "place", "side", "kind", "value", "score"))
        return " ".join(str(part) for part in parts if part is not None).replace("_", " ")
    return str(value).replace("_", " ")


def _where(question: str, region: str) -> str:
    screen = screen_of(question, region)
    return screen.id if screen else ""


def change(row: Screening, before: Screening | None) -> Change | None:
    """What changed since the verdict before; None for the first."""
    if before is None:
        return None
    now, then = row.verdict, before.verdict
    titles = {(one.rule, one.paragraph): one.title for one in (*then.reasons, *now.reasons)}
    ours, theirs = ({(one.rule, one.paragraph) for one in each.reasons if one.known} for each in (now, then))
    answers, earlier = row.snapshot.answers, before.snapshot.answers
    differ = sum(answers.get(key) != earlier.get(key) for key in {*answers, *earlier})
    gone, come = (sorted(titles[key] for key in keys) for keys in (theirs - ours, ours - theirs))
    return Change(list(dict.fromkeys(gone)), list(dict.fromkeys(come)), differ)


def differences(intake: Intake, patient: Patient, today: date) -> list[tuple[str, str, str]]:
    """Where the answers about the person are not what the record says: in words, the question, its page."""
    try:
        found = apart(intake.known, patient.as_person(today).body, NEAR)
    except BadInput as refusal:  # somebody grows older than anybody is treated
        return [(refusal.sentence(), "", "")]
    asked = {"mass": "body_mass"}
    return [_difference(one, asked.get(one.what, one.what), intake.region) for one in found]


def _difference(one: Apart, question: str, region: str) -> tuple[str, str, str]:
    return f"{one.what}: {one.said} in the answers, {one.there} in the record", question, _where(question, region)


def suggestions(patient: Patient, today: date) -> dict[str, str]:
    """What the record knows, to be confirmed on staff's page. Never shown on the patient's phone."""
    return {
        "age": str(patient.age_on(today)),
        "sex": patient.sex,
        "body_mass": f"{round(patient.mass_kg, 1):g} kg",
        "stature": f"{patient.stature_m:.2f} m",
    }
