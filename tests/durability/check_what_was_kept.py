"""Run in a process of its own beside a clinic that was killed: what is missing or half, one sentence a line.

Standard input: what was acknowledged, as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402

from opentraction.clinic.agenda.models import Appointment, Hold  # noqa: E402
from opentraction.clinic.billing.models import InvoiceRow  # noqa: E402
from opentraction.clinic.chain import broken_link  # noqa: E402
from opentraction.clinic.models import AuditRow, Clinic, Patient  # noqa: E402
from opentraction.clinic.outcomes.models import AdverseEventRow, OutcomeForm  # noqa: E402

ACTS = {
    ("add patient",): Patient, ("issue invoice",): InvoiceRow,
    ("book appointment", "book series"): Appointment,
}  # fmt: skip


def missing(acknowledged: list[list[Any]]) -> Iterator[str]:
    """What somebody was told is kept, and is not."""
    events = {row.event.what: row.patient_id for row in AdverseEventRow.objects.all()}
    for kind, *known in acknowledged:
        if not _there(kind, known, events):
            yield f"acknowledged and gone: {kind} {known}"


def _there(kind: str, known: list[Any], events: dict[str, int]) -> bool:
    if kind == "patient":
        return Patient.objects.filter(pk=known[0], family_name=known[1]).exists()
    if kind == "outcome":
        return any(row.form.answers["average"] == 5 for row in OutcomeForm.objects.filter(patient=known[0]))
    if kind == "event":
        return events.get(known[1]) == known[0]
    if kind == "invoice":
        return any(row.bill.total.cents == row.cents for row in InvoiceRow.objects.filter(pk=known[0]))
    booked = Appointment.objects.filter(patient=known[0], starts=datetime.fromisoformat(known[1]))
    return any(row.stands and len(row.taken) > 0 for row in booked)


def half() -> Iterator[str]:
    """What is there without what belongs to it."""
    for clinic in Clinic.objects.all():
        numbers = list(InvoiceRow.objects.filter(clinic=clinic).order_by("number").values_list("number", flat=True))
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"invoice numbers of {clinic} have a gap: {numbers}"
    for one, two in pairwise(Hold.objects.filter(stands=True).order_by("resource", "starts")):
        if one.resource_id == two.resource_id and two.starts < one.ends:
            yield f"booked twice: {one} and {two}"
    for row in Appointment.objects.all():
        if row.stands and not row.taken:
            yield f"an appointment that takes nothing: {row}"
    for act, kind in ACTS.items():
        acts, rows = AuditRow.objects.filter(act__in=act).count(), kind.objects.count()
        if acts != rows:
            yield f"{rows} of {kind.__name__}, but {acts} times {act}"


def main() -> None:
    """Tell."""
    found = [*missing(json.load(sys.stdin)), *half()]
    broken = broken_link()
    if broken is not None:
        found.append(f"the record of acts: row {broken.row}: {broken.why}")
    if not User.objects.exists():
        found.append("nobody is left")
    print("\n".join(found))


if __name__ == "__main__":
    main()
