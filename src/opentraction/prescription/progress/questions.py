"""What is asked when an answer is missing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from opentraction.quantities.toml_file import parse_toml


@dataclass(frozen=True, slots=True)
class Question:
    """A missing answer: the field it goes into, and the question in words."""

    key: str
    words: str

    def document(self) -> dict[str, str]:
        """As JSON holds it."""
        return {"key": self.key, "words": self.words}


@cache
def _texts() -> dict[str, str]:
    table = parse_toml(files(__package__).joinpath("questions.toml").read_text("utf-8"), "questions.toml")
    return {key: table.text(key, longest=200) for key in table.data}


def ask(*keys: str) -> tuple[Question, ...]:
    """The questions of these keys; a KeyError names a programming mistake."""
    return tuple(Question(key, _texts()[key]) for key in keys)
