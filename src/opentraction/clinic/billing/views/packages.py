"""Packages: sell, end early, the paper of the refund."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from opentraction.care.money import METHODS, refund_pdf, refund_rule
from opentraction.care.money.package import MOST_SESSIONS
from opentraction.clinic.billing.actions.packages import end_package, sell_package, settled
from opentraction.clinic.billing.amounts import read_amount
from opentraction.clinic.billing.forms.fields import Field, Form, number, one_of, words
from opentraction.clinic.billing.models import PackageEnd, PackageRow
from opentraction.clinic.billing.views.common import Desk, pdf, refused
from opentraction.clinic.billing.views.invoices import NO_PRICES
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput

WHERE = {"package.sessions": "sessions", "package.price": "price"}


@require_http_methods(["GET", "POST"])
def sell(request: HttpRequest, pk: int) -> HttpResponse:
    """Sell sessions together, on an invoice of their own."""
    desk = Desk(request)
    patient, row = desk.patient(pk), desk.prices()
    if row is None:
        return refused(request, "No package can be sold", NO_PRICES)
    fields = [Field("sessions", "Sessions", "12", kind="number"), Field("price", "Price of all of them")]
    form = Form.of(fields, request.POST if request.method == "POST" else None)
    page = {"patient": patient, "form": form, "session": row.prices.session, "rule": refund_rule()}
    if request.method == "GET":
        reading(request, patient, "package form")
        return desk.page("package_form", page)
    sessions = form.read("sessions", number(1, MOST_SESSIONS))
    price = form.read("price", lambda text: read_amount(text, "price", desk.books.currency, desk.books.comma, 1))
    if sessions is None or price is None:
        return desk.page("package_form", page, 400)
    try:
        sold = sell_package(patient, row, sessions, price, desk.books.due_days, by=desk.user, now=desk.now)
    except BadInput as refusal:
        form.refuse(refusal, WHERE)
        return desk.page("package_form", page, 400)
    messages.success(request, f"Sold. Its invoice is {sold.invoice.shown}.")
    return redirect("billing:account", pk=pk)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """What comes back if it ends now; and ending it."""
    desk = Desk(request)
    one: PackageRow = desk.one(PackageRow, pk=row, patient=pk)
    if hasattr(one, "end"):
        return redirect("billing:account", pk=pk)
    fields = [
        Field("reason", "Why it ends", hint="It stands on the credit note.", wide=True),
        Field("method", "Pay back by", "card", kind="choice", choices=tuple((each, each) for each in METHODS)),
    ]
    form = Form.of(fields, request.POST if request.method == "POST" else None)
    page = {"patient": one.patient, "package": one, "form": form, "rule": refund_rule()}
    page["refund"] = settled(one, desk.today)
    if request.method == "GET":
        reading(request, one, "package")
        return desk.page("package_end", page)
    reason = form.read("reason", words(120, 5))
    method = form.read("method", one_of(form["method"].choices))
    if reason is None or method is None:
        return desk.page("package_end", page, 400)
    try:
        end_package(one, reason, method, by=desk.user, now=desk.now)
    except BadInput as refusal:
        form.refuse(refusal, {"reason": "reason"})
        return desk.page("package_end", page, 400)
    messages.success(request, "Ended. Print the refund for the patient.")
    return redirect("billing:account", pk=pk)


@require_GET
def refund_paper(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """What was reckoned when the package ended."""
    desk = Desk(request)
    one: PackageEnd = desk.one(PackageEnd, package=row, package__patient=pk)
    reading(request, one, "refund")
    bill = one.package.invoice.bill
    paper = refund_pdf(one.refund, one.package.package, bill.clinic, bill.person, one.ended_on, desk.books.paper)
    return pdf(f"{bill.number.show()}-refund", paper)
