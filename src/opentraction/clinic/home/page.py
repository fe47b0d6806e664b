"""What the page of the home programme shows: items and held exercises in words, the log with what it met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from opentraction.care.home import Exercise, Held, Item, LogEntry, StopRule, exercises, facts_known, picture
from opentraction.care.home.gates import Answer
from opentraction.clinic.home.facts import facts_now
from opentraction.clinic.home.standing import Standing, met

SHOWN: Final = 40
"""Entries of the log on the page; the picture has four weeks."""
KINDS: Final = {
    "blocked": _("Not now"),
    "unknown": _("Ask first"),
    "order": _("Only on order"),
    "resting": _("Rest after a session"),
    "stopped": _("Stopped"),
    "later": _("Later"),
    "past": _("Past"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """An exercise of today."""

    exercise: Exercise
    item: Item

    @property
    def thumb(self) -> str:
        """Its first picture, as SVG."""
        return picture(self.exercise.steps[0].picture)

    @property
    def reasons(self) -> str:
        """Why this dose."""
        return " ".join(one.text for one in self.item.reasons)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An exercise that is not for today, why, and what to ask to open it."""

    exercise: Exercise
    held: Held
    ask: tuple[str, ...]

    @property
    def kind(self) -> Any:
        """In a word or two."""
        return KINDS[self.held.kind]


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry of the log, and the stop rules it met."""

    entry: LogEntry
    name: str
    met: tuple[StopRule, ...]

    @property
    def grave(self) -> bool:
        """Whether one of them says call, or get help."""
        return any(rule.then != "lower" for rule in self.met)


def given_today(here: Standing) -> list[Given]:
    """Today's exercises."""
    return [Given(exercises()[item.exercise], item) for item in here.programme.items] if here.programme else []


def held_back(here: Standing) -> list[HeldBack]:
    """What is not for today, by kind. What is later or past is left out, and what the banner says of all of them."""
    if here.programme is None:
        return []
    facts = facts_now(here.patient, here.now)
    order = list(KINDS)
    every = sorted(here.programme.held, key=lambda one: order.index(one.kind))
    hidden = {"later", "past"} | ({"stopped"} if here.everything_stopped else set())
    shown = [one for one in every if one.kind not in hidden]
    return [HeldBack(exercises()[one.exercise], one, _ask(one, facts)) for one in shown]


def _ask(held: Held, facts: dict[str, Any]) -> tuple[str, ...]:
    if held.kind != "unknown":
        return ()
    open_gates = [gate for gate in exercises()[held.exercise].gates if gate.answer(facts) is Answer.UNKNOWN]
    missing = dict.fromkeys(part.fact for gate in open_gates for part in gate.when if facts.get(part.fact) is None)
    return tuple(facts_known()[name].ask for name in missing)


def logged(here: Standing) -> list[Logged]:
    """The newest entries first."""
    newest = list(reversed(here.log))[:SHOWN]
    return [Logged(one, exercises()[one.exercise].name, tuple(met(one))) for one in newest]
