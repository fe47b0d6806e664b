"""The patient's words of this room under keys that stay, and in Spanish: `<name>.es.toml` beside the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from opentraction.care.evidence.page import evidence_page
from opentraction.care.evidence.studies import studies
from opentraction.quantities.toml_file import parse_toml, read_text

Texts = Mapping[str, str]
ENGLISH: Final[Texts] = {}
HERE: Final = Path(__file__).parent
_FILES: Final = {
    "words": "sentence.",
    "questions": "question.",
    "studies": "study.",
    "positions": "position.",
    "natural_history": "natural.",
    "picture": "picture.",
}


@cache
def patient_texts() -> Texts:
    """Key to English text: what a translator is given. The words of the pictures are listed in `picture.es.toml`."""
    page = evidence_page()
    told = {f"sentence.{one.id}": one.text for one in (page.headline, *page.known, *page.unknown, *page.ours)}
    for question in page.questions:
        start = f"question.{question.id}"
        told |= {f"{start}.ask": question.ask, f"{start}.short": question.short}
        told |= {f"{start}.more.{n}": line for n, line in enumerate(question.more, 1)}
        told |= {f"{start}.facts.{n}": fact.text for n, fact in enumerate(question.facts, 1)}
    for study in studies():
        told |= {f"study.{study.id}.name": study.name, f"study.{study.id}.plain": study.plain}
    for position in (*page.guidelines, *page.regulators):
        told |= {f"position.{position.id}.who": position.who, f"position.{position.id}.plain": position.plain}
    told |= dict(zip(("natural.lead", "natural.then", "natural.pain"), page.natural.plain, strict=True))
    return told | {"natural.decide": page.natural.decide}


@cache
def evidence_texts(language: str) -> Texts:
    """The table of a language; English, which stands in the data itself, for one that is not there."""
    told: dict[str, str] = {}
    for name, start in _FILES.items():
        file = HERE / f"{name}.{language}.toml"
        if file.is_file():
            told |= {start + key: text for key, text in _leaves(parse_toml(read_text(file), file.name).data)}
    return told or ENGLISH


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Dotted keys; what stands in a list is counted from 1."""
    if isinstance(value, Mapping):
        parts = value.items()
    elif isinstance(value, list):
        parts = [(str(n), one) for n, one in enumerate(value, 1)]  # type: ignore[assignment]
    else:
        yield key, str(value)
        return
    for name, inside in parts:
        yield from _leaves(inside, f"{key}.{name}" if key else str(name))
