"""Whatever a browser posts to a page of money is an answer, a redirect or a refusal; never an error of ours."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from opentraction.clinic.billing.models import InvoiceRow, PaymentRow
from opentraction.clinic.models import Patient
from tests import money_ground

pytestmark = pytest.mark.django_db
OF_PATIENT = ("estimate", "new-invoice", "package", "payment", "cover", "address", "diagnoses")
OF_CLINIC = ("prices", "books")
FIELDS = (
    *("template", "sessions", "at_most", "booked_on", "first_visit", "item-exam", "package_sessions", "package_price"),
    *(
        "minutes",
        "distance",
        "unit",
        "rate",
        "trip",
        "discount_much",
        "discount_words",
        "discount_on",
        "parts",
        "every",
    ),
    *("what", "amount", "price", "method", "on", "how", "reference", "due", "modifier", "reason", "line-0", "do"),
    *("payer", "service", "region", "weeks_of_failed_care", "address", "member", "diagnoses", "rows", "valid_from"),
    *(
        "words-0",
        "kind-0",
        "code-0",
        "price-0",
        "key-0",
        "prefix",
        "currency",
        "written",
        "npi",
        "tax_rate",
        "due_days",
    ),
)
ODD = ("", "\0", "-1", "9" * 400, "٩٩", "1e999", "<b>", "🙂", "2026-02-30", "0,00")


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_are_refused(odd: str, browser: Client, billed: Patient, clinician: User) -> None:
    invoice = money_ground.invoice_of(billed, clinician)
    where = [reverse(f"billing:{name}", args=[billed.pk]) for name in OF_PATIENT]
    where += [reverse(f"billing:{name}") for name in OF_CLINIC]
    where += [reverse("billing:credit", args=[billed.pk, invoice.pk])]
    for address in where:
        status = browser.post(address, dict.fromkeys(FIELDS, odd)).status_code
        assert status in {200, 302, 400}, address
        assert status != 302 or address.endswith(("/address", "/diagnoses", "/cover")), address
    assert (InvoiceRow.objects.count(), PaymentRow.objects.count()) == (1, 0)


@pytest.mark.parametrize("number", ["0", "9" * 25])
def test_papers_that_are_not_there(number: str, browser: Client, billed: Patient) -> None:
    for name in ("invoices", "estimates"):
        assert browser.get(f"/patients/{billed.pk}/bills/{name}/{number}").status_code == 404
    assert browser.get(f"/patients/{number}/bills").status_code == 404
