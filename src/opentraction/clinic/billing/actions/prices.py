"""A new version of the price list."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import models, transaction

from opentraction.care.money import PriceList
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.billing.actions.books import open_books
from opentraction.clinic.billing.models import PriceListRow
from opentraction.clinic.models import Clinic
from opentraction.quantities import BadInput


@transaction.atomic
def add_prices(clinic: Clinic, prices: PriceList, *, by: User, now: datetime) -> PriceListRow:
    """Keep a list as the next version. Raises BadInput for one in another currency than the books'."""
    roles.require(by, roles.BILL, of=clinic)
    books = open_books(clinic)
    if prices.currency != books.currency:
        raise BadInput("prices.currency", prices.currency, f"{books.currency}, the currency of the books")
    row = PriceListRow(clinic=clinic, number=next_version(clinic), valid_from=prices.valid_from, at=now, by=by)
    row.keep(prices)
    row.save()
    record("add price list", row, by=by, version=row.number, valid_from=row.valid_from.isoformat(), sha256=row.sha256)
    return row


def next_version(clinic: Clinic) -> int:
    """The number the next list gets."""
    last = PriceListRow.objects.filter(clinic=clinic).aggregate(last=models.Max("number"))["last"]
    return (last or 0) + 1
