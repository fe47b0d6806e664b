"""The house's paper: one template and some words make a page; words stay words."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pypdf
import pytest

from opentraction.paper import pages, pdf

TEMPLATE = """#import "/letterhead.typ": *
#show: letterhead
#head("Findings")
#pairs(data.rows)
#lines((1fr, auto), ("What", "Amount"), data.table)
#weighty(data.warning)
#tick Done
#sign((("Clinician", "A. Weber"), ("Date", "")))
"""
DATA: dict[str, Any] = {
    "title": "Referral",
    "disclaimer": "Research and education software.",
    "clinic": {"name": "The clinic", "lines": ["1 Road", "Town"]},
    "to": ["Dr Ada", "Hospital"],
    "date": "21 November 2026",
    "day": [2026, 11, 21],
    "reference": "P-017",
    "rows": [["Name", "Ben"]],
    "table": [["Session", "$ 95"]],
    "warning": "#sys.inputs *not bold* $x$",
}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "letter.typ"
    path.write_text(TEMPLATE, "utf-8")
    return path


def text_of(raw: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(raw)).pages)


def test_a_page_carries_its_words_and_none_of_them_becomes_markup(template: Path) -> None:
    text = text_of(pdf(template, DATA))
    for words in ("Referral", "The clinic", "Dr Ada", "P-017", "21 November 2026", "#sys.inputs *not bold* $x$"):
        assert words in text


def test_a_lone_surrogate_and_what_is_not_finite_are_laid_out_too(template: Path) -> None:
    odd = DATA | {"warning": "a\ud800b", "rows": [["Amount", str(float("nan"))]], "extra": float("inf")}
    assert "a?b" in text_of(pdf(template, odd))


def test_the_same_words_make_the_same_bytes(template: Path) -> None:
    assert pdf(template, DATA) == pdf(template, DATA)


def test_letter_and_landscape_are_a_word_in_the_data(template: Path) -> None:
    box = pypdf.PdfReader(io.BytesIO(pdf(template, DATA | {"paper": "us-letter", "flipped": True}))).pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((792.0, 612.0))


def test_pages_can_be_looked_at(template: Path) -> None:
    (picture,) = pages(template, DATA)
    assert picture.startswith(b"\x89PNG")
