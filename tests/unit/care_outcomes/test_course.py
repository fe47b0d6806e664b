"""The course as a picture and a page: gaps stay gaps."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

from pypdf import PdfReader

from opentraction.care.adverse import AdverseEvent
from opentraction.care.outcomes import (
    CourseFacts,
    Form,
    PatientCourse,
    SessionPoint,
    course_page,
    course_pdf,
    course_picture,
)  # fmt: skip
from opentraction.drawing.labels import text_width

START = date(2026, 5, 4)
VISITS = tuple(START + timedelta(days=2 * i) for i in range(12))
TODAY = date(2026, 7, 1)


def course(skip: str = "") -> PatientCourse:
    days = {"before": START, "six": VISITS[5], "twelve": VISITS[11]}
    forms = [
        Form("nprs_leg", day, {"average": 7 - 2 * i}) for i, (name, day) in enumerate(days.items()) if name != skip
    ]
    sessions = tuple(SessionPoint(i + 1, day, 150.0 + 10 * i, None if i == 3 else 6) for i, day in enumerate(VISITS))
    facts = CourseFacts("P-017", "lumbar", START, VISITS, VISITS[-1])
    return PatientCourse(facts, sessions, tuple(forms), ())


def event(kind: str) -> AdverseEvent:
    at = datetime(2026, 5, 8, 9, tzinfo=UTC)
    return AdverseEvent("e-1", kind, at, at, 2, "possible", "<b>dizzy & faint</b>")


def panel(picture: str) -> list[str]:
    """Lines drawn between answers."""
    return [
        d
        for d in re.findall(r'<path d="(M[^"]+)" fill="none" stroke="[^"]+" stroke-width="1.50?"', picture)
        if "L" in d
    ]


def test_a_missed_answer_breaks_the_line_and_is_named() -> None:
    whole, broken = course_picture(course(), TODAY, theme="print"), course_picture(course("six"), TODAY, theme="print")
    assert len(panel(whole)) == len(panel(broken)) + 1
    assert broken.count(">missing<") == whole.count(">missing<") + 1
    ElementTree.fromstring(broken)


def test_without_a_baseline_there_is_no_change_and_it_says_so() -> None:
    told = course("before")
    change = told.change("nprs_leg")
    assert change is not None
    assert change.worthwhile == "unknown"
    assert "no baseline" in course_picture(told, TODAY)
    later = replace(told, forms=(*told.forms, Form("nprs_leg", START + timedelta(days=1), {"average": 9})))
    assert later.baseline("nprs_leg") is None  # asked after the first pull: too late to be one
    rows = {row[0]: row for row in course_page(told, TODAY)["changes"]}
    assert rows["Leg pain"][1] == "–"
    assert rows["Leg pain"][4].startswith("cannot be told")


def test_every_size_is_well_formed_and_names_events() -> None:
    told = replace(course(), events=(event("syncope"), event("cauda_equina")))
    for size in ("a4", "web", "phone"):
        for theme in ("page", "print", "standalone"):
            picture = course_picture(told, TODAY, size=size, theme=theme)  # type: ignore[arg-type]
            ElementTree.fromstring(picture)
            assert "Dizzy or fainted" in picture
            assert "<b>" not in picture
    assert "12 sessions, 2 adverse events" in course_picture(told, TODAY)


def test_on_a_phone_no_letter_is_small_and_the_shaded_band_is_told() -> None:
    picture = ElementTree.fromstring(course_picture(course(), TODAY, size="phone", theme="print"))
    texts = [one for one in picture.iter() if one.tag.endswith("text")]
    assert any((one.text or "").startswith("worthwhile ≤") for one in texts)
    for one in texts:
        size, x = float(one.attrib["font-size"]), float(one.attrib["x"])
        assert size >= 11.0
        wide = text_width(one.text or "", size) * {"end": -1.0, "middle": 0.0}.get(one.get("text-anchor", ""), 1.0)
        assert x + min(0.0, wide) >= 0.0, one.text
        assert x + max(0.0, wide) <= 358.0, one.text


def test_a_course_that_has_hardly_begun_can_be_drawn() -> None:
    empty = PatientCourse(CourseFacts("P-1", "cervical", START), (), (), ())
    ElementTree.fromstring(course_picture(empty, START))
    assert empty.document(START)["changes"] == []
    assert course_page(empty, START)["changes"] == []


def test_the_page_is_one_page_with_what_changed() -> None:
    told = replace(course(), events=(event("syncope"),))
    reader = PdfReader(io.BytesIO(course_pdf(told, TODAY, name="Ada <Example>", clinic="Clinic")))
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    assert "Ada <Example>" in text
    assert "Dizzy or fainted" in text


def test_the_document_counts_missing() -> None:
    forms = course("six").document(TODAY)["forms"]
    assert forms["missed"] > course().document(TODAY)["forms"]["missed"]
    assert sum(forms.values()) > forms["done"]
