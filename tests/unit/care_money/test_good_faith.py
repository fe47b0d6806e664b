"""The good-faith estimate: its days, when a bill may be disputed, and the pages that are printed."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pypdf
import pytest

from opentraction.app.cli import main
from opentraction.care.money import (
    Account,
    Asked,
    Credited,
    Discount,
    GoodFaith,
    Invoice,
    Line,
    Money,
    Numbered,
    Payment,
    Tax,
    burden,
    credit,
    credit_pdf,
    dispute,
    estimate,
    good_faith,
    good_faith_pdf,
    invoice,
    invoice_pdf,
    must_give_by,
    parse_percent,
    published,
    read_estimate,
    refund_pdf,
    settle,
    statement_pdf,
    superbill_pdf,
    zero,
)
from opentraction.care.money.codes import codes
from opentraction.care.money.good_faith import rules
from opentraction.care.money.published import OF
from opentraction.quantities import BadInput

EXAMPLE = Path(__file__).parents[3] / "examples" / "estimate.toml"
DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def asked() -> Asked:
    return read_estimate(EXAMPLE, DAY)


@pytest.fixture(scope="module")
def given(asked: Asked) -> GoodFaith:
    return good_faith(estimate(asked.order), asked.clinic, asked.patient)


@pytest.fixture(scope="module")
def bill(asked: Asked) -> Invoice:
    nothing = zero("USD")
    lines = [
        Line("Decompression session", 6, Money(13000), nothing, "session", "S9090", ("GA",), on=date(2026, 12, 14)),
        Line("First examination", 1, Money(15000), nothing, "exam", "99203"),
        Line("Cold pack", 1, Money(1800), nothing, taxable=True),
    ]
    off = [Discount("Paid at once", parse_percent("10 %", "d"), None, ("exam",))]
    assert asked.clinic is not None
    assert asked.patient is not None
    number, tax = Numbered("NW", "invoice", 42), Tax("Sales tax", parse_percent("8.25 %", "t"))
    return invoice(number, asked.clinic, asked.patient, date(2026, 12, 20), date(2027, 1, 19), lines, off, tax)


def read(pdf: bytes) -> str:
    """The words of a paper that must have one page."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    return re.sub(r"\s+", " ", pages[0].extract_text())


@pytest.mark.parametrize(
    ("booked", "visit", "by"),
    [
        ("2026-11-23", None, "2026-11-26"),  # asked on a Monday
        ("2026-11-26", None, "2026-12-01"),  # asked on a Thursday: Friday, Monday, Tuesday
        ("2026-11-23", "2026-11-25", None),  # two business days away
        ("2026-11-23", "2026-11-26", "2026-11-24"),  # three
        ("2026-11-23", "2026-12-04", "2026-11-24"),  # nine
        ("2026-11-23", "2026-12-07", "2026-11-26"),  # ten
        ("2026-11-27", "2026-12-02", "2026-11-30"),  # a Friday: three, over a weekend
        ("2026-11-28", "2026-12-01", None),  # a Saturday: Monday and Tuesday
    ],
)
def test_the_day_it_must_be_given_by(booked: str, visit: str | None, by: str | None) -> None:
    due = must_give_by(date.fromisoformat(booked), date.fromisoformat(visit) if visit else None)
    assert due == (date.fromisoformat(by) if by else None)


@pytest.mark.parametrize(
    ("more", "days", "may"), [(39999, 0, False), (40000, 0, True), (40000, 120, True), (40000, 121, False)]
)
def test_a_bill_may_be_disputed_from_400_dollars_on_for_120_days(
    given: GoodFaith, more: int, days: int, may: bool
) -> None:
    ruling = dispute(given, given.total + Money(more), DAY, DAY + timedelta(days))
    assert ruling.may is may
    assert ruling.more == Money(more)
    assert ruling.until == date(2027, 3, 22)


def test_the_notices_say_the_numbers_of_the_rules() -> None:
    told, law = rules().told["gfe.dispute"], rules()
    assert f"{law.dispute_above.cents // 100} dollars" in told
    assert f"{law.dispute_days} days" in told
    assert law.source.caveat == "from memory, unverified"


