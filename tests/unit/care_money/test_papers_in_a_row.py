"""Invoices: numbered without a gap, corrected by notes; the account follows from them; records come back whole."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.money import (
    Account,
    Clinic,
    CourseEstimate,
    Credited,
    CreditNote,
    Discount,
    Invoice,
    Line,
    Money,
    Numbered,
    Order,
    Package,
    Payment,
    Person,
    PriceList,
    Tax,
    Travel,
    check_row,
    credit,
    credit_all,
    estimate,
    following,
    in_force,
    invoice,
    left,
    parse_number,
    sessions_taken,
    starting_prices,
    total,
    zero,
)
from opentraction.quantities import BadInput

DAY = date(2026, 11, 22)
CLINIC, PERSON = Clinic("Clinic"), Person("Jo", date(1972, 3, 5))


def number(n: int, kind: str = "invoice", clinic: str = "NW") -> Numbered:
    return Numbered(clinic, kind, n)


def bill(prices: list[tuple[int, bool]], rate: int = 825, n: int = 1, day: date = DAY) -> Invoice:
    lines = [Line("x", 1, Money(price), zero("USD"), taxable=taxed) for price, taxed in prices]
    return invoice(number(n), CLINIC, PERSON, day, day + timedelta(30), lines, (), Tax("tax", Fraction(rate, 10_000)))


@given(
    st.lists(st.tuples(st.integers(1, 9_999), st.booleans()), min_size=1, max_size=6), st.integers(0, 2500), st.data()
)
def test_notes_on_every_part_give_back_exactly_what_was_asked(
    prices: list[tuple[int, bool]], rate: int, data: st.DataObject
) -> None:
    asked, notes = bill(prices, rate), []
    while open_lines := [(i, net) for i, net in enumerate(left(asked, notes)) if net]:
        i, net = data.draw(st.sampled_from(open_lines))
        part = Credited(i, Money(data.draw(st.integers(max(1, net.cents // 2), net.cents))))
        notes.append(credit(asked, notes, number(len(notes) + 1, "credit note"), DAY, "a mistake", [part]))
        assert all(note.tax.cents >= 0 for note in notes)
    assert total((note.total for note in notes), "USD") == asked.total


def test_one_note_on_all_that_is_left_closes_an_invoice() -> None:
    asked = bill([(1800, True), (13000, False)])
    first = credit(asked, [], number(1, "credit note"), DAY, "half of the pack", [Credited(0, Money(900))])
    rest = credit_all(asked, [first], number(2, "credit note"), DAY, "never happened")
    assert first.total + rest.total == asked.total
    with pytest.raises(BadInput):
        credit_all(asked, [first, rest], number(3, "credit note"), DAY, "once more")


@pytest.mark.parametrize(
    ("parts", "reason", "day"),
    [
        ([Credited(0, Money(1801))], "a mistake", DAY),
        ([Credited(0, Money(1000)), Credited(0, Money(1000))], "a mistake", DAY),
        ([Credited(0, Money(0))], "a mistake", DAY),
        ([Credited(0, Money(-5))], "a mistake", DAY),
        ([Credited(2, Money(5))], "a mistake", DAY),
        ([Credited(-1, Money(5))], "a mistake", DAY),
        ([Credited(0, Money(5))], "  so  ", DAY),
        ([Credited(0, Money(5))], "a mistake", DAY - timedelta(1)),
        ([], "a mistake", DAY),
    ],
)
def test_a_note_that_takes_back_too_much_or_says_no_reason_is_refused(
    parts: list[Credited], reason: str, day: date
) -> None:
    with pytest.raises(BadInput):
        credit(bill([(1800, True), (13000, False)]), [], number(1, "credit note"), day, reason, parts)


def test_a_note_on_another_invoice_does_not_count_here() -> None:
    note = credit_all(bill([(100, False)], n=2), [], number(1, "credit note"), DAY, "a mistake")
    with pytest.raises(BadInput):
        left(bill([(100, False)]), [note])


def test_an_invoice_cannot_be_changed_nor_hold_what_others_bill() -> None:
    asked = bill([(100, False)])
    with pytest.raises(AttributeError):
        asked.note = "changed"  # type: ignore[misc]
    with pytest.raises(BadInput):
        invoice(number(1), CLINIC, PERSON, DAY, DAY, [Line("x-ray", 1, Money(1), zero("USD"), elsewhere=True)])
    with pytest.raises(BadInput):
        invoice(number(1), CLINIC, PERSON, DAY, DAY - timedelta(1), [Line("x", 1, Money(1), zero("USD"))])
    with pytest.raises(BadInput):
        invoice(number(1), CLINIC, PERSON, DAY, DAY, [])


@pytest.mark.parametrize(("code", "modifiers"), [("99999", ()), ("Traction, mechanical", ()), ("S9090", ("XX",))])
def test_only_listed_codes_and_modifiers_stand_on_a_line(code: str, modifiers: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        Line("x", 1, Money(1), zero("USD"), code=code, modifiers=modifiers)


def test_numbers_follow_in_a_row_of_their_own() -> None:
    given = [number(1), number(2), number(9, clinic="SW"), number(5, "receipt")]
    assert following(given, "NW", "invoice") == number(3)
    assert following(given, "NW", "credit note") == number(1, "credit note")
    assert following([], "NW", "invoice").show() == "NW-I-000001"
    assert parse_number("NW-C-000012") == number(12, "credit note")


@given(st.integers(1, 40), st.data())
def test_a_row_with_a_number_missing_or_given_twice_is_found(length: int, data: st.DataObject) -> None:
    row = [number(n) for n in range(1, length + 1)]
    check_row(data.draw(st.permutations(row)))
    i = data.draw(st.integers(0, length - 1))
    with pytest.raises(BadInput, match="given twice"):
        check_row([*row, row[i]])
    if i < length - 1:
        with pytest.raises(BadInput, match="missing"):
            check_row(row[:i] + row[i + 1 :])


@pytest.mark.parametrize("text", ["NW-I-42", "nw-I-000042", "NW-X-000042", "NW-I-000042 ", "NW-I-000000"])
def test_a_number_written_any_other_way_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_number(text)


def account() -> Account:
    first, second = bill([(10_000, False)], n=1), bill([(5_000, False)], n=2, day=DAY + timedelta(10))
    note = credit(first, [], number(1, "credit note"), DAY + timedelta(2), "a mistake", [Credited(0, Money(1_000))])
    paid = Payment(number(1, "receipt"), DAY + timedelta(1), Money(8_000), "card", first.number)
    back = Payment(number(2, "receipt"), DAY + timedelta(20), Money(-500), "card", first.number)
    return Account("USD", (second, first), (note,), (back, paid))


def test_a_balance_is_what_was_asked_less_what_came_in() -> None:
    books = account()
    assert books.balance == Money(10_000 + 5_000 - 1_000 - 8_000 + 500)
    assert [books.open(one) for one in books.invoices] == [Money(5_000), Money(1_500)]


def test_a_statement_carries_on_from_what_was_owed_and_ends_at_the_balance() -> None:
    books = account()
    assert [row.balance.cents for row in books.entries()] == [10_000, 2_000, 1_000, 6_000, 6_500]
    assert books.entries()[-1].balance == books.balance
    carried, rows = books.statement(DAY + timedelta(2), DAY + timedelta(10))
    assert carried == Money(2_000)
    assert [row.amount.cents for row in rows] == [-1_000, 5_000]


def test_an_invoice_is_overdue_the_day_after_it_is_due() -> None:
    books = account()
    assert books.overdue(DAY + timedelta(30)) == ()
    assert [one.number.number for one in books.overdue(DAY + timedelta(31))] == [1]
    assert [one.number.number for one in books.overdue(DAY + timedelta(41))] == [2, 1]


def test_who_has_paid_ahead_is_not_overdue() -> None:
    one = bill([(100, False)])
    assert (
        Account("USD", (one,), (), (Payment(number(1, "receipt"), DAY, Money(100), "cash"),)).overdue(
            DAY + timedelta(99)
        )
        == ()
    )


@pytest.mark.parametrize(
    "ending", ["completed", "patient stop", "clinician stop", "console stop", "fault", "interrupted"]
)
def test_what_the_machine_broke_off_is_never_counted(ending: str) -> None:
    counted = sessions_taken([(ending, 50)])
    assert counted == (0 if ending in {"fault", "interrupted"} else 1)
    assert sessions_taken([("fault", 100), ("patient stop", 49), ("completed", 100)]) == 1


def test_an_ending_nobody_knows_is_refused() -> None:
    with pytest.raises(BadInput):
        sessions_taken([("vanished", 10)])


def order(**more: Any) -> Order:
    prices = starting_prices()
    return Order(prices=prices, sessions=20, at_most=20, made_on=DAY, chosen=("exam", "cold-pack"), **more)


RECORDS = [
    bill([(1800, True)]),
    credit_all(bill([(1800, True)]), [], number(1, "credit note"), DAY, "a mistake"),
    Payment(number(1, "receipt"), DAY, Money(-5), "card"),
    starting_prices(),
    estimate(
        order(travel=Travel(25, 750, "mi", Money(70)), discounts=(Discount("d", Fraction(1, 10), None, ("exam",)),))
    ),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_from_its_json_the_same(record: Any) -> None:
    again = type(record).from_document(json.loads(json.dumps(record.document())))
    assert again == record
    assert again.sha256 == record.sha256
    assert json.loads(record.canonical()) == record.document()


@pytest.mark.parametrize("kind", [Invoice, CreditNote, CourseEstimate, PriceList])
@pytest.mark.parametrize("document", [None, [], {}, {"number": 1}, "x"])
def test_a_document_that_is_no_record_is_refused(kind: Any, document: object) -> None:
    with pytest.raises(BadInput):
        kind.from_document(document)


def test_a_record_with_a_cent_changed_has_another_hash_and_odd_values_are_refused() -> None:
    document = bill([(1800, True)]).document()
    document["lines"][0]["unit"]["cents"] = 1799
    assert Invoice.from_document(document).sha256 != bill([(1800, True)]).sha256
    for bad in (17.99, True, "1799", None):
        document["lines"][0]["unit"]["cents"] = bad
        with pytest.raises(BadInput):
            Invoice.from_document(document)


def test_the_list_in_force_is_the_one_begun_last() -> None:
    start = starting_prices()
    later = PriceList("2", date(2026, 9, 1), "USD", start.items)
    assert in_force([later, start], date(2026, 8, 31)) == start
    assert in_force([later, start], date(2026, 9, 1)) == later
    assert in_force([later], date(2026, 8, 31)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"sessions": 0},
        {"sessions": 61},
        {"at_most": 19},
        {"chosen": ("session",)},
        {"chosen": ("moon",)},
        {"chosen": ("exam",), "maybe": ("exam",)},
        {"package": Package(20, Money(1), Money(12_999))},  # another price for one session than the list has
        {"package": Package(21, Money(1), Money(13_000))},
        {"package": Package(20, Money(1), Money(13_000)), "discounts": (Discount("d", Fraction(1, 10), None),)},
        {"reviews": (6, 6)},
        {"reviews": ()},
        {"reviews": (0, 6)},
    ],
)
def test_an_order_that_does_not_go_together_is_refused(wrong: dict[str, Any]) -> None:
    good: dict[str, Any] = {"prices": starting_prices(), "sessions": 20, "at_most": 20, "made_on": DAY}
    with pytest.raises(BadInput):
        Order(**{**good, **wrong})


@given(st.integers(1, 40), st.integers(0, 20), st.booleans())
def test_low_is_never_above_the_plan_nor_the_plan_above_the_most(sessions: int, more: int, exam: bool) -> None:
    chosen = ("exam", "exercise") if exam else ()
    asked = Order(starting_prices(), sessions, sessions + more, DAY, chosen=chosen, maybe=("x-ray",))
    course = estimate(asked)
    every = [course.low, *(stop.total for stop in course.stops), course.planned.total, course.high]
    assert every == sorted(every, key=lambda money: money.cents)
    assert total((part.amount for part in course.instalments), "USD") == zero("USD")
