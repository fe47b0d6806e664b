"""Spanish: no word for patients is left out, every gap of a sentence is kept, and nothing is promised."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.template.base import Lexer, TokenType
from django.utils import translation

from opentraction.care import evidence, home
from opentraction.care.claims import check

CLINIC = Path(__file__).parents[3] / "src" / "opentraction" / "clinic"
WINGS = ("portal", "learning")
TABLES = {
    "home": (home.patient_texts(), home.home_texts("es")),
    "evidence": (evidence.patient_texts(), evidence.evidence_texts("es")),
}
GAP = re.compile(r"\{\w*[^}]*\}|%\(\w+\)s")


def catalogue(wing: str) -> dict[str, str]:
    path = CLINIC / wing / "locale" / "es" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        pairs = [(one.id, one.string) for one in read_po(file, locale="es") if one.id]
    flat: dict[str, str] = {}
    for said, spanish in pairs:
        flat |= dict(zip(said, spanish, strict=True)) if isinstance(said, tuple) else {said: spanish}
    return flat


@pytest.mark.parametrize("room", TABLES)
def test_no_text_of_the_data_lacks_spanish(room: str) -> None:
    english, spanish = TABLES[room]
    assert [key for key in english if not spanish.get(key)] == []
    strange = [key for key in spanish if key not in english and not key.startswith("picture.")]
    assert strange == []


@pytest.mark.parametrize("room", TABLES)
def test_every_gap_is_kept(room: str) -> None:
    english, spanish = TABLES[room]
    assert [key for key in english if sorted(GAP.findall(english[key])) != sorted(GAP.findall(spanish[key]))] == []


def test_the_pictures_say_nothing_in_english() -> None:
    texts = evidence.evidence_texts("es")
    for draw in (evidence.forest, evidence.shrinking):
        words = [set(re.findall(r"<(?:text|title|desc)[^>]*>([^<]*)<", draw(6000, texts=one))) for one in ({}, texts)]
        assert [one for one in words[0] & words[1] if re.search("[A-Za-z]", one)] == []


def shown_by(wing: str) -> set[str]:
    """What the templates of a wing give to the translator: `translate` and `blocktranslate`, as they are looked up."""
    found: set[str] = set()
    for path in (CLINIC / wing / "templates").rglob("*.html"):
        tokens = Lexer(path.read_text("utf-8")).tokenize()
        for place, token in enumerate(tokens):
            if token.token_type is TokenType.BLOCK and token.contents.startswith("translate "):
                found.add(re.match(r"translate (['\"])(.*?)\1", token.contents)[2])  # type: ignore[index]
            if token.token_type is TokenType.BLOCK and token.contents.startswith("blocktranslate"):
                found |= _block(tokens[place + 1 :])
    return found


def _block(tokens: list) -> set[str]:  # type: ignore[type-arg]
    parts, found = [], set()
    for token in tokens:
        if token.token_type is TokenType.VAR:
            parts.append(f"%({token.contents})s")
        elif token.token_type is TokenType.TEXT:
            parts.append(token.contents.replace("%", "%%"))
        elif token.contents.strip() in {"plural", "endblocktranslate"}:
            found.add("".join(parts))
            parts = []
            if token.contents.strip() == "endblocktranslate":
                return found
    return found


@pytest.mark.parametrize("wing", WINGS)
def test_no_word_of_a_page_lacks_spanish(wing: str) -> None:
    known = catalogue("portal") | catalogue("learning")
    words = shown_by(wing)
    assert len(words) > 30
    assert sorted(word for word in words if not known.get(word)) == []
    with translation.override("es"):
        same = [word for word in words if "%" not in word and translation.gettext(word) != known[word]]
    assert same == [], "the compiled catalogue is not the one that is written"


@pytest.mark.parametrize("wing", WINGS)
def test_the_catalogue_keeps_every_gap(wing: str) -> None:
    wrong = [
        said for said, spanish in catalogue(wing).items() if sorted(GAP.findall(said)) != sorted(GAP.findall(spanish))
    ]
    assert [one for one in wrong if "{n}" not in one and "once more" not in one] == []


@pytest.mark.parametrize("source", [*TABLES, *WINGS])
def test_spanish_promises_nothing(source: str) -> None:
    texts = TABLES[source][1] if source in TABLES else catalogue(source)
    assert [(key, one.words, one.rule) for key, text in texts.items() for one in check(text)] == []


def test_the_checker_would_tell() -> None:
    assert check("Es un tratamiento sin riesgos.")
    assert check("La mesa cura la hernia.")
