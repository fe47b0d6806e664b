"""A drawn signature is strokes in a box, and nothing else gets into a page or a PDF by that way."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraction.care.consent import Consent, checked_drawing, drawing_hash, drawing_svg, signed_form
from opentraction.quantities import BadInput
from tests.unit.care_consent.test_consent import given as consent_given

SCRAWL = "M10 100L60 20L90 180M340 50L480 60"
POINTS = st.tuples(st.integers(0, 600), st.integers(0, 200))
STROKES = st.lists(st.lists(POINTS, min_size=2, max_size=20), min_size=1, max_size=20)


@given(STROKES)
@settings(max_examples=50)
def test_any_strokes_in_the_box_are_taken_as_they_are(strokes: list[list[tuple[int, int]]]) -> None:
    path = "".join("M" + "L".join(f"{x} {y}" for x, y in stroke) for stroke in strokes)
    assert checked_drawing(path) == path
    assert f'd="{path}"' in drawing_svg(path)


@pytest.mark.parametrize(
    "path",
    [
        'M1 1L2 2"/><script>alert(1)</script>',
        "M1 1",
        "L1 1L2 2",
        "M1 1L2 2Z",
        "M1 1C2 2 3 3 4 4",
        "M601 1L2 2",
        "M1 201L2 2",
        "M1 1L2 2\n",
        "M-1 1L2 2",
        "M1 1" + "L2 2" * 4000,
    ],
)
def test_anything_else_is_refused(path: str) -> None:
    with pytest.raises(BadInput, match="drawn signature"):
        checked_drawing(path)


def test_nothing_drawn_is_nothing() -> None:
    assert checked_drawing("") == ""
    assert drawing_hash("") == ""


def test_the_pdf_takes_only_the_drawing_that_was_signed_with() -> None:
    consent = consent_given(drawing_sha256=drawing_hash(SCRAWL))
    assert signed_form(consent, drawing=SCRAWL).startswith(b"%PDF")
    with pytest.raises(BadInput, match="altered"):
        signed_form(consent, drawing="M1 1L2 2")
    with pytest.raises(BadInput, match="altered"):
        signed_form(consent)


def words_on(raw: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(raw)).pages).split())


def test_who_signed_for_whom_why_and_how_stands_on_the_paper() -> None:
    mother = consent_given(given_by="representative", representative="mother; the patient is 15")
    assert "as representative: mother; the patient is 15" in words_on(signed_form(mother))
    by_hand = words_on(signed_form(consent_given(how="paper")))
    assert "Signed by hand by Ana Ruiz" in by_hand
    assert "not yet witnessed" in words_on(signed_form(consent_given(witness="")))
    assert "aún sin testigo" in words_on(signed_form(consent_given(language="es", witness="")))


@pytest.mark.parametrize(
    "change", [{"given_by": "representative"}, {"given_by": "patient", "representative": "mother; 15"}]
)
def test_a_representative_says_who_and_why_and_a_patient_does_not(change: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="representative"):
        consent_given(**change)


def test_what_was_signed_comes_back_from_its_document_and_old_hashes_stay() -> None:
    plain = consent_given()
    assert not {"representative", "how", "drawing_sha256"} & set(plain.document())
    full = replace(
        plain,
        given_by="representative",
        representative="son",
        how="paper",
        drawing_sha256="a" * 64,
        purposes=("review",),
    )
    for one in (plain, full):
        again = Consent.from_document(one.document())
        assert again == one
        assert again.sha256 == one.sha256
    for broken in ({}, {"signed": "yesterday"}, plain.document() | {"more": 1}):
        with pytest.raises(BadInput):
            Consent.from_document(broken)
