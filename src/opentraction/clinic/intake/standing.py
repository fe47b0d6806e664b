"""How a patient stands with screening: what the gate at the table asks, and nothing else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.days import day_at
from opentraction.clinic.intake.models import Intake, Screening, VisitCheckRow
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput
from opentraction.screening import REGIONS, TREATS, Near, Overridden, Verdict, VisitCheck, apart, screen

ANYWHERE: Final = frozenset({"EMERGENCY", "REFER_URGENT"})
"""What stops every treatment, whichever region it was found in."""
OF_THE_PERSON: Final = frozenset({"V3", "V4", "V5"})
"""Rules of the check of the day that are true of the whole person: pregnancy, injury or fever, new medicine."""
YEARS_APART: Final = 1.5
MASS_APART: Final = 0.1
STATURE_APART: Final = 0.1
"""[years, share of the mass, m] From here on answers and record speak of two bodies, so one is wrong; our proposal."""


def stops_today(patient: Patient, now: datetime) -> str:
    """What was found in any region and forbids a pull at each: to be sent on at once, or new facts; else empty.

    Who is to be sent on for the neck is not pulled at the back meanwhile. A newer screening of that region settles it,
    or a clinician's override, where one is allowed. A later, calm check of the day settles nothing.
    """
    return next((said for region in REGIONS if (said := _urgent(patient, region, now))), "") or _new(patient, now)


def _urgent(patient: Patient, region: str, now: datetime) -> str:
    screening = newest_screening(patient, region, now)
    where = _("neck") if region == "cervical" else _("low back")
    found = screening.counts.action.name if screening is not None else ""
    if found in ANYWHERE:
        return _("The screening of the {region} says {what}. Open its verdict.").format(region=where, what=_what(found))
    since = screening.decided if screening is not None else None
    checks = {one.action for one in visits_since(patient, now, since) if one.region == region} & ANYWHERE
    if checks:
        said = _("A check of the {region} says {what}. Screen that region again.")
        return said.format(region=where, what=_what("EMERGENCY" if "EMERGENCY" in checks else ""))
    return ""


def _what(action: str) -> str:
    return _("emergency: to a hospital now") if action == "EMERGENCY" else _("to refer")


def _new(patient: Patient, now: datetime) -> str:
    """What was told of the whole person at a check of any region, and nobody has screened since."""
    screenings = (newest_screening(patient, region, now) for region in REGIONS)
    since = max((one.decided for one in screenings if one is not None), default=None)
    for visit in visits_since(patient, now, since):
        for reason in visit.check_made.reasons:
            if reason.known and reason.rule in OF_THE_PERSON:
                return _("A check of the day says: {what} Screen again.").format(what=reason.clinical)
    return ""


@asked_once
def visits_since(patient: Patient, now: datetime, since: datetime | None) -> tuple[VisitCheckRow, ...]:
    """The checks of the day after a moment, of every region, the newest first."""
    rows = VisitCheckRow.objects.filter(patient=patient, at__lte=now)
    return tuple((rows if since is None else rows.filter(at__gte=since)).order_by("-at", "-id"))


def screened(patient: Patient, region: str, now: datetime) -> Verdict | Overridden | None:
    """The newest screening of `region` by `now`, with its override if it has one; None where there is none.

    Whether it still counts is the clearance's to say. A newer intake that is not finished does not replace it, except
    where the patient's own answers in it say EMERGENCY: that is a screening already. Raises BadInput where a stored
    document was altered.
    """
    newest = newest_screening(patient, region, now)
    return None if newest is None else newest.counts


@asked_once
def newest_screening(patient: Patient, region: str, now: datetime) -> Screening | None:
    """The row behind `screened`."""
    rows = Screening.objects.filter(patient=patient, region=region, decided__lte=now)
    return rows.select_related("override", "patient").order_by("-decided", "-id").first()


@asked_once
def something_changed(patient: Patient, region: str, now: datetime) -> str:
    """What was said since the newest screening and has not been screened; empty where nothing was.

    It is what somebody wrote when they began an intake anew, or an answer in one that by itself forbids a pull. Setting
    that intake aside takes nothing back: it stands until a later one is screened.
    """
    screening = newest_screening(patient, region, now)
    rows = Intake.objects.filter(patient=patient, region=region)
    told = Q(completed=None) | Q(screenings=None)
    if screening is not None:
        told &= Q(completed=None) | Q(completed__gte=screening.decided)
    unscreened = rows.filter(told).select_related("patient__clinic").order_by("-id")
    return next((said for one in unscreened if (said := one.because or _grave(one, now))), "")


def _grave(intake: Intake, now: datetime) -> str:
    """The worst of what is answered already, where it is too grave to go on; what is not answered yet says nothing."""
    verdict = screen(intake.as_intake(), today=day_at(intake.patient.clinic, now))
    known = [reason for reason in verdict.reasons if reason.known and reason.action not in TREATS]
    return max(known, key=lambda reason: reason.action).clinical if known else ""


def contradiction(row: Screening, today: date) -> str:
    """Where the verdict was given on another body than the record's, in words for people; empty where it was not."""
    try:
        body = row.patient.as_person(today).body
    except BadInput as refusal:
        return refusal.sentence()
    near = Near(YEARS_APART, MASS_APART * body.mass, STATURE_APART, unstated=False)
    found = next(iter(apart(row.snapshot.answers, body, near)), None)
    if found is None:
        return ""
    return _("The intake says {one}, the record {other}.").format(one=found.said, other=found.there)


def visit_today(patient: Patient, region: str, now: datetime) -> VisitCheck | None:
    """The newest check of the day for `region` by `now`, however old; None where there is none.

    How long it counts is the clearance's to say. Raises BadInput where the stored document was altered.
    """
    newest = newest_visit(patient, region, now)
    return None if newest is None else newest.check_made


@asked_once
def newest_visit(patient: Patient, region: str, now: datetime) -> VisitCheckRow | None:
    """The row behind `visit_today`."""
    rows = VisitCheckRow.objects.filter(patient=patient, region=region, at__lte=now)
    return rows.order_by("-at", "-id").first()
