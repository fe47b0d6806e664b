"""A patient's account: what is owed, what is to do, every paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from opentraction.care.money import Account, Dispute, Money, dispute, payers
from opentraction.care.money.good_faith import must_give_by
from opentraction.clinic import roles
from opentraction.clinic.billing.accounts import account_of
from opentraction.clinic.billing.actions.cover import keep_bill_to, keep_diagnoses
from opentraction.clinic.billing.forms.fields import Field, Form, one_of, words
from opentraction.clinic.billing.given import sessions_given
from opentraction.clinic.billing.models import EstimateRow, InvoiceRow, bill_to
from opentraction.clinic.billing.papers_of import credit_notes_of, invoices_of, packages_of, payments_of
from opentraction.clinic.billing.views.common import Desk
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput


@require_GET
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Balance, what is to bill, packages, estimates, open invoices, cover, every movement."""
    desk = Desk(request)
    patient = desk.patient(pk)
    reading(request, patient, "account")
    return _account(desk, patient, address_form(patient), diagnoses_form(patient))


def _account(desk: Desk, patient: Patient, address: Form, diagnoses: Form) -> HttpResponse:
    sums = account_of(patient)
    given = sessions_given(patient)
    cover = patient.cover_checks.first()
    page = {
        "patient": patient,
        "balance": sums.balance,
        "owed": Money(abs(sums.balance.cents), sums.currency),
        "overdue": {bill.number.show() for bill in sums.overdue(desk.today)},
        "given": given,
        "to_bill": [one for one in given if one.to_bill],
        "open": _open(patient, sums),
        "papers": _papers(patient, sums),
        "packages": [_package(one, given) for one in packages_of(patient)],
        "estimate": _newest_estimate(patient, desk.today),
        "cover": cover,
        "stale": cover is not None and cover.stale(desk.today),
        "prices": desk.prices(),
        "payers": payers(),
        "payer": bill_to(patient).payer,
        "address": address,
        "diagnoses": diagnoses if roles.may(desk.user, roles.SIGN) else None,
    }
    return desk.page("account", page, 400 if address.bad or diagnoses.bad else 200)


def _open(patient: Patient, sums: Account) -> list[tuple[InvoiceRow, Money]]:
    rows = {row.shown: row for row in invoices_of(patient)}
    owed = [(rows[bill.number.show()], sums.open(bill)) for bill in sums.invoices]
    return [(row, still) for row, still in owed if still.cents > 0]


def _papers(patient: Patient, sums: Account) -> list[dict[str, Any]]:
    """Every movement, the newest first, with the row its paper is made from."""
    rows: dict[str, Any] = {}
    for many in (invoices_of, credit_notes_of, payments_of):
        rows |= {row.shown: row for row in many(patient)}
    return [{"entry": entry, "row": rows[entry.paper]} for entry in reversed(sums.entries())]


def _package(row: Any, given: list[Any]) -> dict[str, Any]:
    taken = sum(one.package == row for one in given)
    package, end = row.package, getattr(row, "end", None)
    left = package.sessions - taken
    return {
        "row": row,
        "package": package,
        "taken": taken,
        "left": left,
        "end": end,
        "running": end is None and left > 0,
    }


def _newest_estimate(patient: Patient, today: date) -> dict[str, Any] | None:
    row = EstimateRow.objects.filter(patient=patient).select_related("given").first()
    if row is None:
        return None
    given = getattr(row, "given", None)
    page = {"row": row, "course": row.course, "given": given, "by": None if given else give_by(row)}
    return page | {"dispute": _dispute(patient, row, today)}


def _dispute(patient: Patient, row: EstimateRow, today: date) -> Dispute | None:
    """What was billed since the estimate, less what was taken back, held against it; None while nothing was."""
    bills = {bill.pk: bill for bill in invoices_of(patient) if bill.on >= row.made_on}
    form = row.form
    if not bills or form is None:
        return None
    taken_back = sum(note.cents for note in credit_notes_of(patient) if note.invoice_id in bills)
    cents = sum(bill.cents for bill in bills.values()) - taken_back
    return dispute(form, Money(cents, form.total.currency), min(bill.on for bill in bills.values()), today)


def give_by(row: EstimateRow) -> Any:
    """The last day to give it; None where the law asks for none."""
    return must_give_by(row.booked_on or row.made_on, row.course.order.first_visit)


def address_form(patient: Patient, posted: Any = None) -> Form:
    """Address and payer."""
    known = bill_to(patient)
    choices = (("", "none, pays alone"), *((key, one.name) for key, one in payers().items()))
    fields = [
        Field("address", "Address", known.address, kind="long", wide=True),
        Field("payer", "Who else may pay", known.payer, kind="choice", choices=choices),
        Field("member", "Number at the payer", known.member),
    ]
    return Form.of(fields, posted)


def diagnoses_form(patient: Patient, posted: Any = None) -> Form:
    """Diagnoses for superbill and estimate."""
    hint = "ICD-10-CM codes, a space between them. They stand on estimate and superbill, nowhere else."
    return Form.of([Field("diagnoses", "Diagnoses", " ".join(bill_to(patient).diagnoses), hint=hint)], posted)


@require_POST
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep address and payer."""
    desk = Desk(request)
    patient = desk.patient(pk)
    form = address_form(patient, request.POST)
    text = form.read("address", words(300))
    payer = form.read("payer", one_of(form["payer"].choices))
    member = form.read("member", words(40))
    if text is None or payer is None or member is None:
        return _account(desk, patient, form, diagnoses_form(patient))
    keep_bill_to(patient, text.replace("\r\n", "\n"), payer, member, by=desk.user, now=desk.now)
    messages.success(request, "Kept.")
    return redirect("billing:account", pk=pk)


@require_POST
def diagnoses(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the diagnoses."""
    desk = Desk(request)
    patient = desk.patient(pk)
    form = diagnoses_form(patient, request.POST)
    try:
        keep_diagnoses(patient, form["diagnoses"].value.upper().split(), by=desk.user, now=desk.now)
    except BadInput as refusal:
        form.refuse(refusal, {"diagnosis": "diagnoses"})
        return _account(desk, patient, address_form(patient), form)
    messages.success(request, "Kept.")
    return redirect("billing:account", pk=pk)
