"""Laws of money: no cent appears or disappears, and nobody who stops early pays for what was not done."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.money import (
    Account,
    Clinic,
    Discount,
    Line,
    Money,
    Numbered,
    Package,
    Payment,
    Person,
    discounted,
    instalments,
    invoice,
    parse_money,
    parse_percent,
    settle,
    show_percent,
    total,
    zero,
)
from opentraction.care.money.money import CURRENCIES
from opentraction.quantities import BadInput

DAY = date(2026, 11, 22)
cents = st.integers(-10_000_000, 10_000_000)
prices = st.integers(0, 1_000_000)
weights = st.lists(st.integers(0, 5000), min_size=1, max_size=12).filter(any)


@given(cents, weights)
def test_a_divided_sum_adds_up_and_each_part_is_within_a_cent(amount: int, parts: list[int]) -> None:
    shares = Money(amount).split(parts)
    assert total(shares, "USD") == Money(amount)
    for share, weight in zip(shares, parts, strict=True):
        exact = Fraction(amount * weight, sum(parts))
        assert abs(share.cents - exact) < 1
        assert share.cents == 0 or weight > 0


@given(cents, st.integers(0, 10_000))
def test_a_share_is_the_nearest_cent_and_of_a_half_the_even_one(amount: int, per_10_000: int) -> None:
    exact = Fraction(amount * per_10_000, 10_000)
    share = Money(amount).share(Fraction(per_10_000, 10_000)).cents
    assert abs(share - exact) <= Fraction(1, 2)
    if abs(share - exact) == Fraction(1, 2):
        assert share % 2 == 0


@given(cents, cents, st.integers(-50, 50))
def test_money_adds_up_as_whole_numbers_do(one: int, other: int, times: int) -> None:
    assert Money(one) + Money(other) == Money(other) + Money(one) == Money(one + other)
    assert Money(one) - Money(other) == -(Money(other) - Money(one))
    assert Money(one) * times == times * Money(one) == Money(one * times)
    assert (Money(one) < Money(other)) is (one < other)


@given(st.integers(0, 99_999_999_99), st.sampled_from(list(CURRENCIES)))
def test_what_is_written_is_read_back(amount: int, currency: str) -> None:
    assert parse_money(Money(amount, currency).written(), "price") == Money(amount, currency)


@pytest.mark.parametrize(
    "text",
    ["130", "130.5 USD", "130,00 USD", "$130", "130.00 usd", "130.00 XXX", "-1.00 USD", "1e3 USD", "١٣ USD", 130, None],
)
def test_an_amount_written_any_other_way_is_refused(text: object) -> None:
    with pytest.raises(BadInput):
        parse_money(text, "price")


def test_two_currencies_never_mix() -> None:
    for act in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b):
        with pytest.raises(BadInput):
            act(Money(1), Money(1, "EUR"))


@pytest.mark.parametrize("value", [1.0, True, "1"])
def test_money_is_never_made_of_anything_but_whole_numbers(value: object) -> None:
    with pytest.raises(TypeError):
        Money(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("times", [0.5, True])
def test_money_is_multiplied_by_whole_numbers_only(times: object) -> None:
    with pytest.raises(TypeError):
        Money(100) * times  # type: ignore[operator]


@given(st.integers(0, 1_000_000))
def test_a_percentage_is_exact_and_read_back(millionths: int) -> None:
    share = Fraction(millionths, 1_000_000)
    assert parse_percent(show_percent(share), "rate") == share


@pytest.mark.parametrize("text", ["8,25 %", "101 %", "-1 %", "8.25", "0.00001 %", 5])
def test_a_percentage_written_any_other_way_is_refused(text: object) -> None:
    with pytest.raises(BadInput):
        parse_percent(text, "rate")


@given(st.integers(1, 60), prices, st.data())
def test_nobody_pays_for_a_session_not_taken(sessions: int, listed: int, data: st.DataObject) -> None:
    price = data.draw(st.integers(0, listed * sessions))
    taken = data.draw(st.integers(0, sessions))
    package = Package(sessions, Money(price), Money(listed))
    settled = settle(package, taken, Money(price), DAY)
    assert settled.kept <= Money(listed) * taken
    assert settled.kept <= Money(price)
    assert settled.refund.cents >= Fraction(price * (sessions - taken), sessions)
    assert settled.refund.cents - Fraction(price * (sessions - taken), sessions) < 1
    assert settled.kept + settled.refund == Money(price)


@given(st.integers(1, 60), prices, st.data())
def test_a_session_more_never_costs_less(sessions: int, listed: int, data: st.DataObject) -> None:
    package = Package(sessions, Money(data.draw(st.integers(0, listed * sessions))), Money(listed))
    kept = [package.kept(taken).cents for taken in range(sessions + 4)]
    assert kept == sorted(kept)
    assert kept[0] == 0
    assert kept[sessions] == package.price.cents


@given(st.integers(1, 60), prices, prices, st.data())
def test_what_is_settled_squares_with_what_was_paid(sessions: int, listed: int, paid: int, data: st.DataObject) -> None:
    package = Package(sessions, Money(data.draw(st.integers(0, listed * sessions))), Money(listed))
    settled = settle(package, data.draw(st.integers(0, sessions)), Money(paid), DAY)
    assert settled.paid - settled.refund + settled.due == settled.kept
    assert not settled.refund or not settled.due
    assert settled.refund.cents >= 0
    assert settled.due.cents >= 0


@given(st.integers(1, 60), prices, st.data())
def test_a_package_ends_alike_however_it_was_paid(sessions: int, listed: int, data: st.DataObject) -> None:
    """By its invoice, on account, or both: what is kept is kept, what is over comes back, what lacks is asked for."""
    package = Package(sessions, Money(data.draw(st.integers(0, listed * sessions))), Money(listed))
    by_invoice = data.draw(st.integers(0, package.price.cents))
    on_account = data.draw(st.integers(0, 2 * package.price.cents + 100))
    account = account_with(package, by_invoice, on_account)
    bill = account.invoices[0]
    settled = settle(package, data.draw(st.integers(0, sessions)), account.paid_for(bill), DAY)
    back = package.price - settled.kept
    over = max(Money(by_invoice + on_account) - package.price, Money(0))
    assert account.balance - back + settled.refund == settled.due - over
    assert settled.paid == min(package.price, Money(by_invoice + on_account))


def account_with(package: Package, by_invoice: int, on_account: int) -> Account:
    """One package sold, and two payments at most: one for its invoice, one for nothing in particular."""
    line = Line("Package", 1, package.price, Money(0), "session")
    bill = invoice(Numbered("NW", "invoice", 1), Clinic("North"), Person("Ada Example"), DAY, DAY, [line])
    said = ((1, by_invoice, bill.number), (2, on_account, None))
    payments = [
        Payment(Numbered("NW", "receipt", number), DAY, Money(amount), "cash", what)
        for number, amount, what in said
        if amount
    ]
    return Account("USD", (bill,), (), tuple(payments))


def test_a_package_dearer_than_its_sessions_is_refused() -> None:
    with pytest.raises(BadInput, match="bought singly"):
        Package(10, Money(130001), Money(13000))


@given(prices, st.integers(1, 24), st.sampled_from(["week", "two weeks", "month"]))
def test_instalments_add_up_fall_in_order_and_differ_by_a_cent(amount: int, count: int, every: str) -> None:
    parts = instalments(Money(amount), count, date(2026, 1, 31), every)
    assert total((part.amount for part in parts), "USD") == Money(amount)
    sizes = [part.amount.cents for part in parts]
    assert max(sizes) - min(sizes) <= 1
    assert sizes == sorted(sizes, reverse=True)
    days = [part.due for part in parts]
    assert days == sorted(set(days))


def test_an_instalment_falls_on_a_months_last_day_where_it_has_no_31st() -> None:
    days = [part.due for part in instalments(Money(300), 4, date(2026, 12, 31))]
    assert days == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]


lines = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 50_000)), min_size=1, max_size=8)
discounts = st.lists(st.one_of(st.integers(0, 100), st.integers(-50_000, -1)), max_size=3)


@given(lines, discounts)
def test_a_discount_is_spread_without_a_cent_lost_and_no_line_goes_below_zero(
    bought: list[tuple[int, int]], offs: list[int]
) -> None:
    listed = [Line("x", count, Money(price), zero("USD")) for count, price in bought]
    asked = [Discount("d", Fraction(off, 100), None) if off >= 0 else Discount("d", None, Money(-off)) for off in offs]
    net = total((line.net for line in listed), "USD")
    for one in asked:
        net -= one.off(net)
    done = discounted(listed, asked)
    assert total((line.net for line in done), "USD") == net
    assert all(line.net.cents >= 0 for line in done)
