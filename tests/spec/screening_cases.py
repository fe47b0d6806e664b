"""The cases of the screening book, read from tests/spec/screening: a healthy person with a few answers changed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from opentraction.screening import Intake, intake_questions, read_answer

BOOK = Path(__file__).parent / "screening"
TODAY = date(2026, 3, 31)
KINDS = ("fires", "misses", "unknown")
NOBODY = {"nobody": {"region": "lumbar"}, "nobody with a neck": {"region": "cervical"}}
_KEYS = {*KINDS, "base", "answers", "days_ago", "unset", "verdict", "limits", "may_treat"}


@dataclass(frozen=True)
class Case:
    """One small patient: what is changed, what is expected, and which paragraph it is about."""

    paragraph: str
    kind: str
    title: str
    raw: Mapping[str, Any]

    @property
    def intake(self) -> Intake:
        return intake_of(self.raw)

    def __str__(self) -> str:
        return f"{self.paragraph} {self.kind}: {self.title}"


def intake_of(raw: Mapping[str, Any]) -> Intake:
    """The intake of a case: its base, less what is unset, with what it answers."""
    answers: dict[str, Any] = {**bases()[raw.get("base", "man")]}
    region = answers.pop("region")
    answers.update(raw.get("answers", {}))
    answers.update({key: TODAY - timedelta(days=days) for key, days in raw.get("days_ago", {}).items()})
    for key in raw.get("unset", ()):
        del answers[key]
    questions = intake_questions().by_id
    return Intake.of("case", region, {key: read_answer(questions[key], value) for key, value in answers.items()})


@cache
def bases() -> dict[str, dict[str, Any]]:
    """The healthy people, and the one who answered nothing."""
    raw = tomllib.loads((BOOK / "bases.toml").read_text("utf-8"))
    people = {
        name: {**raw.get(one.get("like", ""), {}), **{k: v for k, v in one.items() if k != "like"}}
        for name, one in raw.items()
    }
    return people | NOBODY


@cache
def cases() -> tuple[Case, ...]:
    """Every case of a paragraph."""
    return tuple(case for file in sorted(BOOK.glob("R*.toml")) for case in _of_rule(file))


def _of_rule(file: Path) -> Iterator[Case]:
    for paragraph, blocks in tomllib.loads(file.read_text("utf-8")).items():
        for raw in blocks:
            assert raw.keys() <= _KEYS, (file.name, paragraph, raw.keys() - _KEYS)
            (kind,) = (kind for kind in KINDS if kind in raw)
            yield Case(f"{file.stem}.{paragraph}", kind, raw[kind], raw)


@cache
def more(name: str) -> tuple[Mapping[str, Any], ...]:
    """The cases of combinations.toml or adaptive.toml."""
    return tuple(tomllib.loads((BOOK / f"{name}.toml").read_text("utf-8"))["case"])
