"""How a patient stands with screening: what the gate at the table asks, and nothing else."""

from __future__ import annotations

from datetime import datetime

from opentraction.clinic.intake.models import Intake, Screening, VisitCheckRow
from opentraction.clinic.models import Patient
from opentraction.screening import Overridden, Verdict, VisitCheck


def screened(patient: Patient, region: str, now: datetime) -> Verdict | Overridden | None:
    """The newest screening of `region` by `now`, with its override if it has one; None where there is none.

    Whether it still counts is the clearance's to say. A newer intake that is not finished does not replace it, except
    where the patient's own answers in it say EMERGENCY: that is a screening already. Raises BadInput where a stored
    document was altered.
    """
    newest = newest_screening(patient, region, now)
    return None if newest is None else newest.counts


def newest_screening(patient: Patient, region: str, now: datetime) -> Screening | None:
    """The row behind `screened`."""
    rows = Screening.objects.filter(patient=patient, region=region, decided__lte=now)
    return rows.select_related("override", "patient").order_by("-decided", "-id").first()


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


def newest_visit(patient: Patient, region: str, now: datetime) -> VisitCheckRow | None:
    """The row behind `visit_today`."""
    rows = VisitCheckRow.objects.filter(patient=patient, region=region, at__lte=now)
    return rows.order_by("-at", "-id").first()
