"""What permits a treatment: a fresh verdict, the check of the day, a signed consent, and nothing since that says stop.

`begin` asks for it, the binding carries it, and the table checks it once more by itself (`app/table_requests.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from opentraction.clinic.consents.standing import consent_today
from opentraction.clinic.days import day_at, zone_of
from opentraction.clinic.intake.standing import contradiction, newest_screening, something_changed, visit_today
from opentraction.clinic.intake.standing import stops_today as screening_stops
from opentraction.clinic.models import Patient, SignedPlan
from opentraction.clinic.outcomes import standing as outcomes
from opentraction.prescription import Plan
from opentraction.quantities import BadInput
from opentraction.screening import Clearance, Consent, Overridden, Verdict, VisitCheck, clear, headline, validity


def _course(patient: Patient, now: datetime) -> str:
    """The course asks the gate's own rooms in turn, so it is looked up late."""
    from opentraction.clinic.courses.standing import stops_today

    return stops_today(patient, now)


def _home(patient: Patient, now: datetime) -> str:
    """What a patient tells at home asks what was pulled, so it is looked up late too."""
    from opentraction.clinic.home.standing import stops_today

    return stops_today(patient, now)


STOPS: Final[tuple[tuple[str, Callable[[Patient, datetime], str]], ...]] = (
    ("intake", screening_stops),
    ("outcomes", outcomes.stops_today),
    ("course", _course),
    ("home", _home),
)
"""Where on the road, and what says in a sentence why nothing may be pulled now; empty where nothing speaks against."""


class NotCleared(BadInput):
    """Why this patient is not treated now, as one sentence that says what to do. `step` is where on the road."""

    def __init__(self, step: str, sentence: str) -> None:
        self.step = step
        self._sentence = sentence
        super().__init__(step, sentence, "what the clinic asks before a treatment")

    def sentence(self) -> str:
        return self._sentence


def clearance_for(patient: Patient, signed: SignedPlan, now: datetime) -> Clearance:
    """The clearance of one signed plan for its patient. Raises NotCleared with the first thing that is wanted."""
    plan = Plan.from_canonical(signed.canonical)
    counts = _screening(patient, plan.region, now)
    _not_too_much(patient, plan, counts, now)
    consent = _consent(patient, plan.region, now)
    visit = _visit(patient, plan.region, now)
    _nothing_since(patient, now)
    clearance = clear(counts, visit, consent, plan.sha256, zone_of(patient.clinic))
    try:
        clearance.check(now, plan.region, plan.sha256)
    except BadInput as refusal:  # what the sentences above did not foresee is refused all the same
        raise NotCleared("intake", str(refusal)) from None
    return clearance


def _screening(patient: Patient, region: str, now: datetime) -> Verdict | Overridden:
    row = newest_screening(patient, region, now)
    if row is None:
        raise NotCleared("intake", _("Nobody has been screened for this region yet. Finish the intake first."))
    counts = row.counts
    verdict = counts.verdict if isinstance(counts, Overridden) else counts
    if counts is verdict and not verdict.may_treat:
        said = headline(verdict)
        raise NotCleared("intake", _("The screening says: {said} Open the verdict.").format(said=said))
    today = day_at(patient.clinic, now)
    if today > verdict.valid_until:
        day = f"{verdict.valid_until:%d %B %Y}"
        raise NotCleared("intake", _("The screening counted until {day}. Screen again.").format(day=day))
    changed = something_changed(patient, region, now)
    if changed:
        sentence = _("Something changed: {changed}. Finish a new intake first.").format(changed=changed.rstrip("."))
        raise NotCleared("intake", sentence)
    apart = contradiction(row, today)  # a verdict on somebody of another sex, age or weight is none on this patient
    if apart:
        raise NotCleared("intake", _("{apart} Correct what is wrong, then screen again.").format(apart=apart))
    return counts


def _not_too_much(patient: Patient, plan: Plan, counts: Verdict | Overridden, now: datetime) -> None:
    """Where screening leaves less than the whole force, no more than that is pulled."""
    from opentraction.clinic.force_left import refused  # asks the course, which is looked up late

    too_much = refused(patient, plan, counts, now)
    if too_much:
        raise NotCleared("course", too_much)


def _consent(patient: Patient, region: str, now: datetime) -> Consent:
    standing = consent_today(patient, region, now)
    if standing.consent is None:
        raise NotCleared("consent", standing.why)
    one = standing.consent
    return Consent(one.version, one.sha256, one.region, one.signed)


def _visit(patient: Patient, region: str, now: datetime) -> VisitCheck:
    visit = visit_today(patient, region, now)
    if visit is None or now - visit.at > timedelta(hours=validity().visit_hours):
        raise NotCleared("visit", _("The check of the day is missing. Ask its questions first."))
    if not visit.may_treat:
        why = " ".join(reason.why for reason in visit.reasons if reason.action is visit.action)
        raise NotCleared("visit", _("Today's check says not to treat. {why}").format(why=why).strip())
    return visit


def _nothing_since(patient: Patient, now: datetime) -> None:
    """What an examination, an adverse event or the course itself says against going on."""
    for step, says in STOPS:
        why = says(patient, now)
        if why:
            raise NotCleared(step, why)
