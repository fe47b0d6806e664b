"""Opening the books, giving out numbers, and what stands on papers about the clinic."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.models import User
from django.db import models, transaction

from opentraction.care.money import Numbered
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.billing.models import Books, CreditNoteRow, InvoiceRow, NumberedPaper, PaymentRow
from opentraction.clinic.billing.models.books import fresh
from opentraction.clinic.models import Clinic
from opentraction.quantities import BadInput

PAPERS: Final[dict[str, type[NumberedPaper]]] = {
    "invoice": InvoiceRow,
    "credit note": CreditNoteRow,
    "receipt": PaymentRow,
}
STAYING: Final = ("prefix", "currency")
"""What cannot change any more once a paper was given out."""


def open_books(clinic: Clinic) -> Books:
    """The clinic's books, locked until the transaction ends; begun where there are none."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("books are opened in the transaction of an act")
    Books.objects.get_or_create(clinic=clinic, defaults={"prefix": fresh(clinic).prefix})
    return Books.objects.select_for_update(of=("self",)).select_related("clinic").get(clinic=clinic)


def next_number(books: Books, kind: str) -> Numbered:
    """The number after the last one; the caller holds the books' lock."""
    last = PAPERS[kind]._default_manager.filter(clinic=books.clinic).aggregate(last=models.Max("number"))["last"]
    return Numbered(books.prefix, kind, (last or 0) + 1)


def given_out(clinic: Clinic) -> bool:
    """Whether any paper was numbered here."""
    return any(kind._default_manager.filter(clinic=clinic).exists() for kind in PAPERS.values())


@transaction.atomic
def keep_books(clinic: Clinic, values: dict[str, Any], *, by: User) -> Books:
    """Change what stands on papers. Raises BadInput for another prefix or currency once a paper was given out."""
    roles.require(by, roles.BILL, of=clinic)
    books = open_books(clinic)
    changed = {name: value for name, value in values.items() if getattr(books, name) != value}
    for name in STAYING:
        if name in changed and given_out(clinic):
            raise BadInput(name, str(changed[name]), f"{getattr(books, name)}, as on the papers already given out")
    for name, value in changed.items():
        setattr(books, name, value)
    books.save()
    record("keep books", books, by=by, fields=sorted(changed))
    return books
