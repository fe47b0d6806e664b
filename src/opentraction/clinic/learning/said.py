"""What is known, as the public pages show it: plain words in the reader's language, numbers and sources beside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opentraction.care.evidence import (
    FROM_MEMORY,
    Position,
    Question,
    Sentence,
    Study,
    citation,
    evidence_page,
    evidence_texts,
    forest,
    shrinking,
)

SIDES: Final[dict[str, Promise]] = {
    "no difference": _("Compared, and no difference found"),
    "for": _("Compared, and a difference in favour of the table"),
    "uncontrolled": _("Not compared with anything"),
    "against": _("Harm"),
}
MEANS: Final[dict[str, Promise]] = {
    "no difference": _("One group got the pull, another got a fake pull or other care. Both did about the same."),
    "for": _(
        "The group with the pull did better. Look at how many people, for how long, and how big the difference was."
    ),
    "uncontrolled": _("Everybody got the pull. Nobody knows how they would have done without it."),
    "against": _("What went wrong, in print."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence and what it leans on: pairs of id and name of a study or position."""

    id: str
    text: str
    cites: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A study or a position: name, what it means for a patient, its caveat in the reader's words, its citation."""

    id: str
    name: str
    year: int
    plain: str
    size: str
    caveat: str
    own_caveat: str
    citation: str
    about: Study | Position


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the articles, answered."""

    question: Question
    ask: str
    short: str
    more: tuple[str, ...]
    facts: tuple[tuple[str, str, str], ...]
    cites: tuple[tuple[str, str], ...]


@cache
def evidence_shown(language: str) -> dict[str, Any]:
    """Everything of the page of evidence, as a template lays it out."""
    page, texts = evidence_page(), evidence_texts(language)
    natural = page.natural
    return {
        "headline": _line(page.headline, language),
        "known": [_line(one, language) for one in page.known],
        "unknown": [_line(one, language) for one in page.unknown],
        "ours": [_line(one, language) for one in page.ours],
        "sides": [
            (side, SIDES[side], MEANS[side], [_study(one, language) for one in page.sides[side]])  # type: ignore[index]
            for side in SIDES
        ],
        "natural": [texts.get(f"natural.{key}", text) for key, text in zip(_NATURAL, natural.plain, strict=True)],
        "natural_source": natural.pooled.source,
        "guidelines": [_position(one, language) for one in page.guidelines],
        "regulators": [_position(one, language) for one in page.regulators],
        "forest": forest(720, texts=texts),
        "forest_narrow": forest(340, texts=texts),
        "shrinking": shrinking(720, texts=texts),
        "shrinking_narrow": shrinking(340, texts=texts),
    }


_NATURAL: Final = ("lead", "then", "pain")


@cache
def questions_shown(language: str) -> list[Asked]:
    """Every question of the articles."""
    return [_question(one, language) for one in evidence_page().questions]


def _line(one: Sentence, language: str) -> Line:
    return Line(one.id, evidence_texts(language).get(f"sentence.{one.id}", one.text), _cites(one.cites, language))


def _cites(cites: tuple[str, ...], language: str) -> tuple[tuple[str, str], ...]:
    return tuple((one, _named(one, language)) for one in cites)


def _named(ident: str, language: str) -> str:
    """`Wegner 2013`, short enough for a footnote."""
    page, texts = evidence_page(), evidence_texts(language)
    for studies in page.sides.values():
        for study in studies:
            if study.id == ident:
                return f"{texts.get(f'study.{ident}.name', study.name)}, {study.year}"
    for position in (*page.guidelines, *page.regulators):
        if position.id == ident:
            return f"{texts.get(f'position.{ident}.who', position.who)}, {position.year}"
    return "Wang, 2020"


def _study(one: Study, language: str) -> Shown:
    texts = evidence_texts(language)
    name = texts.get(f"study.{one.id}.name", one.name)
    plain = texts.get(f"study.{one.id}.plain", one.plain)
    size = one.sized(lambda word: texts.get(f"picture.{word}", word))
    return Shown(one.id, name, one.year, plain, size, _tag(one), one.own_caveat, citation(one.id), one)


def _position(one: Position, language: str) -> Shown:
    texts = evidence_texts(language)
    who = texts.get(f"position.{one.id}.who", one.who)
    plain = texts.get(f"position.{one.id}.plain", one.plain)
    return Shown(one.id, who, one.year, plain, "", _tag(one), one.own_caveat, citation(one.id), one)


def _tag(one: Study | Position) -> str:
    return FROM_MEMORY if one.certainty == "memory" else ""


def _question(one: Question, language: str) -> Asked:
    texts, start = evidence_texts(language), f"question.{one.id}"
    more = tuple(texts.get(f"{start}.more.{n}", line) for n, line in enumerate(one.more, 1))
    facts = tuple(
        (texts.get(f"{start}.facts.{n}", fact.text), fact.certainty, fact.source) for n, fact in enumerate(one.facts, 1)
    )
    ask, short = texts.get(f"{start}.ask", one.ask), texts.get(f"{start}.short", one.short)
    return Asked(one, ask, short, more, facts, _cites(one.cites, language))
