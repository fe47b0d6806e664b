"""The roads as data: each number has a source, memory says so, nobody is told what to choose; and the handout."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pypdf
import pytest

from opentraction.care.claims import check_file
from opentraction.care.evidence import natural_history
from opentraction.care.pathways import Pathway, compare, handout_pdf, note, pathways, side_by_side, surgical_urgency
from opentraction.care.pathways.pathway import FILE, PROSE, ROWS
from opentraction.quantities import BadInput

DAY = date(2026, 11, 22)
FIVE = ("waiting", "exercise", "injection", "decompression", "discectomy")
CLEAR = {
    **dict.fromkeys(("bladder_bowel", "saddle_numb", "both_legs", "anal_tone_lax", "aneurysm_suspected"), False),
    **dict.fromkeys(("foot_drop", "weakness_growing", "myelopathy_signs", "tumour", "infection", "fracture"), False),
    "worst_key_muscle": 5,
    "muscle_drop": 0,
}


def road(key: str) -> Pathway:
    return next(one for one in pathways() if one.key == key)


def by_id(one: Pathway) -> str:
    return one.key


@pytest.mark.parametrize("one", pathways(), ids=by_id)
def test_prose_carries_no_number_so_each_has_a_source_of_its_own(one: Pathway) -> None:
    prose = [getattr(one, name) for name in PROSE] + [one.grade_why]
    assert [text for text in prose if re.search(r"\d", text)] == []
    assert all(figure.source.text and re.search(r"\d", figure.text) for figure in one.figures)
    for cost in one.costs:
        assert cost.source.text
        assert cost.low is None or cost.country


@pytest.mark.parametrize("one", pathways(), ids=by_id)
def test_what_is_from_memory_says_so_where_it_is_read(one: Pathway) -> None:
    for figure in one.figures:
        if figure.source.certainty == "memory":
            assert any("from memory, unverified" in text for text in one.row(figure.row) if figure.text in text)
    if one.source.certainty == "memory":
        assert all("from memory, unverified" in one.row(name)[0] for name in ("evidence", "risks", "source"))


@pytest.mark.parametrize("one", pathways(), ids=by_id)
def test_every_row_of_every_road_says_something(one: Pathway) -> None:
    assert all(text for name in ROWS for text in one.row(name))
    assert all(re.fullmatch(r"I\d\d", said.id) for said in one.said)
    assert one.said


def test_the_operations_of_the_articles_are_all_there() -> None:
    assert {"laminectomy", "discectomy", "foraminotomy", "fusion", "emergency"} == {
        one.key for one in pathways() if one.surgical
    }


def test_waiting_has_the_numbers_of_the_evidence() -> None:
    told = " ".join(road("waiting").row("evidence"))
    for one in natural_history().by_type:
        assert f"{one.label} {one.percent:g}" in told
    assert "63 of 100" in told
    assert "49 to 77" in told


@pytest.mark.parametrize(
    ("key", "row", "number"),
    [
        ("discectomy", "evidence", "45.3 points against 34.4"),
        ("discectomy", "recovery", "85 % after 3 months, 93 % after 12"),
        ("fusion", "recovery", "66 % after 3 months, 82 % after 12"),
        ("laminectomy", "cost", "$11,405.00 (United States, 2013)"),
        ("fusion", "cost", "$29,438.00 (United States, 2013)"),
        ("discectomy", "cost", "$1,021.00 (United States, 2020)"),
        ("emergency", "time", "24 to 48 hours"),
        ("decompression", "evidence", "2,762 people"),
    ],
)
def test_numbers_of_the_reference(key: str, row: str, number: str) -> None:
    assert number in " ".join(road(key).row(row))


def test_no_text_claims_what_nobody_has_shown() -> None:
    assert not list(check_file(FILE))
    assert not list(check_file(Path(FILE).with_name("urgency.toml")))


@pytest.mark.parametrize(
    ("facts", "key", "standing"),
    [
        ({"radiculopathy": True, "screening_excludes": False}, "decompression", "open"),
        (
            {
                **dict.fromkeys(("pregnant", "hardware", "unstable", "screening_excludes", "deficit"), False),
                "radiculopathy": True,
                "slip_grade": 0,
                "sessions_done": 0,
            },
            "decompression",
            "may fit",
        ),
        ({"pregnant": True, "radiculopathy": True}, "decompression", "not now"),
        ({"sessions_done": 12, "better_enough": False}, "decompression", "not now"),
        ({"sessions_done": 11, "better_enough": False}, "decompression", "open"),
        ({"slip_grade": 2}, "decompression", "not now"),
        ({"slip_grade": 2}, "fusion", "may fit"),
        ({"slip_grade": 1, "unstable": False}, "fusion", "general"),
        ({"stenosis_claudication": True}, "laminectomy", "may fit"),
        ({"concordant_imaging": False}, "discectomy", "not now"),
        ({"large_or_free_fragment": True, "deficit": True}, "waiting", "not now"),
        ({"herniation": "sequestration", "deficit": False}, "waiting", "may fit"),
        ({"herniation": "bulge", "deficit": False, "weeks_of_symptoms": 7}, "waiting", "general"),
        ({}, "emergency", "not now"),
    ],
)
def test_how_a_road_stands_to_a_person(facts: dict[str, object], key: str, standing: str) -> None:
    card = next(card for card in compare({**CLEAR, **facts}) if card.pathway.key == key)
    assert card.standing == standing
    assert card.because or standing in {"open", "general"}
    assert bool(card.ask) is (standing == "open")


def test_the_table_shows_every_row_for_every_card_and_says_it_does_not_choose() -> None:
    table = side_by_side(compare({}))
    assert [head for head, _ in table.rows] == list(ROWS.values())
    assert all(len(cells) == len(table.names) == 9 for _, cells in table.rows)
    assert table.note == note()
    assert "does not choose" in table.note


def words(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    assert pages[0].mediabox.width > pages[0].mediabox.height
    return re.sub(r"\s+", " ", pages[0].extract_text())


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize(
    "keys", [FIVE, FIVE[:2], ("decompression", "discectomy", "laminectomy", "foraminotomy", "fusion")]
)
def test_the_handout_is_one_landscape_page(keys: tuple[str, ...], paper: str) -> None:
    cards = [card for card in compare(CLEAR) if card.pathway.key in keys]
    told = words(handout_pdf(cards, surgical_urgency(CLEAR), "Clinic", DAY, paper=paper))
    for card in cards:
        assert card.pathway.name in told
    assert "does not choose" in told
    assert "22 November 2026" in told


def test_the_handout_puts_what_is_urgent_above_everything() -> None:
    facts = {"saddle_numb": True}
    told = words(handout_pdf(compare(facts)[:5], surgical_urgency(facts), "Clinic", DAY))
    assert told.index("emergency department now") < told.index("What it is")


def test_a_handout_of_too_many_or_none_is_refused() -> None:
    for count in (0, 6):
        with pytest.raises(BadInput):
            handout_pdf(compare({})[:count], surgical_urgency({}), "Clinic", DAY)
