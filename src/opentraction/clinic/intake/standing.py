"""How a patient stands with screening: what the gate at the table asks, and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.intake.models import Intake, Screening, VisitCheckRow
from opentraction.clinic.models import Patient
from opentraction.screening import REGIONS, Overridden, Verdict, VisitCheck

ANYWHERE: Final = frozenset({"EMERGENCY", "REFER_URGENT"})
"""What stops every treatment, whichever region it was found in."""


def stops_today(patient: Patient, now: datetime) -> str:
    """An emergency or an urgent referral found in any region, by its newest screening or check; else empty.

    Who is to be sent on for the neck is not pulled at the back meanwhile. A newer screening of that region settles it,
    or a clinician's override, where one is allowed.
    """
    return next((said for region in REGIONS if (said := _urgent(patient, region, now))), "")


def _urgent(patient: Patient, region: str, now: datetime) -> str:
    screening, visit = newest_screening(patient, region, now), newest_visit(patient, region, now)
    where = _("neck") if region == "cervical" else _("low back")
    if screening is not None and screening.counts.action.name in ANYWHERE:
        return _("The screening of the {region} says to refer. Open its verdict.").format(region=where)
    if visit is not None and visit.action in ANYWHERE and (screening is None or screening.decided < visit.at):
        return _("A check of the {region} says to refer. Screen that region again.").format(region=where)
    return ""


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
def something_changed(patient: Patient, region: str) -> str:
    """What was said to have changed since, in an intake that is not finished yet; empty where nothing was."""
    rows = Intake.objects.filter(patient=patient, region=region, completed=None)
    return rows.values_list("because", flat=True).first() or ""


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
