"""Invoices and estimates, to read. Sums are whole cents."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from opentraction.clinic import roles
from opentraction.clinic.api.operations.shapes import Document, Told
from opentraction.clinic.billing.accounts import account_of
from opentraction.clinic.billing.models import EstimateRow, InvoiceRow
from opentraction.clinic.models import Patient
from opentraction.clinic.reading import reading

router = Router()


class InvoiceTold(Told):
    """An invoice by its number; `open_cents` is what is still owed of it."""

    id: int
    patient: int
    number: str
    on: date
    due: date
    cents: int
    open_cents: int
    currency: str


class Invoices(Told):
    """Newest first, and what the patient owes in all; below zero is credit."""

    patient: int
    balance_cents: int
    currency: str
    invoices: list[InvoiceTold]


class InvoiceInFull(InvoiceTold):
    """With its lines."""

    invoice: Document


class EstimateTold(Told):
    """An estimate of a course, the day it was made."""

    id: int
    patient: int
    made_on: date
    booked_on: date | None
    good_faith: bool


class Estimates(Told):
    """Newest first."""

    estimates: list[EstimateTold]


class EstimateInFull(EstimateTold):
    """With what it was reckoned from."""

    estimate: Document


@router.get("/patients/{int:pk}/invoices", response=Invoices, url_name="invoices", summary="Invoices of a patient")
def invoices(request: HttpRequest, pk: int) -> Any:
    """List the invoices of a patient and the balance."""
    one = _of(request, pk)
    reading(request, one, "account")
    sums = account_of(one)
    rows = [_invoice(row, sums.open(row.bill).cents) for row in one.invoices.all()]
    return {"patient": one.pk, "balance_cents": sums.balance.cents, "currency": sums.currency, "invoices": rows}


@router.get("/invoices/{int:pk}", response=InvoiceInFull, url_name="invoice", summary="One invoice")
def invoice(request: HttpRequest, pk: int) -> Any:
    """Give one invoice with its lines."""
    rows = InvoiceRow.objects.seen_by(request.user, roles.BILL).select_related("patient__clinic")
    row = get_object_or_404(rows, pk=pk)
    reading(request, row, "invoice")
    still = account_of(row.patient).open(row.bill).cents
    return _invoice(row, still) | {"invoice": row.bill.document()}


@router.get("/patients/{int:pk}/estimates", response=Estimates, url_name="estimates", summary="Estimates of a patient")
def estimates(request: HttpRequest, pk: int) -> Any:
    """List the estimates that were kept."""
    one = _of(request, pk)
    reading(request, one, "estimates")
    return {"estimates": [_estimate(row) for row in one.estimates.all()]}


@router.get("/estimates/{int:pk}", response=EstimateInFull, url_name="estimate", summary="One estimate")
def estimate(request: HttpRequest, pk: int) -> Any:
    """Give one estimate as it was reckoned."""
    rows = EstimateRow.objects.seen_by(request.user, roles.BILL).select_related("patient__clinic")
    row = get_object_or_404(rows, pk=pk)
    reading(request, row, "estimate")
    return _estimate(row) | {"estimate": row.course.document()}


def _of(request: HttpRequest, pk: int) -> Patient:
    return get_object_or_404(Patient.objects.seen_by(request.user, roles.BILL).select_related("clinic"), pk=pk)


def _invoice(row: InvoiceRow, still: int) -> dict[str, Any]:
    return {"id": row.pk, "patient": row.patient_id, "number": row.shown, "on": row.on, "due": row.due,
            "cents": row.cents, "open_cents": still, "currency": row.currency}  # fmt: skip


def _estimate(row: EstimateRow) -> dict[str, Any]:
    return {"id": row.pk, "patient": row.patient_id, "made_on": row.made_on, "booked_on": row.booked_on,
            "good_faith": bool(row.good_faith)}  # fmt: skip
