"""What the tests of money begin with: books, a price list, sessions that were given, and one paper of each kind."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from opentraction.care import money
from opentraction.care.money import Credited, Money, Order, estimate, starting_prices
from opentraction.clinic.actions import treatments
from opentraction.clinic.billing.actions.books import keep_books
from opentraction.clinic.billing.actions.estimates import keep_estimate
from opentraction.clinic.billing.actions.invoices import Draft, credit_invoice, issue_invoice
from opentraction.clinic.billing.actions.packages import end_package, sell_package
from opentraction.clinic.billing.actions.payments import Paid, take_payment
from opentraction.clinic.billing.actions.prices import add_prices
from opentraction.clinic.billing.models import (
    CreditNoteRow,
    EstimateRow,
    InvoiceRow,
    PackageRow,
    PaymentRow,
    PriceListRow,
)
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Clinic, Patient, Prescription, SignedPlan, TreatmentSession

NUMBERS: dict[str, Any] = {
    "prefix": "NW",
    "state": "CA",
    "npi": "1234567893",
    "tax_number": "00-0000000",
    "clinician": "Dr Eve Example",
}


def with_books(clinic: Clinic, by: User) -> PriceListRow:
    """The price list that ships, and books with every number a good-faith estimate needs; made once."""
    row = PriceListRow.objects.filter(clinic=clinic).first()
    if row is not None:
        return row
    keep_books(clinic, dict(NUMBERS), by=by)
    return add_prices(clinic, starting_prices(), by=by, now=timezone.now())


def given(patient: Patient, by: User, ending: str = "completed", share: float = 1.0) -> TreatmentSession:
    """A session that was pulled for a share of its planned time, ended just now."""
    signed = treatments.newest_signed(patient)
    assert signed is not None
    plan: SignedPlan = signed.plans.first()
    planned = _planned(plan)
    now = timezone.now()
    session = TreatmentSession(patient=patient, plan=plan, operator=by, started=now, ended=now, ending=ending)
    session.summary = {"treatment_s": share * planned}
    session.save()
    return session


def _planned(plan: SignedPlan) -> float:
    from opentraction.prescription import Plan

    return float(Plan.from_canonical(plan.canonical).total_time)


def exam_draft(patient: Patient, clinic: Clinic, *sessions: TreatmentSession, price: str = "150.00 USD") -> Draft:
    """An invoice of an examination, or of sessions."""
    today = day_at(clinic, timezone.now())
    each = money.parse_money(price, "price")
    words = "Decompression session" if sessions else "First examination"
    line = money.Line(words, 1, each, money.zero("USD"), "exam", "99203", on=today)
    return Draft((line,) * max(1, len(sessions)), tuple(one.pk for one in sessions), today)


def invoice_of(patient: Patient, by: User) -> InvoiceRow:
    with_books(patient.clinic, by)
    return patient.invoices.filter(package=None).first() or issue_invoice(
        patient, exam_draft(patient, patient.clinic), by=by, now=timezone.now()
    )


def note_of(patient: Patient, by: User) -> CreditNoteRow:
    row = invoice_of(patient, by)
    return row.notes.first() or credit_invoice(
        row, [Credited(0, Money(100))], "one dollar too much", by=by, now=timezone.now()
    )


def payment_of(patient: Patient, by: User) -> PaymentRow:
    row = invoice_of(patient, by)
    return row.payments.first() or take_payment(patient, Paid(Money(10_00), "cash", row), by=by, now=timezone.now())


def estimate_of(patient: Patient, by: User) -> EstimateRow:
    row = with_books(patient.clinic, by)
    today = day_at(patient.clinic, timezone.now())
    course = estimate(Order(row.prices, 20, 24, today, chosen=("exam",), maybe=("x-ray",)))
    return patient.estimates.first() or keep_estimate(patient, course, today, by=by, now=timezone.now())


def package_of(patient: Patient, by: User) -> PackageRow:
    prices = with_books(patient.clinic, by)
    return patient.packages.filter(end=None).first() or sell_package(
        patient, prices, 12, Money(1200_00), 14, by=by, now=timezone.now()
    )


def ended_package_of(patient: Patient, by: User) -> PackageRow:
    ended = patient.packages.exclude(end=None).first()
    if ended is not None:
        return ended
    row = package_of(patient, by)
    end_package(row, "moved away", "card", by=by, now=timezone.now())
    return row


def signed_for(patient: Patient, by: User) -> Prescription:
    """A signed prescription, so that sessions can be given."""
    from opentraction.clinic.actions import prescriptions
    from tests.clinic_ground import DOCUMENT, confirmed

    drafted = prescriptions.draft(patient, "Short", DOCUMENT, by=by)
    return prescriptions.sign(drafted, by=by, confirmed=confirmed(by))
