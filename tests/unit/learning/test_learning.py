"""The public pages: open to anyone, in two languages, with every study, question, point and road on them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from opentraction.care.articles import points
from opentraction.care.claims import check
from opentraction.care.evidence import (
    citation,
    evidence_page,
    evidence_texts,
    guidelines,
    questions,
    regulators,
    studies,
)
from opentraction.care.pathways import pathways

pytestmark = pytest.mark.django_db
PAGES = ("learning:learn", "evidence", "learning:questions", "learning:articles", "learning:pathways")


def page(name: str, language: str = "en", query: str = "") -> str:
    browser = Client()
    browser.cookies["django_language"] = language
    answer = browser.get(reverse(name) + query)
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == language
    return answer.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_may_read_and_no_session_is_begun(name: str) -> None:
    browser = Client()
    assert browser.get(reverse(name)).status_code == 200
    assert "sessionid" not in browser.cookies


def test_the_browsers_language_is_heard() -> None:
    assert "Antes de decidir" in Client().get("/learn", HTTP_ACCEPT_LANGUAGE="es-MX,es;q=0.9").content.decode()
    assert "Before you decide" in Client().get("/learn", HTTP_ACCEPT_LANGUAGE="fr").content.decode()


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_study_and_position_stands_there_with_its_source(language: str) -> None:
    html, texts = page("evidence", language), evidence_texts(language)
    for one in studies():
        assert f'id="{one.id}"' in html
        assert escaped(texts.get(f"study.{one.id}.plain", one.plain)) in html
        assert escaped(citation(one.id)) in html
    for position in (*guidelines(), *regulators()):
        assert f'id="{position.id}"' in html
        assert escaped(texts.get(f"position.{position.id}.plain", position.plain)) in html


def test_what_is_from_memory_says_so() -> None:
    html = page("evidence")
    memory = [one for one in (*studies(), *guidelines(), *regulators()) if one.certainty == "memory"]
    assert memory
    assert html.count("From memory, unverified.") == len(memory)


def test_both_sides_are_counted_and_stand_in_the_pictures() -> None:
    html = page("evidence")
    for side, title in (("no difference", "Compared, and no difference found"), ("for", "in favour of the table")):
        assert title in html
        assert f'<span class="count">{len(evidence_page().sides[side])}</span>' in html  # type: ignore[index]
    assert html.count("<svg") == 4


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_question_is_answered(language: str) -> None:
    html, texts = page("learning:questions", language), evidence_texts(language)
    for one in questions():
        assert escaped(texts.get(f"question.{one.id}.short", one.short)) in html


def test_all_74_points_and_one_kind_of_them() -> None:
    html = page("learning:articles")
    assert all(f'id="{one.id}"' in html and escaped(one.says) in html for one in points())
    corrected = page("learning:articles", query="?verdict=corrected")
    assert [one.id for one in points() if f'id="{one.id}"' in corrected] == [
        one.id for one in points() if one.verdict == "corrected"
    ]
    assert page("learning:articles", query="?verdict=wrong").count("<article") == html.count("<article")


def test_every_road_stands_beside_the_others() -> None:
    html = page("learning:pathways")
    assert all(f'id="{one.key}"' in html for one in pathways())


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", PAGES)
def test_the_pages_promise_nothing(name: str, language: str) -> None:
    assert [(one.words, one.rule) for one in check(page(name, language), "html")] == []


def escaped(text: str) -> str:
    from django.utils.html import escape

    return escape(text)
