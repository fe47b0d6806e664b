"""The step of money on a patient's road: whether an estimate was given, and what is owed."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from opentraction.care.money import Money
from opentraction.clinic import roles
from opentraction.clinic.billing.accounts import balance_of
from opentraction.clinic.billing.models import EstimateRow
from opentraction.clinic.billing.papers_of import invoices_of
from opentraction.clinic.models import Patient
from opentraction.clinic.road import State, Step


def steps(patient: Patient, when: datetime) -> list[Step]:
    """One step."""
    state, words = _stands(patient)
    return [Step("bills", _("Costs"), reverse("billing:account", args=[patient.pk]), state, words, roles.BILL)]


def _stands(patient: Patient) -> tuple[State, str]:
    estimate = EstimateRow.objects.filter(patient=patient).select_related("given").first()
    if estimate is not None and not hasattr(estimate, "given"):  # a legal day hangs on it, whatever was paid since
        return "next", _("give the estimate")
    invoices = invoices_of(patient)
    if invoices:
        cents = balance_of(patient)
        much = Money(abs(cents), invoices[-1].currency).show()
        return _balance(cents, much)
    return ("next", _("no estimate yet")) if estimate is None else ("done", _("estimate given"))


def _balance(cents: int, much: str) -> tuple[State, str]:
    if cents > 0:
        return "look", _("{much} owed").format(much=much)
    return ("look", _("we owe {much}").format(much=much)) if cents < 0 else ("done", _("settled"))
