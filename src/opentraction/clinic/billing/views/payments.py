"""Payments, receipts, the statement."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.care.money import METHODS, receipt_pdf, statement_pdf
from opentraction.clinic.billing.accounts import account_of
from opentraction.clinic.billing.actions.payments import LONGEST, Paid, pay_back, take_payment
from opentraction.clinic.billing.amounts import read_amount, write_amount
from opentraction.clinic.billing.days import read_day
from opentraction.clinic.billing.forms.fields import Field, Form, one_of, words
from opentraction.clinic.billing.models import PaymentRow, person_of
from opentraction.clinic.billing.views.common import Desk, pdf, refused
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput

BACK = "back"
HINT = "Such as the last four digits of the card slip. Never a card number."
WHERE = {"payment.amount": "amount", "payment.on": "on", "payment.method": "method"}


@require_http_methods(["GET", "POST"])
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a payment, or pay back what the clinic owes."""
    desk = Desk(request)
    patient = desk.patient(pk)
    sums = account_of(patient)
    owed = {row: sums.open(row.bill) for row in patient.invoices.order_by("number")}
    form = _form(desk, patient, {row: still for row, still in owed.items() if still.cents > 0}, sums)
    page = {"patient": patient, "form": form, "balance": sums.balance}
    if request.method == "GET":
        reading(request, patient, "payment form")
        return desk.page("payment", page)
    row = _take(desk, patient, form, request.POST)
    if row is None:
        return desk.page("payment", page, 400)
    messages.success(request, f"Noted {row.amount.show()} with {row.shown}.")
    return redirect("billing:account", pk=pk)


def _form(desk: Desk, patient: Patient, owed: dict[Any, Any], sums: Any) -> Form:
    whats = tuple((str(row.pk), f"{row.shown}, {still.show()} open") for row, still in owed.items())
    account = (("", "on account, for no invoice"),)
    back = ((BACK, f"money back, we owe {(-sums.balance).show()}"),) if sums.balance.cents < 0 else ()
    choices = (*back, *whats, *account)
    chosen = desk.request.GET.get("invoice", "")
    usual = chosen if chosen and chosen in dict(choices) else choices[0][0]
    still = next((still for row, still in owed.items() if str(row.pk) == usual), -sums.balance if back else None)
    typed = write_amount(still, desk.books.comma) if still is not None else ""
    fields = [
        Field("what", "For", usual, kind="choice", choices=choices, wide=True),
        Field("amount", "Amount", typed),
        Field("method", "How", "card", kind="choice", choices=tuple((one, one) for one in METHODS)),
        Field("on", "On", desk.today.isoformat(), kind="date"),
        Field(
            "reference",
            "Reference",
            hint=HINT,
            wide=True,
        ),
    ]
    return Form.of(fields, desk.request.POST if desk.request.method == "POST" else None)


def _take(desk: Desk, patient: Patient, form: Form, posted: Any) -> PaymentRow | None:
    what = form.read("what", one_of(form["what"].choices))
    currency = account_of(patient).currency
    amount = form.read("amount", lambda text: read_amount(text, "amount", currency, desk.books.comma, 1))
    method = form.read("method", one_of(form["method"].choices))
    on = form.read("on", lambda text: read_day(text, "on", high=desk.today))
    reference = form.read("reference", words(LONGEST))
    if what is None or amount is None or method is None or on is None or reference is None:
        return None
    try:
        if what == BACK:
            paid = Paid(amount, method, on=on, reference=reference)
            return pay_back(patient, paid, by=desk.user, now=desk.now)
        invoice = patient.invoices.get(pk=int(what)) if what else None
        return take_payment(patient, Paid(amount, method, invoice, on, reference), by=desk.user, now=desk.now)
    except BadInput as refusal:
        form.refuse(refusal, WHERE)
        return None


@require_GET
def receipt(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """The receipt of a payment, or of money paid back."""
    desk = Desk(request)
    one: PaymentRow = desk.one(PaymentRow, pk=row, patient=pk)
    reading(request, one, "receipt")
    person = person_of(one.patient, clinical=False)
    return pdf(one.shown, receipt_pdf(one.payment, desk.books.side(), person, desk.books.paper))


@require_GET
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """What moved between two days; this year so far unless asked otherwise."""
    desk = Desk(request)
    patient = desk.patient(pk)
    newest = patient.invoices.order_by("number").last()
    if newest is None:
        return refused(request, "No statement yet", "Nothing was billed yet. Issue an invoice first.")
    try:
        begin = _day(desk, "from", date(desk.today.year, 1, 1))
        end = _day(desk, "to", desk.today)
    except BadInput as refusal:
        return refused(request, "No statement of these days", refusal)
    reading(request, patient, "statement")
    paper = statement_pdf(account_of(patient), newest.bill, begin, end, desk.books.paper)
    return pdf(f"{patient.pseudonym}-statement-{end.isoformat()}", paper)


def _day(desk: Desk, name: str, usual: date) -> date:
    text = desk.request.GET.get(name, "")
    return read_day(text, name) if text else usual
