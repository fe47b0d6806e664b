"""Money on account counts when a package ends; what was billed once stays out of packages; books have one currency."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from opentraction.care.money import Money, zero
from opentraction.clinic.billing.accounts import account_of
from opentraction.clinic.billing.actions.invoices import credit_invoice, issue_invoice
from opentraction.clinic.billing.actions.packages import end_package, sell_package, settled
from opentraction.clinic.billing.actions.payments import Paid, pay_back, take_payment
from opentraction.clinic.billing.given import sessions_given
from opentraction.clinic.billing.models import PackageRow, PaymentRow, PriceListRow
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput
from tests.money_ground import exam_draft, given

pytestmark = pytest.mark.django_db
NOW = timezone.now
THOUSAND = Money(1000_00)


def paid(patient: Patient, by: User, dollars: int, row: PackageRow | None = None) -> None:
    if dollars:
        payment = Paid(Money(dollars * 100), "cash", row.invoice if row else None)
        take_payment(patient, payment, by=by, now=NOW())


@pytest.mark.parametrize(
    ("account", "linked", "refund", "due"),
    [
        (1000, 0, 600, 0),  # all of it on account
        (300, 700, 600, 0),
        (700, 300, 600, 0),
        (0, 1000, 600, 0),
        (500, 0, 100, 0),
        (300, 0, 0, 100),
        (0, 0, 0, 400),
        (1500, 0, 600, 0),  # what is more than the package stays on account
    ],
)
def test_a_package_paid_on_account_settles_as_one_paid_by_its_invoice(
    billed: Patient, prices: PriceListRow, clinician: User, account: int, linked: int, refund: int, due: int
) -> None:
    paid(billed, clinician, account)
    row = sell_package(billed, prices, 10, THOUSAND, 14, by=clinician, now=NOW())
    paid(billed, clinician, linked, row)
    for _ in range(4):
        given(billed, clinician)
    end = end_package(row, "moved away", "cash", by=clinician, now=NOW())
    assert (end.refund.refund, end.refund.due) == (Money(refund * 100), Money(due * 100))
    assert (end.payment.amount if end.payment else zero("USD")) == Money(-refund * 100)
    over = max(0, account + linked - 1000) * 100
    assert account_of(billed).balance == Money(due * 100 - over)


def test_what_another_invoice_still_asks_for_is_paid_from_the_account_first(
    billed: Patient, prices: PriceListRow, clinician: User
) -> None:
    paid(billed, clinician, 1000)
    issue_invoice(billed, exam_draft(billed, billed.clinic), by=clinician, now=NOW())  # $150, open
    row = sell_package(billed, prices, 10, THOUSAND, 14, by=clinician, now=NOW())
    for _ in range(4):
        given(billed, clinician)
    assert settled(row, row.counts_from).refund == Money(450_00)
    end_package(row, "moved away", "cash", by=clinician, now=NOW())
    assert account_of(billed).balance == zero("USD")


def test_a_refund_stands_where_the_money_stood(billed: Patient, prices: PriceListRow, clinician: User) -> None:
    """A package's invoice is not opened again by a refund of money that was never said to be for it."""
    paid(billed, clinician, 1000)
    row = sell_package(billed, prices, 10, THOUSAND, 14, by=clinician, now=NOW())
    end = end_package(row, "moved away", "cash", by=clinician, now=NOW())
    assert end.payment.invoice is None
    assert account_of(billed).open(row.invoice.bill) == zero("USD")


def test_a_session_billed_before_the_package_stays_out_of_it_when_it_is_taken_back(
    billed: Patient, prices: PriceListRow, clinician: User
) -> None:
    first = given(billed, clinician)
    bill = issue_invoice(billed, exam_draft(billed, billed.clinic, first), by=clinician, now=NOW())
    package = sell_package(billed, prices, 2, Money(200_00), 14, by=clinician, now=NOW())
    for _ in range(2):
        given(billed, clinician)
    covered = [None, package, package]
    assert [one.package for one in sessions_given(billed)] == covered
    credit_invoice(bill, (), "the machine was noisy", by=clinician, now=NOW())
    assert [one.package for one in sessions_given(billed)] == covered
    assert [one.to_bill for one in sessions_given(billed)] == [True, False, False]


def test_money_of_another_currency_is_not_taken(billed: Patient, clinician: User) -> None:
    paid(billed, clinician, 10)
    for act in (take_payment, pay_back):
        with pytest.raises(BadInput, match="USD, the currency of the books"):
            act(billed, Paid(Money(100, "EUR"), "cash"), by=clinician, now=NOW())
    assert PaymentRow.objects.count() == 1
    assert account_of(billed).balance == Money(-10_00)
