"""My bills, to read: what was asked for, what was paid, what is open."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from opentraction.clinic.portal.installed import has
from opentraction.clinic.portal.own import own_patient
from opentraction.clinic.portal.speaking import speaking
from opentraction.clinic.reading import reading
from opentraction.quantities import BadInput


@require_GET
@speaking
def bills(request: HttpRequest) -> HttpResponse:
    """Everything between the patient and the clinic."""
    user, patient = own_patient(request)
    reading(request, patient, "bills")
    page: dict[str, Any] = {"at": "bills", "patient": patient, "here": has("billing")}
    if has("billing"):
        from opentraction.clinic.billing.accounts import account_of
        from opentraction.clinic.billing.models import CreditNoteRow, InvoiceRow, PaymentRow

        lists: dict[str, Any] = {"invoices": InvoiceRow, "notes": CreditNoteRow, "payments": PaymentRow}
        page |= {
            name: list(rows.objects.seen_by(user, "portal").order_by("-on", "-number")) for name, rows in lists.items()
        }
        try:
            page["balance"] = account_of(patient).balance
        except BadInput:
            page["altered"] = True
    return render(request, "portal/bills.html", page)


@require_GET
@speaking
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """One invoice, line by line."""
    user, patient = own_patient(request)
    if not has("billing"):
        raise Http404
    from opentraction.clinic.billing.models import InvoiceRow

    row = get_object_or_404(InvoiceRow.objects.seen_by(user, "portal"), pk=pk)
    reading(request, row, "bills")
    page: dict[str, Any] = {"at": "bills", "patient": patient, "row": row}
    try:
        page["bill"] = row.bill
    except BadInput:
        page["altered"] = True
    return render(request, "portal/invoice.html", page)
