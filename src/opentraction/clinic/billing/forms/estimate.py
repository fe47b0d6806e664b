"""The form of an estimate: template or sessions, prices, what else, the way there; read into an `Order`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from opentraction.care import money
from opentraction.care.money.instalments import EVERY, MOST
from opentraction.care.money.package import MOST_SESSIONS
from opentraction.clinic.billing.amounts import read_amount, read_number, read_percent, write_amount
from opentraction.clinic.billing.days import read_day
from opentraction.clinic.billing.forms.fields import Choices, Field, Form, number, one_of, optional
from opentraction.clinic.billing.models import Books, PriceListRow
from opentraction.prescription.progress import templates
from opentraction.quantities import BadInput

OWN: Final = "own"
USUAL: Final = {"exam": "always", "reassessment": "always", "imaging": "perhaps", "option": "no"}
LONGEST_WAY_MIN: Final = 24 * 60
WHERE: Final = {
    "estimate.sessions": "sessions",
    "estimate.at_most": "at_most",
    "package.sessions": "package_sessions",
    "package.price": "package_price",
    "instalments": "parts",
    "instalments.count": "parts",
    "discount.on": "discount_on",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What the form stands on: the clinic's books, the price list in force, today."""

    books: Books
    row: PriceListRow
    today: date

    @property
    def others(self) -> list[money.PriceItem]:
        """Everything but the session."""
        return [item for item in self.row.prices.items if item.kind != "session"]


def blank(ground: Ground, posted: Mapping[str, str] | None = None) -> Form:
    """The form as first shown, or with what was posted."""
    fields = [*_course(ground), *_items(ground), *_package(), *_discount(), *_way(), *_parts()]
    return Form.of(fields, posted)


def _course(ground: Ground) -> list[Field]:
    ways = [(key, f"{key}: {one.title}, {one.total} {_('sessions')}") for key, one in templates().items()]
    return [
        Field(
            "template", _("Template"), "A", kind="choice", choices=(*ways, (OWN, _("A number of my own"))), wide=True
        ),
        Field("sessions", _("Sessions"), hint=_("Leave empty to take the course's own."), kind="number"),
        Field("at_most", _("At the most"), hint=_("If the course is made longer. Empty: not longer."), kind="number"),
        Field("booked_on", _("Booked on"), ground.today.isoformat(), kind="date"),
        Field("first_visit", _("First visit"), hint=_("Leave empty where none is booked."), kind="date"),
    ]


def _items(ground: Ground) -> list[Field]:
    choices = (("always", _("in every figure")), ("perhaps", _("only in the highest")), ("no", _("not at all")))
    return [
        Field(f"item-{item.key}", item.words, USUAL[item.kind], item.price.show(), kind="choice", choices=choices)
        for item in ground.others
    ]


def _package() -> list[Field]:
    return [
        Field("package_sessions", _("Sessions in the package"), kind="number"),
        Field("package_price", _("Price of the package")),
    ]


ON: Final = ("", *(kind for kind in ("session", "exam", "imaging", "option")))


def _discount() -> list[Field]:
    return [
        Field("discount_words", _("Discount for"), example=_("e.g. pays at once")),
        Field("discount_much", _("How much"), hint=_("A share such as 5 %, or an amount.")),
        Field("discount_on", _("On"), kind="choice", choices=tuple((one, one or _("everything")) for one in ON)),
    ]


def _way() -> list[Field]:
    return [
        Field("minutes", _("One way, in minutes"), kind="number"),
        Field("distance", _("One way, distance")),
        Field("unit", _("in"), "mi", kind="choice", choices=(("mi", _("miles")), ("km", _("kilometres")))),
        Field("rate", _("Cost of a mile or kilometre"), hint=_("Leave empty where it is not known.")),
        Field("trip", _("Cost of a trip, there and back"), hint=_("Such as a taxi or parking.")),
        Field("apart", _("The first examination is on a day of its own"), kind="tick"),
    ]


def _parts() -> list[Field]:
    every: Choices = tuple((one, _("every %s") % one) for one in EVERY)
    return [
        Field("parts", _("Pay in parts"), "1", kind="number"),
        Field("every", _("One part"), "month", kind="choice", choices=every),
    ]


