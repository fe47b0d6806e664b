"""Money of the demo's patients: Cleo's package ended after 12 of 20 sessions, Ada has an estimate and paid a part, Ben
owes for his examination. All of it is invented; days count back from today.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care import money
from opentraction.care.money import Money
from opentraction.clinic.billing.actions.books import keep_books
from opentraction.clinic.billing.actions.cover import check_cover, keep_bill_to
from opentraction.clinic.billing.actions.estimates import give_estimate, keep_estimate
from opentraction.clinic.billing.actions.invoices import Draft, issue_invoice
from opentraction.clinic.billing.actions.packages import end_package, sell_package
from opentraction.clinic.billing.actions.payments import Paid, take_payment
from opentraction.clinic.billing.actions.prices import add_prices
from opentraction.clinic.billing.models import InvoiceRow, PriceListRow
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient

NUMBERS: Final[dict[str, Any]] = {
    "prefix": "OT",
    "state": "CA",
    "npi": "1234567893",  # the example number of the registry's own documents; nobody has it
    "tax_number": "00-0000000",
    "clinician": "Dr Eve Example",
}
BEFORE: Final = timedelta(days=1)
PACKAGE: Final = (20, Money(2200_00))


@transaction.atomic
def demo_money(by: User, now: datetime) -> None:
    """Once: where a price list is, somebody has begun already."""
    patients = {one.given_name: one for one in Patient.objects.order_by("-number")}
    if PriceListRow.objects.exists() or not {"Ada", "Ben"} <= set(patients):
        return
    clinic = patients["Ada"].clinic
    keep_books(clinic, dict(NUMBERS), by=by)
    prices = add_prices(clinic, money.starting_prices(), by=by, now=now)
    if "Cleo" in patients:
        _cleo(patients["Cleo"], prices, by, now)
    _examined(patients["Ben"], prices, by, now - timedelta(days=20), ("exam", "cold-pack"))
    _ada(patients["Ada"], prices, by, now)


def _cleo(patient: Patient, prices: PriceListRow, by: User, now: datetime) -> None:
    """A package of 20 bought before the first session, ended after the last one, the rest paid back."""
    first = patient.sessions.order_by("started").first()
    last = patient.sessions.order_by("started").last()
    if first is None or last is None or first.started is None or last.ended is None:
        return
    keep_bill_to(patient, "12 Orchard Lane\nSpringfield", "", "", by=by, now=first.started - BEFORE)
    package = sell_package(patient, prices, *PACKAGE, due_days=14, by=by, now=first.started - BEFORE)
    paid = Paid(PACKAGE[1], "card", package.invoice, reference="ends in 4242")
    take_payment(patient, paid, by=by, now=first.started - BEFORE)
    end_package(package, "the course ended as planned after 12 sessions", "card", by=by, now=last.ended)


def _ada(patient: Patient, prices: PriceListRow, by: User, now: datetime) -> None:
    """An estimate that was given, a payer who will not pay, and an examination that is paid in part."""
    keep_bill_to(patient, "3 Mill Road\nSpringfield", "aetna", "W000000001", by=by, now=now)
    today = day_at(patient.clinic, now)
    way = money.Travel(minutes=25, hundredths=750, unit="mi", per_unit=Money(70))
    order = money.Order(
        prices.prices, 20, 24, today, today + timedelta(days=7), ("exam", "review"), ("x-ray",), travel=way
    )
    row = keep_estimate(patient, money.estimate(order), today, by=by, now=now)
    give_estimate(row, today, "paper", by=by, now=now)
    check_cover(patient, "aetna", {"service": "decompression", "region": "lumbar"}, by=by, now=now)
    bill = _examined(patient, prices, by, now, ("exam",))
    take_payment(patient, Paid(Money(100_00), "card", bill, reference="ends in 1881"), by=by, now=now)


def _examined(patient: Patient, prices: PriceListRow, by: User, now: datetime, keys: tuple[str, ...]) -> InvoiceRow:
    """An invoice of some items of the list, one of each."""
    on = day_at(patient.clinic, now)
    items = [prices.prices.item(key) for key in keys]
    lines = tuple(
        money.Line(one.words, 1, one.price, money.zero(one.price.currency), one.kind, one.code, (), one.taxable, on=on)
        for one in items
    )
    return issue_invoice(patient, Draft(lines, (), on + timedelta(days=14)), by=by, now=now)
