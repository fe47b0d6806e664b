"""Many desks at once: numbers without a gap and none twice, no session billed twice, no bill paid twice."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from opentraction.care.money import Money, check_row
from opentraction.clinic import roles
from opentraction.clinic.billing.actions.invoices import issue_invoice
from opentraction.clinic.billing.actions.packages import end_package, sell_package
from opentraction.clinic.billing.actions.payments import Paid, take_payment
from opentraction.clinic.billing.models import BilledSession, InvoiceRow, PackageEnd, PaymentRow
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput
from tests.at_once import at_once, needs_postgresql
from tests.clinic_ground import ADA, user_with
from tests.money_ground import exam_draft, given, signed_for, with_books

pytestmark = pytest.mark.django_db(transaction=True)
DESKS, EACH = 8, 5


@pytest.fixture
def by(transactional_db: None) -> User:
    return user_with(roles.CLINICIAN)


@pytest.fixture
def patient(by: User) -> Patient:
    from opentraction.clinic.actions.patients import add_patient

    one = add_patient(dict(ADA), by=by)
    signed_for(one, by)
    with_books(one.clinic, by)
    return one


@needs_postgresql
def test_invoices_issued_at_once_run_in_a_row(patient: Patient, by: User) -> None:
    draft = exam_draft(patient, patient.clinic)

    def issue(desk: int) -> list[int]:
        return [issue_invoice(patient, draft, by=by, now=timezone.now()).number for _ in range(EACH)]

    numbers = [number for got in at_once(issue, DESKS) for number in got]
    assert sorted(numbers) == list(range(1, DESKS * EACH + 1))
    check_row(row.bill.number for row in InvoiceRow.objects.all())


@needs_postgresql
def test_one_session_asked_for_at_eight_desks_is_billed_once(patient: Patient, by: User) -> None:
    session = given(patient, by)
    draft = exam_draft(patient, patient.clinic, session)
    got = at_once(lambda desk: issue_invoice(patient, draft, by=by, now=timezone.now()), DESKS)
    assert sum(isinstance(one, BadInput) for one in got) == DESKS - 1
    assert BilledSession.objects.count() == InvoiceRow.objects.count() == 1


@needs_postgresql
def test_a_bill_is_not_paid_twice_and_a_package_not_refunded_twice(patient: Patient, by: User) -> None:
    prices = with_books(patient.clinic, by)
    package = sell_package(patient, prices, 12, Money(1200_00), 14, by=by, now=timezone.now())
    paid = Paid(Money(1200_00), "card", package.invoice)
    got = at_once(lambda desk: take_payment(patient, paid, by=by, now=timezone.now()), DESKS)
    assert sum(isinstance(one, BadInput) for one in got) == DESKS - 1
    got = at_once(lambda desk: end_package(package, "moved away", "card", by=by, now=timezone.now()), DESKS)
    assert sum(isinstance(one, BadInput) for one in got) == DESKS - 1
    assert PackageEnd.objects.count() == 1
    assert sorted(row.cents for row in PaymentRow.objects.all()) == [-1200_00, 1200_00]


@needs_postgresql
def test_different_papers_at_once_never_wait_for_each_other_for_good(patient: Patient, by: User) -> None:
    """Half of the desks bill, half take money: no deadlock, and both rows are whole."""
    draft = exam_draft(patient, patient.clinic)

    def work(desk: int) -> None:
        for _ in range(EACH):
            if desk % 2:
                issue_invoice(patient, draft, by=by, now=timezone.now())
            else:
                take_payment(patient, Paid(Money(100), "cash"), by=by, now=timezone.now())

    assert at_once(work, DESKS) == [None] * DESKS
    for kind in (InvoiceRow, PaymentRow):
        numbers = sorted(kind._default_manager.values_list("number", flat=True))
        assert numbers == list(range(1, DESKS * EACH // 2 + 1))
