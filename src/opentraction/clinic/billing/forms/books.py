"""The form of the books: what stands on papers about the clinic, and how amounts are typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from opentraction.care.money import show_percent
from opentraction.care.money.money import CURRENCIES
from opentraction.care.specialists import is_npi
from opentraction.clinic.billing.amounts import read_percent
from opentraction.clinic.billing.forms.fields import Field, Form, number, one_of, optional, words
from opentraction.clinic.billing.models import Books
from opentraction.clinic.billing.models.books import PAPERS
from opentraction.quantities import BadInput

_PREFIX: Final = re.compile(r"^[A-Z0-9]{1,6}$", re.ASCII)
POINT_OR_COMMA: Final = (("point", "1,250.00"), ("comma", "1.250,00"))


def blank(books: Books, posted: Mapping[str, str] | None = None) -> Form:
    """The form with what is known, or with what was posted."""
    currencies = tuple(
        (one, f"{one} {sign.strip()}" if sign.strip() != one else one) for one, sign in CURRENCIES.items()
    )
    fields = [
        Field("prefix", _("Numbers begin with"), books.prefix, hint=_("One to six capital letters and digits.")),
        Field("currency", _("Currency"), books.currency, kind="choice", choices=currencies),
        Field(
            "written",
            _("Amounts are typed"),
            "comma" if books.comma else "point",
            kind="choice",
            choices=POINT_OR_COMMA,
        ),
        Field("paper", _("Paper"), books.paper, kind="choice", choices=tuple(PAPERS)),
        Field("due_days", _("Days to pay"), str(books.due_days), kind="number"),
        Field("state", _("State"), books.state, example=_("e.g. CA")),
        Field("npi", _("NPI of the clinic"), books.npi, hint=_("Ten digits, the last a check digit.")),
        Field("tax_number", _("Tax number"), books.tax_number),
        Field("clinician", _("Clinician on papers"), books.clinician),
        Field("clinician_npi", _("NPI of the clinician"), books.clinician_npi),
        Field("tax_words", _("Name of the tax"), books.tax_words, hint=_("Leave empty where nothing is taxed.")),
        Field("tax_rate", _("Rate of the tax"), books.tax_rate, example="8.25 %"),
    ]
    return Form.of(fields, posted)


def read(form: Form) -> dict[str, Any] | None:
    """What to keep; None where something cannot be used, which the form then says."""
    comma = form.read("written", one_of(POINT_OR_COMMA)) == "comma"
    rate = form.read("tax_rate", optional(lambda text: read_percent(text, "rate", comma)))
    values = {
        "prefix": form.read("prefix", _prefix),
        "currency": form.read("currency", one_of(form["currency"].choices)),
        "comma": comma,
        "paper": form.read("paper", one_of(tuple(PAPERS))),
        "due_days": form.read("due_days", number(0, 365)),
        "state": form.read("state", words(40)),
        "npi": form.read("npi", _npi),
        "tax_number": form.read("tax_number", words(20)),
        "clinician": form.read("clinician", words(80)),
        "clinician_npi": form.read("clinician_npi", _npi),
        "tax_words": form.read("tax_words", words(40)),
        "tax_rate": show_percent(rate) if rate else "",
    }
    return None if form.bad else values


def _prefix(text: str) -> str:
    if not _PREFIX.match(text):
        raise BadInput("prefix", text, "one to six capital letters and digits, such as NW")
    return text


def _npi(text: str) -> str:
    if text and not is_npi(text):
        raise BadInput("npi", text, "a number of the provider registry: ten digits, the last a check digit")
    return text
