"""An estimate file: TOML with the course, the prices, the way, and who asks whom. See examples/estimate.toml."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from opentraction.care.money.bill import discount_of, tax_of
from opentraction.care.money.instalments import EVERY, MOST
from opentraction.care.money.order import REVIEWS, Order
from opentraction.care.money.package import MOST_SESSIONS, package_of
from opentraction.care.money.parties import Clinic, Person, clinic_of, person_of
from opentraction.care.money.prices import KINDS, PriceList, prices_of, starting_prices
from opentraction.care.money.sources import read_day, read_texts
from opentraction.care.money.travel import travel_of
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml, read_text

TOP = ("estimate", "clinic", "patient", "prices", "package", "discount", "tax", "travel", "instalments", "payer")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the file holds: the order, the two sides (None where left out), payer and the facts its policy asks for."""

    order: Order
    clinic: Clinic | None
    patient: Person | None
    payer: str
    facts: dict[str, Any]


def read_estimate(path: str | Path, today: date) -> Asked:
    """The estimate asked for in a TOML file. Raises BadInput, naming file, field, value and what is allowed."""
    top = parse_toml(read_text(path), str(path))
    try:
        return _asked(top, today)
    except BadInput as refusal:
        raise refusal.within(str(path)) from None


def _asked(top: Table, today: date) -> Asked:
    top.only(*TOP)
    prices = prices_of(top.table("prices")) if "prices" in top else starting_prices()
    payer = top.table("payer")
    facts = payer.data.get("facts", {})
    if not isinstance(facts, dict):
        raise payer.refuse("facts", facts, "a table, written [payer.facts]")
    payer.only("key", "facts")
    return Asked(
        order=_order(top, prices, today),
        clinic=clinic_of(top.table("clinic")),
        patient=person_of(top.table("patient")),
        payer=payer.text("key", ""),
        facts=facts,
    )


def _order(top: Table, prices: PriceList, today: date) -> Order:
    about = top.table("estimate")
    about.only("sessions", "at_most", "made_on", "first_visit", "options", "maybe", "reviews")
    sessions = about.count("sessions", 1, MOST_SESSIONS)
    order = Order(
        prices=prices,
        sessions=sessions,
        at_most=about.count("at_most", sessions, MOST_SESSIONS, sessions),
        made_on=read_day(about, "made_on") if "made_on" in about else today,
        first_visit=read_day(about, "first_visit") if "first_visit" in about else None,
        chosen=read_texts(about, "options"),
        maybe=read_texts(about, "maybe"),
        reviews=_reviews(about),
        package=package_of(top.table("package"), prices.session.price),
        discounts=tuple(discount_of(one, KINDS, prices.currency) for one in top.tables("discount")),
        tax=tax_of(top.table("tax")),
        travel=travel_of(top.table("travel"), prices.currency),
    )
    return _paid(order, top.table("instalments"))


def _reviews(table: Table) -> tuple[int, ...]:
    value = table.data.get("reviews", list(REVIEWS))
    if not isinstance(value, list) or not all(type(one) is int and 1 <= one <= MOST_SESSIONS for one in value):
        raise table.refuse("reviews", value, "visits in rising order, such as [6, 12, 18]")
    return tuple(value)


def _paid(order: Order, table: Table) -> Order:
    if not table:
        return order
    table.only("count", "every")
    return replace(order, parts=table.count("count", 1, MOST), every=table.word("every", EVERY, "month"))
