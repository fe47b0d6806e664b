"""Papers: each session billed once, notes and packages settle to the cent, and what was given out stays as it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from opentraction.care.money import Credited, Money, check_row
from opentraction.clinic import roles
from opentraction.clinic.billing import accounts
from opentraction.clinic.billing.accounts import account_of, balance_of, owed_to
from opentraction.clinic.billing.actions.books import keep_books, next_number, open_books
from opentraction.clinic.billing.actions.cover import check_cover
from opentraction.clinic.billing.actions.estimates import give_estimate
from opentraction.clinic.billing.actions.invoices import credit_invoice, issue_invoice
from opentraction.clinic.billing.actions.packages import end_package, sell_package
from opentraction.clinic.billing.actions.payments import Paid, pay_back, take_payment
from opentraction.clinic.billing.actions.prices import add_prices
from opentraction.clinic.billing.given import sessions_given
from opentraction.clinic.billing.models import (
    BilledSession,
    BillTo,
    Books,
    CoverCheck,
    CreditNoteRow,
    EstimateGiven,
    EstimateRow,
    InvoiceRow,
    PackageEnd,
    PackageRow,
    PaymentRow,
    PriceListRow,
)
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.models.clinical import Frozen
from opentraction.quantities import BadInput
from tests import money_ground
from tests.clinic_ground import another_clinic, user_with
from tests.money_ground import exam_draft, given, with_books

pytestmark = pytest.mark.django_db
NOW = timezone.now


def test_numbers_run_in_a_row_for_each_clinic_and_kind(billed: Patient, clinician: User) -> None:
    draft = exam_draft(billed, billed.clinic)
    rows = [issue_invoice(billed, draft, by=clinician, now=NOW()) for _ in range(3)]
    assert [row.shown for row in rows] == [f"NW-I-00000{n}" for n in (1, 2, 3)]
    assert take_payment(billed, Paid(Money(100), "cash"), by=clinician, now=NOW()).shown == "NW-R-000001"
    north = another_clinic()
    boss = user_with(roles.CLINICIAN, north)
    eve = Patient(clinic=north, given_name="Eve", family_name="North", birth_date=date(1980, 1, 1), mass_kg=70.0)
    eve.stature_m = 1.7
    eve.save()
    with_books(north, boss)
    assert issue_invoice(eve, exam_draft(eve, north), by=boss, now=NOW()).number == 1
    check_row(row.bill.number for row in InvoiceRow.objects.filter(clinic=billed.clinic))


def test_an_invoice_that_fails_leaves_no_gap(billed: Patient, clinician: User) -> None:
    draft = exam_draft(billed, billed.clinic)
    try:
        with transaction.atomic():
            issue_invoice(billed, draft, by=clinician, now=NOW())
            raise RuntimeError("the server falls over")
    except RuntimeError:
        assert not InvoiceRow.objects.exists()
    assert issue_invoice(billed, draft, by=clinician, now=NOW()).number == 1
    assert AuditRow.objects.filter(act="issue invoice").count() == 1


def test_the_database_refuses_a_number_twice(billed: Patient, clinician: User) -> None:
    row = money_ground.invoice_of(billed, clinician)
    twin = InvoiceRow(patient=billed, clinic=row.clinic, number=row.number, shown=row.shown, on=row.on, due=row.due)
    twin.cents, twin.currency, twin.at, twin.by = 1, "USD", NOW(), clinician
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_numbers_are_given_out_under_a_lock_only(billed: Patient) -> None:
    with transaction.atomic():
        assert next_number(open_books(billed.clinic), "invoice").number == 1


def test_a_session_is_billed_once_and_again_only_after_it_was_taken_back(billed: Patient, clinician: User) -> None:
    session = given(billed, clinician)
    draft = exam_draft(billed, billed.clinic, session, price="130.00 USD")
    first = issue_invoice(billed, draft, by=clinician, now=NOW())
    with pytest.raises(BadInput, match="stands on no invoice"):
        issue_invoice(billed, draft, by=clinician, now=NOW())
    credit_invoice(first, [Credited(0, Money(50_00))], "too much asked", by=clinician, now=NOW())
    with pytest.raises(BadInput):
        issue_invoice(billed, draft, by=clinician, now=NOW())
    credit_invoice(first, (), "wrong price", by=clinician, now=NOW())
    issue_invoice(billed, draft, by=clinician, now=NOW())
    assert list(BilledSession.objects.order_by("turn").values_list("turn", flat=True)) == [1, 2]
    assert account_of(billed).balance == Money(130_00)


def test_the_database_refuses_a_session_twice(billed: Patient, clinician: User) -> None:
    session = given(billed, clinician)
    row = issue_invoice(billed, exam_draft(billed, billed.clinic, session), by=clinician, now=NOW())
    with pytest.raises(IntegrityError), transaction.atomic():
        BilledSession(invoice=row, session=session, line=0, turn=1, at=NOW(), by=clinician).save()


@pytest.mark.parametrize(
    ("ending", "share", "counts"),
    [
        ("completed", 1.0, True),
        ("patient stop", 0.49, False),
        ("patient stop", 0.51, True),
        ("clinician stop", 0.2, False),
        ("console stop", 0.9, True),
        ("fault", 0.99, False),
        ("interrupted", 0.99, False),
    ],
)
def test_what_counts_is_the_domains_rule(
    ending: str, share: float, counts: bool, billed: Patient, clinician: User
) -> None:
    session = given(billed, clinician, ending, share)
    assert [one.to_bill for one in sessions_given(billed)] == [counts]
    if not counts:
        with pytest.raises(BadInput):
            issue_invoice(billed, exam_draft(billed, billed.clinic, session), by=clinician, now=NOW())


def test_a_set_up_without_a_pull_is_no_session(billed: Patient, clinician: User) -> None:
    given(billed, clinician, "completed", 0.0)
    assert sessions_given(billed) == []


def test_another_patients_session_cannot_be_billed(billed: Patient, clinician: User) -> None:
    from opentraction.clinic.actions.patients import add_patient
    from tests.clinic_ground import ADA

    session = given(billed, clinician)
    ben = add_patient(dict(ADA) | {"given_name": "Ben"}, by=clinician)
    with pytest.raises(BadInput):
        issue_invoice(ben, exam_draft(ben, ben.clinic, session), by=clinician, now=NOW())


def sold(patient: Patient, prices: PriceListRow, by: User, sessions: int = 3) -> PackageRow:
    return sell_package(patient, prices, sessions, Money(100_00 * sessions), 14, by=by, now=NOW())


def test_a_package_takes_sessions_in_order_and_the_next_are_to_bill(
    billed: Patient, prices: PriceListRow, clinician: User
) -> None:
    package = sold(billed, prices, clinician)
    for _ in range(4):
        given(billed, clinician)
    given(billed, clinician, "fault", 0.9)
    assert [one.package for one in sessions_given(billed)] == [package, package, package, None, None]
    assert [one.to_bill for one in sessions_given(billed)] == [False, False, False, True, False]
    assert sold(billed, prices, clinician) != package  # the first is used up


def test_a_second_package_waits_for_the_first(billed: Patient, prices: PriceListRow, clinician: User) -> None:
    sold(billed, prices, clinician)
    with pytest.raises(BadInput, match="this one has 3"):
        sold(billed, prices, clinician)


@pytest.mark.parametrize(
    ("paid", "taken", "refund", "due"),
    [(300_00, 1, 200_00, 0), (300_00, 0, 300_00, 0), (100_00, 2, 0, 100_00), (0, 0, 0, 0), (200_00, 2, 0, 0)],
)
def test_an_ended_package_settles_to_the_cent(
    paid: int, taken: int, refund: int, due: int, billed: Patient, prices: PriceListRow, clinician: User
) -> None:
    package = sold(billed, prices, clinician)
    if paid:
        take_payment(billed, Paid(Money(paid), "card", package.invoice), by=clinician, now=NOW())
    for _ in range(taken):
        given(billed, clinician)
    end = end_package(package, "moved away", "card", by=clinician, now=NOW())
    assert (end.refund.refund.cents, end.refund.due.cents) == (refund, due)
    assert account_of(billed).balance.cents == balance_of(billed) == due
    assert PaymentRow.objects.filter(cents__lt=0).exists() is bool(refund)
    with pytest.raises(BadInput):
        end_package(package, "moved away", "card", by=clinician, now=NOW())
    given(billed, clinician)
    assert [one.to_bill for one in sessions_given(billed)] == [False] * taken + [True]


def test_a_package_that_was_used_up_does_not_end_early(billed: Patient, prices: PriceListRow, clinician: User) -> None:
    package = sold(billed, prices, clinician, sessions=1)
    given(billed, clinician)
    with pytest.raises(BadInput, match="every one of this was taken"):
        end_package(package, "moved away", "card", by=clinician, now=NOW())


def test_the_invoice_of_a_package_is_taken_back_by_ending_it(
    billed: Patient, prices: PriceListRow, clinician: User
) -> None:
    package = sold(billed, prices, clinician)
    with pytest.raises(BadInput):
        credit_invoice(package.invoice, (), "by another way", by=clinician, now=NOW())


def test_only_what_is_owed_is_paid_back(billed: Patient, clinician: User) -> None:
    with pytest.raises(BadInput, match="owe this patient nothing"):
        pay_back(billed, Paid(Money(1), "cash"), by=clinician, now=NOW())
    take_payment(billed, Paid(Money(50_00), "cash"), by=clinician, now=NOW())
    with pytest.raises(BadInput, match=r"at most \$50"):
        pay_back(billed, Paid(Money(50_01), "cash"), by=clinician, now=NOW())
    pay_back(billed, Paid(Money(50_00), "cash"), by=clinician, now=NOW())
    assert balance_of(billed) == 0


def test_a_payment_below_zero_or_tomorrow_is_refused(billed: Patient, clinician: User) -> None:
    with pytest.raises(BadInput):
        take_payment(billed, Paid(Money(-1), "cash"), by=clinician, now=NOW())
    tomorrow = timezone.localdate() + timedelta(days=2)
    with pytest.raises(BadInput):
        take_payment(billed, Paid(Money(1), "cash", on=tomorrow), by=clinician, now=NOW())


def test_the_clinics_list_says_what_each_account_says(billed: Patient, clinician: User) -> None:
    row = money_ground.invoice_of(billed, clinician)
    take_payment(billed, Paid(Money(40_00), "cash", row), by=clinician, now=NOW())
    debts = owed_to(billed.clinic, row.due, "USD")
    (owed,) = debts.page()
    assert (owed.open, owed.late) == (account_of(billed).open(row.bill), False)
    assert (debts.sum, debts.late) == (owed.open, Money(0))
    later = row.due + timedelta(days=1)
    debts = owed_to(billed.clinic, later, "USD")
    assert debts.page()[0].late is bool(account_of(billed).overdue(later))
    assert debts.late == owed.open
    take_payment(billed, Paid(Money(110_00), "cash"), by=clinician, now=NOW())  # on account: open, but not overdue
    debts = owed_to(billed.clinic, later, "USD")
    assert ([one.late for one in debts.page()], debts.late) == ([False], Money(0))
    assert account_of(billed).overdue(later) == ()


def test_a_long_list_is_shown_a_page_at_a_time_and_summed_whole(
    billed: Patient, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "A_PAGE", 2)
    row = money_ground.invoice_of(billed, clinician)
    debts = owed_to(billed.clinic, row.due, "USD")
    five = accounts.Debts(debts.open * 5, "USD")
    assert [len(five.page(n)) for n in ("", 1, 2, 3, "4", "x")] == [2, 2, 2, 1, 1, 2]
    assert five.sum.cents == 5 * debts.sum.cents
    assert list(accounts.Debts((), "USD").page()) == []


def test_prefix_and_currency_stay_once_a_paper_was_given_out(billed: Patient, clinician: User) -> None:
    keep_books(billed.clinic, {"prefix": "SW"}, by=clinician)
    money_ground.invoice_of(billed, clinician)
    with pytest.raises(BadInput, match="SW"):
        keep_books(billed.clinic, {"prefix": "NW"}, by=clinician)
    with pytest.raises(BadInput):
        keep_books(billed.clinic, {"currency": "EUR"}, by=clinician)
    keep_books(billed.clinic, {"state": "OR"}, by=clinician)


def test_what_was_issued_does_not_change_with_the_books(billed: Patient, clinician: User) -> None:
    row = money_ground.invoice_of(billed, clinician)
    before = row.bill
    keep_books(billed.clinic, {"state": "OR", "clinician": "Somebody else"}, by=clinician)
    billed.family_name = "Married"
    billed.save()
    assert InvoiceRow.objects.get(pk=row.pk).bill == before


def test_who_does_not_bill_or_is_of_another_clinic_is_refused(billed: Patient, prices: PriceListRow) -> None:
    draft = exam_draft(billed, billed.clinic)
    strangers = (user_with(roles.THERAPIST, billed.clinic), user_with(roles.CLINICIAN, another_clinic()))
    for by in strangers:
        with pytest.raises(PermissionDenied):
            issue_invoice(billed, draft, by=by, now=NOW())
        with pytest.raises(PermissionDenied):
            take_payment(billed, Paid(Money(1), "cash"), by=by, now=NOW())
        with pytest.raises(PermissionDenied):
            sell_package(billed, prices, 3, Money(100), 14, by=by, now=NOW())
        with pytest.raises(PermissionDenied):
            keep_books(billed.clinic, {"state": "X"}, by=by)
        with pytest.raises(PermissionDenied):
            add_prices(billed.clinic, prices.prices, by=by, now=NOW())
        with pytest.raises(PermissionDenied):
            check_cover(billed, "aetna", {}, by=by, now=NOW())
    assert not InvoiceRow.objects.exists()


def test_every_act_is_in_the_record(billed: Patient, clinician: User) -> None:
    one_of_each(billed, clinician)
    acts = set(AuditRow.objects.filter(by=clinician).values_list("act", flat=True))
    assert {
        "keep books",
        "add price list",
        "make estimate",
        "give estimate",
        "issue invoice",
        "credit invoice",
        "take payment",
        "sell package",
        "end package",
        "check cover",
        "keep bill address",
    } <= acts


def one_of_each(patient: Patient, by: User) -> None:
    from opentraction.clinic.billing.actions.cover import keep_bill_to

    estimate = money_ground.estimate_of(patient, by)
    give_estimate(estimate, estimate.made_on, "paper", by=by, now=NOW())
    session = given(patient, by)
    issue_invoice(patient, exam_draft(patient, patient.clinic, session), by=by, now=NOW())
    money_ground.note_of(patient, by)
    money_ground.payment_of(patient, by)
    money_ground.ended_package_of(patient, by)
    check_cover(patient, "aetna", {"service": "decompression"}, by=by, now=NOW())
    keep_bill_to(patient, "1 High Street", "aetna", "", by=by, now=NOW())


KEPT = (
    PriceListRow,
    EstimateRow,
    EstimateGiven,
    InvoiceRow,
    BilledSession,
    CreditNoteRow,
    PaymentRow,
    PackageRow,
    PackageEnd,
    CoverCheck,
    BillTo,
)


def test_what_was_given_out_stays_as_it_was(billed: Patient, clinician: User) -> None:
    """By the model, and by the database for whoever writes SQL."""
    one_of_each(billed, clinician)
    for kind in KEPT:
        row = kind._default_manager.first()
        assert row is not None, kind
        with pytest.raises(Frozen):
            row.save()
        with pytest.raises(Frozen):
            row.delete()
        table = kind._meta.db_table
        for words in (f"UPDATE {table} SET at = at", f"DELETE FROM {table}"):
            refused = pytest.raises(DatabaseError, match="kept as it was written")
            with refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(words)
    with pytest.raises(Frozen):
        Books.objects.get().delete()


def test_a_row_that_was_altered_is_not_believed(billed: Patient, clinician: User) -> None:
    row = money_ground.invoice_of(billed, clinician)
    row.canonical = row.canonical.replace("15000", "15001")
    with pytest.raises(BadInput, match="altered"):
        _ = row.bill


def test_cover_keeps_facts_of_the_record_from_the_front_desk(billed: Patient, desk: User, clinician: User) -> None:
    facts = {"service": "traction", "region": "lumbar", "weeks_of_failed_care": 2.0}
    assert check_cover(billed, "cigna", facts, by=desk, now=NOW()).facts == {"service": "traction"}
    row = check_cover(billed, "cigna", facts, by=clinician, now=NOW())
    assert row.said["meets"] is False
    assert row.read_on is not None
    assert not row.stale(row.read_on + timedelta(days=300))
    assert row.stale(row.read_on + timedelta(days=400))
