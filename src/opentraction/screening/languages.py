"""What patients read, in their language: English stands in the data, Spanish in `<name>.es.toml` beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml
from opentraction.screening.actions import TREATS
from opentraction.screening.body_map import body_map
from opentraction.screening.question import Page, Question
from opentraction.screening.questions import intake_questions
from opentraction.screening.verdict import Reason, Verdict
from opentraction.screening.visit import visit_questions
from opentraction.screening.words import headline

LANGUAGES = {"en": "English", "es": "Español"}
SIDES = {"left": "left", "right": "right", "middle": "middle"}
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Worded:
    """A question in one language and for one region."""

    text: str
    help: str
    options: Mapping[str, str]
    rows: Mapping[str, str]


def worded(question: Question, region: str, language: str = "en") -> Worded:
    """The words of a question. What only a clinician is asked stays in English. Raises BadInput for a language."""
    if _translated(language) and question.asked_of == "patient":
        there = _questions(language).get(question.id, {})
        cervical = there.get("text_cervical", "") if region == "cervical" else ""
        return Worded(cervical or there["text"], there.get("help", ""), there.get("options", {}), question.rows)
    return Worded(question.words(region), question.help, question.options, question.rows)


def page_title(page: Page, language: str = "en") -> str:
    """The title of a page."""
    there = _questions(language).get(f"page {page.id}") if _translated(language) else None
    return str(there["title"]) if there else page.title


def plain_headline(verdict: Verdict, language: str = "en") -> str:
    """The one sentence of a verdict."""
    if not _translated(language):
        return headline(verdict)
    if verdict.action in TREATS and not verdict.may_treat:
        return _file("words", language).table("retest").text("text")
    return _file("words", language).table("actions").text(verdict.action.name)


def plain_why(reason: Reason, region: str, language: str = "en") -> str:
    """Why a paragraph speaks, for the patient."""
    if not _translated(language):
        return reason.why
    if reason.known:
        return str(_whys(language)[reason.rule][reason.paragraph])
    by_id = intake_questions().by_id | {one.id: one for one in visit_questions()}
    asked = " / ".join(worded(by_id[key], region, language).text for key in reason.open)
    return f"{_file('words', language).table('open').text('text')} {asked}"


def chart_words(language: str = "en") -> tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]]:
    """Places, kinds and sides of the body chart."""
    if not _translated(language):
        return body_map().places, body_map().kinds, SIDES
    there = _file("body_map", language)
    return there.table("places").data, there.table("kinds").data, there.table("sides").data


def _translated(language: str) -> bool:
    if language not in LANGUAGES:
        raise BadInput("language", language, "one of " + ", ".join(LANGUAGES))
    return language != "en"


@cache
def _file(name: str, language: str) -> Table:
    path = _HERE / f"{name}.{language}.toml"
    return parse_toml(path.read_text("utf-8"), path.name)


@cache
def _questions(language: str) -> dict[str, Any]:
    """Every question's words by id, and under `page <id>` the words of a page."""
    found: dict[str, Any] = {}
    for path in sorted(_HERE.glob(f"questions/*.{language}.toml")) + sorted(
        _HERE.glob(f"visit/[0-9]*.{language}.toml")
    ):
        data = dict(parse_toml(path.read_text("utf-8"), path.name).data)
        page = path.name.removesuffix(f".{language}.toml").partition("_")[2]
        found |= {f"page {page}": data.pop("page"), **data}
    return found


@cache
def _whys(language: str) -> dict[str, Any]:
    """Why, by rule and paragraph."""
    paths = [*_HERE.glob(f"rules/*.{language}.toml"), *_HERE.glob(f"visit/[a-z]*.{language}.toml")]
    return {rule: said for path in paths for rule, said in parse_toml(path.read_text("utf-8"), path.name).data.items()}
