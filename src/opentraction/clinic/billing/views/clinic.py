"""Money of the whole clinic: the day, what is open, prices, books, export."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.care.money import Money, starting_prices, total
from opentraction.clinic.billing.accounts import owed_to
from opentraction.clinic.billing.actions.books import given_out, keep_books
from opentraction.clinic.billing.actions.prices import add_prices, next_version
from opentraction.clinic.billing.days import read_day
from opentraction.clinic.billing.forms import books as books_form
from opentraction.clinic.billing.forms import prices as prices_form
from opentraction.clinic.billing.models import CreditNoteRow, InvoiceRow, PaymentRow, PriceListRow
from opentraction.clinic.billing.views.common import Desk, refused
from opentraction.clinic.reading import reading_list
from opentraction.clinic.sheets import csv_file
from opentraction.quantities import BadInput

HEADS: Final = ("day", "paper", "kind", "patient", "amount", "currency", "how", "reference", "by")


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What came in on a day, and every open invoice."""
    desk = Desk(request)
    try:
        day = _day(desk, "day", desk.today)
    except BadInput as refusal:
        return refused(request, "No such day", refusal)
    currency = desk.books.currency
    taken = list(PaymentRow.objects.filter(clinic=desk.clinic, on=day).select_related("patient", "invoice", "by"))
    debts = owed_to(desk.clinic, desk.today, currency)
    owed = debts.page(request.GET.get("page", ""))
    reading_list(request, "money of the clinic", [row.patient for row in taken] + [one.row.patient for one in owed])
    page = {
        "day": day,
        "taken": taken,
        "by_method": _by_method(taken, currency),
        "sum": total((row.amount for row in taken), currency),
        "owed": owed,
        "owed_sum": debts.sum,
        "late_sum": debts.late,
        "prices": desk.prices(),
    }
    return desk.page("money", page)


def _by_method(taken: list[PaymentRow], currency: str) -> dict[str, Money]:
    sums: dict[str, Money] = {}
    for row in taken:
        sums[row.method] = sums.get(row.method, Money(0, currency)) + row.amount
    return dict(sorted(sums.items()))


def _day(desk: Desk, name: str, usual: date) -> date:
    text = desk.request.GET.get(name, "")
    return read_day(text, name) if text else usual


@require_http_methods(["GET", "POST"])
def prices(request: HttpRequest) -> HttpResponse:
    """Every version, and the editor of the next one; nothing that was written is edited."""
    desk = Desk(request)
    rows = list(PriceListRow.objects.filter(clinic=desk.clinic).select_related("by"))
    page: dict[str, Any] = {"rows": rows, "in_force": desk.prices(), "next": next_version(desk.clinic)}
    if request.method == "GET":
        start = rows[0].prices if rows else starting_prices()
        return desk.page("prices", page | {"form": prices_form.filled(start, desk.books, desk.today)})
    form, read = prices_form.read(request.POST, desk.books, page["next"])
    if read is None:
        return desk.page("prices", page | {"form": form}, 400)
    row = add_prices(desk.clinic, read, by=desk.user, now=desk.now)
    messages.success(request, f"Kept as version {row.number}, in force from {row.valid_from.isoformat()}.")
    return redirect("billing:prices")


@require_http_methods(["GET", "POST"])
def books(request: HttpRequest) -> HttpResponse:
    """What stands on papers about the clinic."""
    desk = Desk(request)
    form = books_form.blank(desk.books, request.POST if request.method == "POST" else None)
    page = {"form": form, "fixed": given_out(desk.clinic)}
    if request.method == "GET":
        return desk.page("books", page)
    values = books_form.read(form)
    if values is None:
        return desk.page("books", page, 400)
    try:
        keep_books(desk.clinic, values, by=desk.user)
    except BadInput as refusal:
        form.refuse(refusal, {"prefix": "prefix", "currency": "currency"})
        return desk.page("books", page, 400)
    messages.success(request, "Kept.")
    return redirect("billing:books")


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Every paper between two days as CSV, for the bookkeeper; patients by pseudonym."""
    desk = Desk(request)
    try:
        begin, end = _day(desk, "from", date(desk.today.year, 1, 1)), _day(desk, "to", desk.today)
    except BadInput as refusal:
        return refused(request, "No export of these days", refusal)
    rows = _papers(desk, begin, end)
    reading_list(
        request, "export of money", [row.patient for row in rows], begin=begin.isoformat(), end=end.isoformat()
    )
    return csv_file(f"money-{begin.isoformat()}-{end.isoformat()}.csv", HEADS, map(_line, rows))


def _papers(desk: Desk, begin: date, end: date) -> list[Any]:
    found: list[Any] = []
    for kind in (InvoiceRow, CreditNoteRow, PaymentRow):
        found += kind.objects.filter(clinic=desk.clinic, on__range=(begin, end)).select_related("patient", "by")
    return sorted(found, key=lambda row: (row.on, row.shown))


def _line(row: Any) -> list[object]:
    """What is owed grows with an invoice and shrinks with a note or a payment; the sign says so."""
    cents = row.cents if isinstance(row, InvoiceRow) else -row.cents
    amount = Decimal(Money(cents, row.currency).written().split()[0])
    payment = row.payment if isinstance(row, PaymentRow) else None
    said = (payment.method, payment.reference) if payment else ("", "")
    kind = row._meta.verbose_name
    return [row.on, row.shown, kind, row.patient.pseudonym, amount, row.currency, *said, row.by.username]
