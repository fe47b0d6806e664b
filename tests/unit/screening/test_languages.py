"""The Spanish of screening: nothing a patient reads is missing in it, and nothing in it is left over."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from opentraction import screening
from opentraction.quantities import BadInput
from opentraction.screening.rules import rule_book, visit_book

ROOM = Path(screening.__file__).parent
ASKED = [
    *(q for page in screening.intake_questions().pages if page.asked_of == "patient" for q in page.questions),
    *screening.visit_questions(),
]
PARAGRAPHS = [
    (rule.id, paragraph) for book in (rule_book(), visit_book()) for rule in book.rules for paragraph in rule.paragraphs
]


def _read(pattern: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in ROOM.glob(pattern):
        found |= {key: value for key, value in tomllib.loads(path.read_text("utf-8")).items() if key != "page"}
    return found


def test_every_patients_question_is_there_and_no_other() -> None:
    spanish = _read("questions/*.es.toml") | _read("visit/[0-9]*.es.toml")
    assert set(spanish) == {question.id for question in ASKED}


@pytest.mark.parametrize("question", ASKED, ids=lambda question: question.id)
@pytest.mark.parametrize("region", screening.REGIONS)
def test_a_question_has_all_its_words_in_spanish(question: screening.Question, region: str) -> None:
    english, spanish = (screening.worded(question, region, language) for language in ("en", "es"))
    assert spanish.text
    assert spanish.text != english.text
    assert set(spanish.options) == set(english.options)
    assert list(spanish.options) == list(english.options)  # the same order on both pages
    assert all(spanish.options.values())
    assert bool(spanish.help) == bool(english.help)


def test_the_neck_is_asked_about_the_neck() -> None:
    question = screening.intake_questions().by_id["pain_limb"]
    assert "brazo" in screening.worded(question, "cervical", "es").text
    assert "pierna" in screening.worded(question, "lumbar", "es").text


def test_the_pages_have_titles() -> None:
    pages = screening.pages("patient", "lumbar")
    assert [screening.page_title(page, "es") for page in pages] == [
        "Sobre usted", "Su dolor", "Señales de peligro", "Su columna hasta ahora", "Su salud",
    ]  # fmt: skip


def test_every_paragraph_says_why_and_none_is_left_over() -> None:
    spanish = _read("rules/*.es.toml") | _read("visit/[a-z]*.es.toml")
    told = {(rule, paragraph) for rule, said in spanish.items() for paragraph in said}  # type: ignore[attr-defined]
    assert told == {(rule, paragraph.id) for rule, paragraph in PARAGRAPHS}


def test_the_body_chart_is_whole() -> None:
    english, spanish = screening.chart_words(), screening.chart_words("es")
    assert [list(words) for words in spanish] == [list(words) for words in english]


def test_a_verdict_speaks_both_languages() -> None:
    intake = screening.Intake.of("P-1", "lumbar", {"saddle_numb": True})
    verdict = screening.screen(intake, today=date(2026, 3, 1))
    assert screening.plain_headline(verdict) == screening.headline(verdict)
    assert screening.plain_headline(verdict, "es") == "Emergencia. Vaya al hospital ahora."
    for reason in verdict.reasons:
        assert screening.plain_why(reason, "lumbar") == reason.why
        assert screening.plain_why(reason, "lumbar", "es") not in {"", reason.why}
    assert any(screening.plain_why(one, "lumbar", "es").startswith("Todavía no sabemos: ¿") for one in verdict.reasons)


def test_every_action_has_a_sentence() -> None:
    english, spanish = (tomllib.loads((ROOM / name).read_text("utf-8")) for name in ("words.toml", "words.es.toml"))
    assert set(spanish["actions"]) == set(english["actions"]) == set(screening.Action.__members__)


def test_clinicians_questions_stay_in_english() -> None:
    question = screening.intake_questions().by_id["cord_signs"]
    assert screening.worded(question, "lumbar", "es").text == question.text


def test_another_language_is_refused() -> None:
    with pytest.raises(BadInput, match="one of en, es"):
        screening.worded(ASKED[0], "lumbar", "de")
