"""The book of money: estimates, refunds and bills worked out by hand."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from opentraction.care.money import (
    Clinic,
    Discount,
    Line,
    Money,
    Numbered,
    Order,
    Package,
    Person,
    PriceItem,
    Tax,
    estimate,
    invoice,
    own_total,
    parse_money,
    parse_percent,
    settle,
    starting_prices,
    zero,
)
from opentraction.care.money.bill import discount_of, tax_of
from opentraction.care.money.package import package_of
from opentraction.care.money.prices import KINDS
from opentraction.quantities.toml_file import Table

HERE = Path(__file__).parent
DAY = date(2026, 11, 22)
LIST = Money(13000)


def cases(name: str) -> list[Any]:
    book = tomllib.loads((HERE / name).read_text("utf-8"))["case"]
    return [pytest.param(case, id=case.get("name", case.get("why", f"case {i}"))) for i, case in enumerate(book)]


def money(text: str) -> Money:
    return parse_money(text, "book")


def order(case: dict[str, Any]) -> Order:
    prices = starting_prices()
    dear = PriceItem("dear-review", "Review", "reassessment", Money(4000))
    discounts = [discount_of(Table(case["discount"]), KINDS, "USD")] if "discount" in case else []
    return Order(
        prices=replace(prices, items=(*prices.items, dear)),
        sessions=case["sessions"],
        at_most=case.get("at_most", case["sessions"]),
        made_on=DAY,
        chosen=tuple(case["options"]),
        maybe=tuple(case.get("maybe", ())),
        package=package_of(Table(case.get("package", {})), LIST),
        discounts=tuple(discounts),
        tax=tax_of(Table(case.get("tax", {}))),
    )


@pytest.mark.parametrize("case", cases("estimates.toml"))
def test_an_estimate_is_what_it_is_on_paper(case: dict[str, Any]) -> None:
    asked = order(case)
    course = estimate(asked)
    assert {str(stop.sessions): stop.total for stop in course.stops} == {k: money(v) for k, v in case["stops"].items()}
    assert course.planned.total == money(case["planned"])
    assert course.high == money(case["high"])
    assert course.low == (course.stops[0].total if course.stops else course.planned.total)
    assert own_total(asked, course.planned) == money(case.get("own", case["planned"]))


@pytest.mark.parametrize("case", cases("refunds.toml"))
def test_a_refund_is_what_it_is_on_paper(case: dict[str, Any]) -> None:
    package = Package(case["sessions"], money(case["price"]), money(case.get("list", "130.00 USD")))
    settled = settle(package, case["taken"], money(case["paid"]), DAY)
    assert settled.kept == money(case["kept"])
    assert settled.refund == money(case.get("refund", "0.00 USD"))
    assert settled.due == money(case.get("due", "0.00 USD"))
    assert settled.pay_by == date(2026, 12, 6)


@pytest.mark.parametrize("case", cases("invoices.toml"))
def test_a_bill_adds_up_as_on_paper(case: dict[str, Any]) -> None:
    lines = [Line(words, count, money(each), zero("USD"), taxable=taxed) for words, count, each, taxed in case["lines"]]
    discounts = [Discount("less", parse_percent(case["discount"], "d"), None)] if "discount" in case else []
    tax = Tax("tax", parse_percent(case["tax"], "t")) if "tax" in case else None
    number = Numbered("NW", "invoice", 1)
    bill = invoice(number, Clinic("Clinic"), Person("Jo"), DAY, DAY, lines, discounts, tax)
    assert [line.discount for line in bill.lines] == [money(off) for off in case.get("off", ["0 USD"] * len(lines))]
    assert bill.totals.net == money(case["net"])
    assert bill.totals.tax == money(case.get("taxed", "0 USD"))
    assert bill.total == money(case["total"])
