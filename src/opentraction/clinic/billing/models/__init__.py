"""What the clinic keeps about money."""

from __future__ import annotations

from opentraction.clinic.billing.models.books import Books, books_of
from opentraction.clinic.billing.models.estimate import EstimateGiven, EstimateRow
from opentraction.clinic.billing.models.package import PackageEnd, PackageRow
from opentraction.clinic.billing.models.papers import (
    BilledSession,
    CreditNoteRow,
    InvoiceRow,
    NumberedPaper,
    PaymentRow,
)
from opentraction.clinic.billing.models.payer import BillTo, CoverCheck, bill_to, person_of
from opentraction.clinic.billing.models.prices import PriceListRow, prices_on

__all__ = [
    "BillTo",
    "BilledSession",
    "Books",
    "CoverCheck",
    "CreditNoteRow",
    "EstimateGiven",
    "EstimateRow",
    "InvoiceRow",
    "NumberedPaper",
    "PackageEnd",
    "PackageRow",
    "PaymentRow",
    "PriceListRow",
    "bill_to",
    "books_of",
    "person_of",
    "prices_on",
]
