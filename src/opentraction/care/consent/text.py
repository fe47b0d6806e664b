"""The words of consent. Each version is a file a language; one that was signed is never changed, a new one is added."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from opentraction.patient.patient import REGIONS
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Section:
    """One heading and its paragraphs; `region` is empty where it holds for neck and back."""

    id: str
    title: str
    text: tuple[str, ...]
    region: str
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """Asked before signing, to see whether the words arrived. `because` is shown after a wrong answer."""

    id: str
    text: str
    choices: tuple[str, ...]
    right: int
    because: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """Something else a person may agree to or not; treatment never depends on it."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version in one language. `material`: whoever signed an earlier one is asked again."""

    version: str
    language: str
    since: date
    material: bool
    title: str
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    purposes: tuple[Purpose, ...]

    def for_region(self, region: str) -> tuple[Section, ...]:
        """The sections that are read to somebody whose `region` is treated."""
        return tuple(one for one in self.sections if one.region in {"", region})

    def document(self, region: str) -> dict[str, Any]:
        """Every word that is signed, so that its hash can be kept with the signature."""
        return {
            "version": self.version,
            "language": self.language,
            "region": region,
            "title": self.title,
            "sections": [[one.id, one.title, list(one.text)] for one in self.for_region(region)],
            "purposes": [[one.id, one.title, one.text] for one in self.purposes],
        }

    def sha256(self, region: str) -> str:
        """Hash of the words for `region`."""
        text = json.dumps(self.document(region), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def wrong(self, answers: dict[str, int]) -> tuple[Question, ...]:
        """The questions that were not answered, or not rightly."""
        return tuple(one for one in self.questions if answers.get(one.id) != one.right)


@cache
def versions(language: str = "en") -> tuple[ConsentText, ...]:
    """All versions in a language, the oldest first. Raises BadInput for a language there is none in."""
    if language not in LANGUAGES:
        raise BadInput("language", language, "one of " + ", ".join(LANGUAGES))
    return tuple(sorted((_read(path) for path in TEXTS.glob(f"*.{language}.toml")), key=lambda one: one.since))


def current(today: date, language: str = "en") -> ConsentText:
    """The version that is signed on `today`; before the first one began, the first one. Raises BadInput."""
    first, *_ = every = versions(language)
    return next((one for one in reversed(every) if one.since <= today), first)


def version_of(version: str, language: str = "en") -> ConsentText:
    """A version by its name. Raises BadInput."""
    for one in versions(language):
        if one.version == version:
            return one
    raise BadInput("consent version", version, "one of " + ", ".join(one.version for one in versions(language)))


def _read(path: Path) -> ConsentText:
    table = parse_toml(path.read_text("utf-8"), path.name)
    return ConsentText(
        version=table.text("version"),
        language=table.word("language", LANGUAGES),
        since=table.day("from"),
        material=table.flag("material"),
        title=table.text("title"),
        sections=tuple(_section(one) for one in table.tables("section")),
        questions=tuple(_question(one) for one in table.tables("question")),
        purposes=tuple(
            Purpose(one.text("id"), one.text("title"), one.text("text", longest=400)) for one in table.tables("purpose")
        ),
    )


def _section(table: Table) -> Section:
    region = table.word("region", ("", *REGIONS), default="")
    source = table.text("source", default="", longest=400)
    return Section(table.text("id"), table.text("title"), table.texts("text"), region, source)


def _question(table: Table) -> Question:
    choices = table.texts("choices")
    right = table.count("right", 0, len(choices) - 1)
    return Question(table.text("id"), table.text("text"), choices, right, table.text("because", longest=300))
