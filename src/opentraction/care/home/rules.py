"""The numbers of rules.toml: how a dose moves, how packs are spaced, what rests after a session, the stages back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from opentraction.care.home.files import load


@dataclass(frozen=True, slots=True)
class DoseRules:
    """When a session was good, and what bad ones and gaps do. Pain in points of 10."""

    good_rise: int
    carry_over: int
    carry_over_hours: int
    bad_in_a_row: int
    gap_days_lower: int
    gap_days_start: int


@dataclass(frozen=True, slots=True)
class PackRules:
    """Cold and heat: minutes, when to look at the skin, hours between, times a day."""

    least_minutes: int
    usual_minutes: int
    most_minutes: int
    skin_check_minutes: int
    gap_hours: int
    per_day: int


@dataclass(frozen=True, slots=True)
class AfterRules:
    """What is left alone after a session on the table, for how many hours."""

    hours: int
    lift_kg: int
    lift: str
    bend: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage back to activity; `pain_most` is the highest pain to leave it with, None where none is set."""

    id: str
    number: int
    name: str
    text: str
    pain_most: int | None


@cache
def dose_rules() -> DoseRules:
    """The [dose] part."""
    table = load("rules.toml").table("dose")
    return DoseRules(**{name: table.count(name, 1, 100) for name in DoseRules.__slots__})


@cache
def pack_rules() -> PackRules:
    """The [packs] part."""
    table = load("rules.toml").table("packs")
    return PackRules(**{name: table.count(name, 1, 100) for name in PackRules.__slots__})


@cache
def after_rules() -> AfterRules:
    """The [after_session] part."""
    table = load("rules.toml").table("after_session")
    return AfterRules(
        table.count("hours", 1, 96), table.count("lift_kg", 1, 50), table.text("lift"), table.text("bend")
    )


@cache
def stages() -> tuple[Stage, ...]:
    """The stages back to activity, from daily life to heavy work."""
    found = [
        Stage(
            table.text("id"),
            table.count("number", 0, 9),
            table.text("name"),
            table.text("text", longest=200),
            table.count("pain_most", 0, 10) if "pain_most" in table else None,
        )
        for table in load("rules.toml").tables("stage")
    ]
    return tuple(sorted(found, key=lambda stage: stage.number))


@cache
def stage_hours_and_rise() -> tuple[int, int]:
    """Hours to wait in a stage, and the highest rise of pain that still counts as well [points]."""
    table = load("rules.toml").table("activity")
    return table.count("hours", 1, 200), table.count("rise", 0, 10)


@cache
def maintenance() -> tuple[int, str]:
    """Weeks after which the clinician is asked anew, and what is said then."""
    table = load("rules.toml").table("maintenance")
    return table.count("weeks", 1, 104), table.text("text", longest=300)