def test_it_holds_what_we_do_ourselves_and_names_what_others_bill(given: GoodFaith) -> None:
    assert given.total == Money(220000 + 13500)
    assert [line.words for line in given.separate] == ["X-ray"]
    assert given.valid_until == date(2027, 12, 14)
    assert GoodFaith.from_document(given.document()) == given


def test_the_page_has_every_element_of_the_form(given: GoodFaith) -> None:
    words = read(good_faith_pdf(given))
    for element in (
        *("Jo Example", "5 March 1972", "017", "M51.17", "Northwest Traction Clinic", "12 Example Street", "Oregon"),
        *("1234567893", "00-0000000", "S9090", "99203", "$2,335.00", "14 December 2026", "22 November 2026"),
        *("not a contract", "estimate only", "400 dollars", "www.cms.gov/nosurprises", "check it before use"),
        *("X-ray, about $120.00", "after 6 sessions $795.00", "from memory, unverified"),
    ):
        assert element in words, element


@pytest.mark.parametrize("key", ["npi", "tax_number", "state"])
def test_it_is_refused_without_a_number_the_form_asks_for(asked: Asked, key: str) -> None:
    assert asked.clinic is not None
    with pytest.raises(BadInput, match=f"clinic.{key} is missing"):
        good_faith(estimate(asked.order), replace(asked.clinic, **{key: ""}), asked.patient)


def test_it_is_refused_without_a_side_or_a_day_of_birth(asked: Asked) -> None:
    course = estimate(asked.order)
    assert asked.patient is not None
    for clinic, patient in (
        (None, asked.patient),
        (asked.clinic, None),
        (asked.clinic, replace(asked.patient, born=None)),
    ):
        with pytest.raises(BadInput):
            good_faith(course, clinic, patient)


def test_an_invoice_on_paper(bill: Invoice) -> None:
    words = read(invoice_pdf(bill, Money(50000)))
    for element in (
        "NW-I-000042",
        "S9090 GA",
        "$780.00",
        "$1.48",
        "$934.48",
        "$434.48",
        "19 January 2027",
        "never changed",
    ):
        assert element in words, element


def test_a_credit_note_on_paper(bill: Invoice) -> None:
    parts = [Credited(2, Money(1800))]
    note = credit(bill, [], Numbered("NW", "credit note", 7), date(2026, 12, 22), "Not handed out", parts)
    words = read(credit_pdf(note, bill))
    for element in ("NW-C-000007", "NW-I-000042", "Not handed out", "$19.48"):
        assert element in words, element


def test_a_superbill_on_paper_promises_no_payment(bill: Invoice) -> None:
    words = read(superbill_pdf(bill, Money(50000)))
    for element in ("M51.17", "14 December 2026", "S9090 GA", "$934.48", "$500.00", "Most payers do not pay"):
        assert element in words, element


def test_a_statement_on_paper(bill: Invoice) -> None:
    paid = Payment(Numbered("NW", "receipt", 1), date(2026, 12, 21), Money(50000), "card", bill.number)
    words = read(statement_pdf(Account("USD", (bill,), (), (paid,)), bill, date(2026, 12, 1), date(2026, 12, 31)))
    for element in ("You owe", "$434.48", "-$500.00", "NW-R-000001"):
        assert element in words, element


def test_a_refund_on_paper(asked: Asked) -> None:
    package = asked.order.package
    assert package is not None
    assert asked.clinic is not None
    assert asked.patient is not None
    settled = settle(package, 7, package.price, date(2026, 12, 30))
    words = read(refund_pdf(settled, package, asked.clinic, asked.patient, date(2026, 12, 30)))
    for element in ("$1,430.00", "$770.00", "$910.00", "13 January 2027", "There is no fee"):
        assert element in words, element


def test_markup_in_a_name_stays_words(asked: Asked, given: GoodFaith) -> None:
    person = replace(given.person, name='#panic("x") *Jo* <script>')
    assert '#panic("x") *Jo* <script>' in read(good_faith_pdf(replace(given, person=person)))


