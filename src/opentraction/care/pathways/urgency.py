"""How urgent a surgeon is: now, same day, an opinion, elective, or none, with the reasons and what is still to ask."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from opentraction.care.money.sources import Source, read_source
from opentraction.care.pathways.condition import Condition, condition_of
from opentraction.care.pathways.facts import Facts
from opentraction.quantities.toml_file import Table, parse_toml, read_text

_FILE: Final = Path(__file__).parent / "urgency.toml"
LEVELS: Final = ("now", "same day", "opinion", "elective", "none")  # most urgent first
URGENT: Final = ("now", "same day")


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason for a level; `rule` is the clinical rule, section or article statement it stands on."""

    id: str
    rule: str
    level: str
    because: str
    condition: Condition
    source: Source


@dataclass(frozen=True, slots=True)
class Urgency:
    """The most urgent level that holds, every rule that holds (most urgent first), the questions that could raise it.

    `danger` are those of the questions that could make it urgent: ask them before anything else.
    """

    level: str
    words: str
    reasons: tuple[Rule, ...]
    ask: tuple[str, ...]
    danger: tuple[str, ...]
    asked: bool = False
    """Whether the person has answered every danger sign: what `danger` waits for is then found by examining."""

    @property
    def settled(self) -> bool:
        """Whether nothing unknown could make it more urgent."""
        return not self.ask

    @property
    def urgent(self) -> bool:
        """Now or same day: no other road may be weighed before that."""
        return self.level in URGENT


@functools.cache
def rules() -> tuple[Rule, ...]:
    """The rules as written in urgency.toml."""
    top = parse_toml(read_text(_FILE), _FILE.name)
    top.only("levels", "rule")
    return tuple(_rule(one) for one in top.tables("rule"))


@functools.cache
def level_words() -> dict[str, str]:
    """What each level says to a person."""
    table = parse_toml(read_text(_FILE), _FILE.name).table("levels")
    return {level: table.text(level) for level in (*LEVELS, "open", "examine")}


def _rule(table: Table) -> Rule:
    table.only("id", "rule", "level", "because", "all", "any", "source", "certainty", "reviewed_by")
    return Rule(
        id=table.text("id"),
        rule=table.text("rule"),
        level=table.word("level", LEVELS[:-1]),
        because=table.text("because"),
        condition=condition_of(table),
        source=read_source(table),
    )


def told(name: str, level: str, because: str, source: str) -> Rule:
    """A reason that no intake tells, such as an adverse event that is open: it holds, whatever else is known."""
    return Rule(name, name, level, because, Condition((), ()), Source(source, "read"))


def surgical_urgency(facts: Facts | Mapping[str, Any], also: Sequence[Rule] = (), *, asked: bool = False) -> Urgency:
    """How urgent a surgeon is for this person; `also` are reasons told elsewhere (`told`).

    `asked` says that the person has answered every danger sign, so that an examination is missing. It never says
    that anyone should be operated on. Raises BadInput.
    """
    known = (facts if isinstance(facts, Facts) else Facts.of(facts)).mapping()
    holding = [*also, *(one for one in rules() if one.condition.judge(known))]
    firing = sorted(holding, key=lambda one: LEVELS.index(one.level))
    level = firing[0].level if firing else "none"
    danger = () if level in URGENT else _open(URGENT, known)
    above = LEVELS[: LEVELS.index(level)]
    words = level_words()[level] if not danger else level_words()["examine" if asked else "open"]
    if danger and level != "none":
        words = f"{words} {level_words()[level]}"
    return Urgency(level, words, tuple(firing), _open(above, known), danger, asked)


def _open(levels: tuple[str, ...], known: Mapping[str, Any]) -> tuple[str, ...]:
    """The questions that the rules of these levels still wait for."""
    missing = (question for one in rules() if one.level in levels for question in one.condition.missing(known))
    return tuple(dict.fromkeys(missing))
