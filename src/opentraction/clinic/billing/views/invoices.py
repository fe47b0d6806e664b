"""Invoices: write, issue, look at, take back, print."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opentraction.care.money import Money, Numbered, credit_pdf, invoice_pdf, left, superbill_pdf
from opentraction.clinic.billing.accounts import account_of
from opentraction.clinic.billing.actions.invoices import bill_of, credit_invoice, issue_invoice
from opentraction.clinic.billing.amounts import read_amount
from opentraction.clinic.billing.forms import invoice as invoice_form
from opentraction.clinic.billing.forms.fields import Field, Form, optional, words
from opentraction.clinic.billing.given import sessions_given
from opentraction.clinic.billing.models import CreditNoteRow, InvoiceRow
from opentraction.clinic.billing.views.common import Desk, pdf, refused
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput

NO_PRICES = "There is no price list yet. Write one under Money, Prices."


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; with `do=issue` the invoice gets its number, else its sum is shown under the form."""
    desk = Desk(request)
    patient, row = desk.patient(pk), desk.prices()
    if row is None:
        return refused(request, "No invoice can be written", NO_PRICES)
    given = sessions_given(patient)
    ground = invoice_form.Ground(desk.books, row, [one for one in given if one.to_bill], desk.today)
    page: dict[str, Any] = {"patient": patient, "ground": ground, "left_out": [one for one in given if not one.to_bill]}
    if request.method == "GET":
        reading(request, patient, "invoice form")
        return desk.page("invoice_form", page | {"form": invoice_form.blank(ground)})
    form = invoice_form.blank(ground, request.POST)
    draft = invoice_form.read(form, ground)
    if draft is None:
        return desk.page("invoice_form", page | {"form": form}, 400)
    try:
        if request.POST.get("do") == "issue":
            issued = issue_invoice(patient, draft, by=desk.user, now=desk.now)
            messages.success(request, f"Issued {issued.shown}.")
            return redirect(issued)
        trial = bill_of(patient, draft, Numbered(desk.books.prefix, "invoice", 1), desk.books, desk.today)
    except BadInput as refusal:
        form.refuse(refusal, {})
        return desk.page("invoice_form", page | {"form": form}, 400)
    return desk.page("invoice_form", page | {"form": form, "bill": trial})


@require_GET
def invoice(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """One invoice: its lines, what was taken back, what was paid, what is open."""
    desk = Desk(request)
    one = _of(desk, pk, row)
    reading(request, one, "invoice")
    return _invoice(desk, one, _credit_form(one))


def _invoice(desk: Desk, one: InvoiceRow, form: Form) -> HttpResponse:
    bill, sums = one.bill, account_of(one.patient)
    standing = left(bill, [note.note for note in one.notes.all()])
    page = {
        "patient": one.patient,
        "invoice": one,
        "bill": bill,
        "lines": [(still, form[f"line-{i}"]) for i, still in enumerate(standing)],
        "open": sums.open(bill),
        "late": bill in sums.overdue(desk.today),
        "notes": one.notes.all(),
        "payments": one.payments.all(),
        "form": form,
        "may_credit": not hasattr(one, "package") and any(standing),
    }
    return desk.page("invoice", page, 400 if form.bad else 200)


def _credit_form(one: InvoiceRow, posted: Any = None) -> Form:
    fields = [Field(f"line-{i}", line.words) for i, line in enumerate(one.bill.lines)]
    hint = "It stands on the note. At least 5 characters."
    return Form.of([*fields, Field("reason", "Why", hint=hint, wide=True)], posted)


@require_POST
def credit(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Take back the amounts written, or everything that is left where `all` is ticked."""
    desk = Desk(request)
    one = _of(desk, pk, row)
    form = _credit_form(one, request.POST)
    reason = form.read("reason", words(200, 5))
    whole = bool(request.POST.get("all"))
    parts = [] if whole else _parts(form, one, desk)
    if not whole and not parts and not form.bad:
        form.wrong.append("Write what to take back on at least one line, or tick everything.")
    if form.bad or reason is None:
        return _invoice(desk, one, form)
    try:
        note = credit_invoice(one, parts, reason, by=desk.user, now=desk.now)
    except BadInput as refusal:
        form.refuse(refusal, {"reason": "reason"})
        return _invoice(desk, one, form)
    messages.success(request, f"Took back {note.amount.show()} with {note.shown}.")
    return redirect(one)


def _parts(form: Form, one: InvoiceRow, desk: Desk) -> list[Any]:
    def reader(text: str) -> Money:
        return read_amount(text, "amount", one.currency, desk.books.comma)

    return invoice_form.read_parts(form, one.bill, optional(reader))


@require_GET
def invoice_paper(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """The invoice, with what was paid on it so far."""
    desk = Desk(request)
    one = _of(desk, pk, row)
    reading(request, one, "invoice paper")
    return pdf(one.shown, invoice_pdf(one.bill, _paid(one), desk.books.paper))


@require_GET
def superbill(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """What a patient hands to an insurer; it carries diagnoses, so it is for those who sign it."""
    desk = Desk(request)
    one = _of(desk, pk, row)
    reading(request, one, "superbill")
    return pdf(f"{one.shown}-superbill", superbill_pdf(one.bill, _paid(one), desk.books.paper))


@require_GET
def credit_paper(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """A credit note."""
    desk = Desk(request)
    note: CreditNoteRow = desk.one(CreditNoteRow, pk=row, patient=pk)
    reading(request, note, "credit note")
    return pdf(note.shown, credit_pdf(note.note, note.invoice.bill, desk.books.paper))


def _paid(one: InvoiceRow) -> Money:
    return Money(sum(row.cents for row in one.payments.all()), one.currency)


def _of(desk: Desk, pk: int, row: int) -> InvoiceRow:
    found: InvoiceRow = desk.one(InvoiceRow, pk=row, patient=pk)
    return found