def read(form: Form, ground: Ground) -> tuple[money.CourseEstimate | None, date | None]:
    """The estimate, and the day of booking; None where something cannot be used, which the form then says."""
    values = _values(form, ground)
    booked = form.read("booked_on", optional(lambda text: read_day(text, "booked on", high=ground.today)))
    if form.bad:
        return None, None
    try:
        return money.estimate(money.Order(prices=ground.row.prices, made_on=ground.today, **values)), booked
    except BadInput as refusal:
        form.refuse(refusal, WHERE)
        return None, None


def _values(form: Form, ground: Ground) -> dict[str, Any]:
    sessions = _sessions(form)
    marks = {
        item.key: form.read(f"item-{item.key}", one_of(form[f"item-{item.key}"].choices)) for item in ground.others
    }
    return {
        "sessions": sessions,
        "at_most": form.read("at_most", number(1, MOST_SESSIONS, sessions or 1)),
        "first_visit": form.read("first_visit", optional(lambda text: read_day(text, "first visit"))),
        "chosen": tuple(key for key, mark in marks.items() if mark == "always"),
        "maybe": tuple(key for key, mark in marks.items() if mark == "perhaps"),
        "package": _read_package(form, ground),
        "discounts": discount_of(form, ground.books),
        "tax": ground.books.tax(),
        "travel": _read_way(form, ground.books),
        "parts": form.read("parts", number(1, MOST, 1)),
        "every": form.read("every", one_of(form["every"].choices)),
    }


def _sessions(form: Form) -> int | None:
    template = form.read("template", one_of(form["template"].choices))
    usual = templates()[template].total if template in templates() else None
    return form.read("sessions", number(1, MOST_SESSIONS, usual))


def _read_package(form: Form, ground: Ground) -> money.Package | None:
    if not form["package_sessions"].value and not form["package_price"].value:
        return None
    books = ground.books
    sessions = form.read("package_sessions", number(1, MOST_SESSIONS))
    price = form.read("package_price", lambda text: read_amount(text, "price", books.currency, books.comma, 1))
    if sessions is None or price is None:
        return None
    try:
        return money.Package(sessions, price, ground.row.prices.session.price)
    except BadInput as refusal:
        form.refuse(refusal, WHERE)
        return None


def discount_of(form: Form, books: Books) -> tuple[money.Discount, ...]:
    """The discount in the three fields; none where nothing was typed how much."""
    text = form["discount_much"].value
    if not text:
        return ()
    said = form["discount_words"].value[:60] or _("Discount")
    on = form.read("discount_on", one_of(form["discount_on"].choices)) or ""
    kinds = (on,) if on else ()
    if "%" in text:
        share = form.read("discount_much", lambda one: read_percent(one, "discount", books.comma))
        return () if share is None else (money.Discount(said, share, None, kinds),)
    amount = form.read("discount_much", lambda one: read_amount(one, "discount", books.currency, books.comma))
    return () if amount is None else (money.Discount(said, None, amount, kinds),)


def _read_way(form: Form, books: Books) -> money.Travel | None:
    if not form["minutes"].value and not form["distance"].value:
        return None

    def amount(name: str) -> money.Money | None:
        return form.read(name, optional(lambda text: read_amount(text, name, books.currency, books.comma)))

    minutes = form.read("minutes", number(0, LONGEST_WAY_MIN))
    hundredths = form.read("distance", lambda text: read_number(text or "0", "distance", 9999, books.comma))
    unit = form.read("unit", one_of(form["unit"].choices))
    rate, trip = amount("rate"), amount("trip")
    if minutes is None or hundredths is None or unit is None:
        return None
    return money.Travel(minutes, hundredths, unit, rate, trip, not form["apart"].value)


def again(ground: Ground, order: money.Order) -> Form:
    """The form filled with an order that was estimated before, to change and make anew."""
    form, comma = blank(ground), ground.books.comma
    known = {"template": OWN, "sessions": str(order.sessions), "at_most": str(order.at_most), "parts": str(order.parts)}
    known |= {"every": order.every, "first_visit": order.first_visit.isoformat() if order.first_visit else ""}
    for item in ground.others:
        mark = "always" if item.key in order.chosen else "perhaps" if item.key in order.maybe else "no"
        known[f"item-{item.key}"] = mark
    if order.package is not None:
        known["package_sessions"] = str(order.package.sessions)
        known["package_price"] = write_amount(order.package.price, comma)
    for name, value in known.items():
        form[name].value = value
    return form
