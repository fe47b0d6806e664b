"""The rules as data: `rules.toml`, its patterns compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from opentraction.quantities.toml_file import Table, parse_toml, read_text

FILE: Final = Path(__file__).parent / "rules.toml"
SEVERITIES: Final = ("false", "unsupported", "misleading")
_GAP: Final = r"(?:[ \-]+)"
_WORD: Final = r"(?:[^ \-\n;!?.]|\.(?! ))+"


@dataclass(frozen=True, slots=True)
class Rule:
    """What must not be promised, why, and what to say instead."""

    id: str
    language: str
    severity: str
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    wrong: str
    instead: str
    source: str
    certainty: str
    reviewed_by: str


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the file. Raises BadInput when the file is not as it must be."""
    file = parse_toml(read_text(FILE), FILE.name)
    words = {name: str(value) for name, value in file.table("words").data.items()}
    return tuple(_rule(one, words) for one in file.tables("rule"))


def compiled(pattern: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern of the file as a regular expression over folded text, at word bounds."""
    for name, value in words.items():
        pattern = pattern.replace(f"<{name}>", value)
    pattern = re.sub(r" \.\.(\d+)(?: |$)", lambda found: f" (?:{_WORD} ){{0,{found[1]}}}", pattern)
    if re.search(r"\.\.\d", pattern):
        raise re.error("`..3` stands between spaces")
    pattern = pattern.replace("~", r"[ \-]*")
    kept = re.split(r"(\[[^\]]*\])", pattern)  # a space in a character class stays one
    pattern = "".join(part if part.startswith("[") else part.replace(" ", _GAP) for part in kept)
    return re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])")


def _rule(table: Table, words: Mapping[str, str]) -> Rule:
    return Rule(
        id=table.text("id"),
        language=table.text("language", "en"),
        severity=table.word("severity", SEVERITIES),
        patterns=_patterns(table, "patterns", words),
        unless=_patterns(table, "unless", words),
        wrong=table.text("wrong", longest=200),
        instead=table.text("instead", longest=200),
        source=table.text("source", longest=200),
        certainty=table.word("certainty", ("read", "memory", "design")),
        reviewed_by=table.text("reviewed_by"),
    )


def _patterns(table: Table, key: str, words: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    value = table.need(key, '["words"]')
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise table.refuse(key, value, "a list of patterns")
    try:
        return tuple(compiled(one, words) for one in value)
    except re.error as problem:
        raise table.refuse(key, str(problem), "patterns that can be compiled") from None
