"""What every page about money begins with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.billing.models import Books, PriceListRow, books_of, prices_on
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Clinic, Patient
from opentraction.quantities import BadInput

WING = "bills"


class Desk:
    """Who asks, when, and which clinic's books lie open."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: User = roles.require(request.user, roles.BILL)
        place = roles.place_of(self.user)
        assert place is not None
        self.clinic: Clinic = place.clinic
        self.now: datetime = timezone.now()
        self.today: date = day_at(self.clinic, self.now)
        self.books: Books = books_of(self.clinic)
        self.clinical = roles.may(self.user, roles.LOOK)

    def patient(self, pk: int) -> Patient:
        """A patient of this clinic, or 404."""
        return get_object_or_404(Patient.objects.seen_by(self.user, roles.BILL).select_related("clinic"), pk=pk)

    def one(self, rows: Any, **of: Any) -> Any:
        """A row of this clinic, or 404."""
        return get_object_or_404(rows.objects.seen_by(self.user, roles.BILL), **of)

    def prices(self) -> PriceListRow | None:
        """The price list in force today."""
        return prices_on(self.clinic, self.today)

    def page(self, template: str, page: dict[str, Any], status: int = 200) -> HttpResponse:
        """The page, within the frame of a patient where there is one."""
        more = {
            "room": "patients" if "patient" in page else "money",
            "wing": WING,
            "page": template,
            "today": self.today,
        }
        return render(self.request, f"billing/{template}.html", more | {"books": self.books} | page, status=status)


def refused(request: HttpRequest, heading: str, refusal: BadInput | str) -> HttpResponse:
    """A page that cannot be made, and why."""
    page = {"heading": heading, "sentence": str(refusal)}
    return render(request, "clinic/refusal.html", page, status=409)


def pdf(name: str, content: bytes) -> HttpResponse:
    """A paper, shown in the browser; its file name names nobody."""
    shown = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=shown)