def test_the_way_is_counted_there_and_back_and_rounded_once(asked: Asked) -> None:
    travel = asked.order.travel
    assert travel is not None
    way = burden(replace(travel, exam_same_day=False), 20)
    assert (way.trips, way.road_minutes, way.clinic_minutes) == (21, 1050, 945)
    assert way.hundredths == 31500
    assert way.cost == Money(22050)
    odd = replace(travel, hundredths=33, per_unit=Money(1), per_trip=Money(200))
    assert burden(odd, 1).cost == Money(201)  # 0.66 cents of distance, rounded once


@pytest.mark.parametrize("of", OF)
def test_published_ranges_have_their_sources(of: str) -> None:
    assert published(of)
    assert all(one.source.text and one.answers for one in published(of))


def test_a_price_stands_below_within_or_above_a_range() -> None:
    article = next(one for one in published() if one.key == "article-1-session")
    placed = [article.place(Money(cents)) for cents in (12499, 12500, 15000, 15001)]
    assert placed == ["below", "within", "within", "above"]
    assert article.place(Money(13000, "EUR")) == "in another currency"


def test_no_code_carries_a_licensed_description() -> None:
    assert {"S9090", "97012"} <= set(codes())
    assert all(len(code.words) <= 60 for code in codes().values())


def changed(folder: Path, old: str, new: str) -> Path:
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    file = folder / "estimate.toml"
    file.write_text(text.replace(old, new), "utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("sessions = 20\nat_most", "sessions = 0\nat_most", "estimate.sessions"),
        ("at_most = 24", "at_most = 19", "estimate.at_most"),
        ('price = "2200.00 USD"', "price = 2200", "package.price"),
        ('price = "2200.00 USD"', 'price = "2600.01 USD"', "package.price"),
        ('price = "2200.00 USD"', 'price = "2200.00 EUR"', "currency"),
        ('on = "exam"', 'on = "session"', "discount"),
        ('percent = "10 %"', 'percent = "110 %"', "percent"),
        ('code = "S9090"', 'code = "S9091"', "code"),
        ('npi = "1234567893"', 'npi = "1234567890"', "clinic.npi"),
        ('options = ["exam", "review"]', 'options = ["exam", "massage"]', "massage"),
        ('distance_one_way = "7.5 mi"', 'distance_one_way = "7.5"', "distance_one_way"),
        ('rate = "0.70 USD per mi"', 'rate = "0.70 USD per km"', "travel.rate"),
        ("count = 3", "count = 25", "instalments.count"),
        ('key = "cigna"', 'key = "sigma"', "payer"),
        ('region = "lumbar"', 'region = "elbow"', "region"),
        ('first_visit = "2026-12-14"', "first_visit = 2026-12-14", "first_visit"),
        ('first_visit = "2026-12-14"\n', "", "instalments"),
        ('first_visit = "2026-12-14"', 'first_visit = "9999-12-31"', "first_visit"),
        ("reviews = [6, 12, 18]", "reviews = [12, 6]", "reviews"),
        ("[payer]", "[prayer]", "prayer"),
    ],
)
def test_a_file_that_cannot_be_reckoned_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, named: str
) -> None:
    file = changed(tmp_path, old, new)
    out = tmp_path / "out.pdf"
    assert main(["estimate", str(file), "--pdf", str(out)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "estimate.toml" in said.err
    assert named in said.err
    assert not out.exists()


def test_the_command_prints_json_and_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.pdf"
    assert main(["estimate", str(EXAMPLE), "--json", "--pdf", str(out)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["low"], told["planned"], told["high"]) == ("795.00 USD", "2335.00 USD", "2993.00 USD")
    assert told["cover"]["status"] == "not covered"
    assert "Good-faith estimate" in read(out.read_bytes())


def test_the_command_prints_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", str(EXAMPLE)]) == 0
    said = capsys.readouterr().out
    for words in ("As planned, 20 sessions: $2,335.00.", "If you stop at visit 6: $795.00.", "20 trips", "Cigna"):
        assert words in said
