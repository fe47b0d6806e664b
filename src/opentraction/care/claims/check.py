"""The checker: a text in, findings out, each with its place, the rule it meets and what to say instead."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from opentraction.care.claims.excuse import excused
from opentraction.care.claims.fold import BREAK, HIDE, Folded, foldings
from opentraction.care.claims.readers import shown
from opentraction.care.claims.rules import Rule, rules

_SHOWN_WORDS: Final = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim: `line` and `column` count from 1, `words` are as they stand in the text."""

    line: int
    column: int
    words: str
    rule: str
    severity: str
    wrong: str
    instead: str
    source: str

    def document(self) -> dict[str, object]:
        """As JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def check(text: str, kind: str = "text") -> list[Finding]:
    """Every claim in a text, in order of place.

    Parameters
    ----------
    text : str
        As it was written; markup is read past, places are those of the given text.
    kind : str
        One of `readers.KINDS`: text, markdown, html, toml, python, javascript, po, typst. A template is html.

    Raises
    ------
    BadInput
        For a kind that is not known.
    """
    seen = shown(text, kind)
    spans: dict[tuple[int, int, str], Rule] = {}
    for folded in foldings(seen):
        for rule in rules():
            for start, stop in _spans(folded, rule):
                spans[(start, stop, rule.id)] = rule
    return [_finding(text, seen, start, stop, rule) for (start, stop, _), rule in _outermost(spans)]


def _spans(folded: Folded, rule: Rule) -> Iterator[tuple[int, int]]:
    """Where a rule is met, in the text as given."""
    for pattern in rule.patterns:
        for match in pattern.finditer(folded.text):
            if not excused(folded.text, match.start(), match.end(), rule.unless):
                yield folded.origin[match.start()], folded.origin[match.end() - 1] + 1


def _outermost(spans: dict[tuple[int, int, str], Rule]) -> list[tuple[tuple[int, int, str], Rule]]:
    """One finding where several patterns of one rule overlap: the longest."""
    kept: list[tuple[tuple[int, int, str], Rule]] = []
    for key, rule in sorted(spans.items(), key=lambda one: (one[0][0] - one[0][1], one[0])):
        if not any(rule.id == other.id and key[0] < stop and start < key[1] for (start, stop, _), other in kept):
            kept.append((key, rule))
    return sorted(kept, key=lambda one: one[0])


def _finding(text: str, seen: str, start: int, stop: int, rule: Rule) -> Finding:
    line_start = text.rfind("\n", 0, start) + 1
    plain = "".join(one for one in seen[start:stop] if unicodedata.category(one) != "Cf")
    words = " ".join(plain.replace(HIDE, "").replace(BREAK, " ").split())
    return Finding(
        line=text.count("\n", 0, start) + 1,
        column=start - line_start + 1,
        words=words if len(words) <= _SHOWN_WORDS else words[: _SHOWN_WORDS - 3] + "...",
        rule=rule.id,
        severity=rule.severity,
        wrong=rule.wrong,
        instead=rule.instead,
        source=rule.source,
    )
