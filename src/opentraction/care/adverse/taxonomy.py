"""The classes of adverse events and the words for them, from `taxonomy.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml, read_text

URGENCIES = ("routine", "same_day", "urgent", "emergency")
STOPS = ("", "session", "course")
SEVERE = 3
"""From this grade on an event is looked at by a physician the same day."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One class: known to happen or not, how quick to be, what to stop, what to do, when to look again [days]."""

    id: str
    name: str
    expected: bool
    urgency: str
    stop: str
    action: str
    refer: str
    rules: tuple[str, ...]
    follow_up: tuple[int, ...]
    serious_until_shown: bool
    holds: bool
    device: bool
    source: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Who may have to be told, and in how many working days; None where no time is set."""

    id: str
    when: str
    to: str
    work_days: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All the words; `ended` are the outcomes after which nothing is to be followed up."""

    kinds: dict[str, Kind]
    severity: dict[int, str]
    relatedness: dict[str, str]
    criteria: dict[str, str]
    outcomes: dict[str, str]
    ended: frozenset[str]
    duties: tuple[Duty, ...]
    duty_words: str
    source: str
    certainty: str
    reviewed_by: str


def holds(name: str, severity: int, serious: bool) -> bool:
    """Whether nothing is pulled while it is open, and a clinician alone closes it [design]. Raises BadInput."""
    about = kind(name)
    return serious or severity >= SEVERE or about.holds or about.stop == "course"


@cache
def taxonomy() -> Taxonomy:
    """What ships, checked on the way in."""
    path = Path(__file__).with_name("taxonomy.toml")
    return taxonomy_from(parse_toml(read_text(path), path.name))


def kind(name: str) -> Kind:
    """A class by its id. Raises BadInput."""
    if name not in taxonomy().kinds:
        raise BadInput("event.kind", name, "one of " + ", ".join(taxonomy().kinds))
    return taxonomy().kinds[name]


def taxonomy_from(top: Table) -> Taxonomy:
    """From a file. Raises BadInput."""
    source = top.text("source", longest=300)
    return Taxonomy(
        kinds={one.text("id"): _kind(one, source) for one in top.tables("class")},
        severity={one.count("grade", 1, 5): one.text("words") for one in top.tables("severity")},
        relatedness=_words(top.tables("relatedness")),
        criteria=_words(top.tables("criterion")),
        outcomes=_words(top.tables("outcome")),
        ended=frozenset(one.text("id") for one in top.tables("outcome") if one.flag("ended")),
        duties=tuple(_duty(one) for one in top.tables("reporting")),
        duty_words=top.table("reporting_fact").text("words", longest=400),
        source=source,
        certainty=top.word("certainty", ("read", "memory", "design")),
        reviewed_by=top.text("reviewed_by"),
    )


def _words(tables: list[Table]) -> dict[str, str]:
    return {one.text("id"): one.text("words", longest=200) for one in tables}


def _kind(one: Table, source: str) -> Kind:
    one.only(
        "id", "name", "expected", "urgency", "stop", "action", "refer", "rules", "follow_up", "serious_until_shown",
        "holds", "device", "source",
    )  # fmt: skip
    return Kind(
        id=one.text("id"),
        name=one.text("name"),
        expected=one.flag("expected"),
        urgency=one.word("urgency", URGENCIES),
        stop=one.word("stop", STOPS),
        action=one.text("action", longest=300),
        refer=one.text("refer", ""),
        rules=tuple(one.data.get("rules", ())),
        follow_up=tuple(one.data.get("follow_up", ())),
        serious_until_shown=one.flag("serious_until_shown"),
        holds=one.flag("holds"),
        device=one.flag("device"),
        source=one.text("source", source, longest=300),
    )


def _duty(one: Table) -> Duty:
    one.only("id", "when", "to", "work_days", "words")
    days = one.count("work_days", 1, 90) if "work_days" in one else None
    return Duty(
        one.text("id"), one.word("when", ("death", "serious", "device")), one.text("to"), days, one.text("words")
    )
