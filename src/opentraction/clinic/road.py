"""A patient's road through the clinic: the steps in their order, how each stands, and where it is done.

Each wing says how its own steps stand (`<wing>/road.py: steps(patient, when) -> list[Step]`); this page of code only
puts them in a row. The row heads every page about a patient: what is missing is one glance and one key away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Final, Literal, cast

from opentraction.clinic import roles
from opentraction.clinic.models import Patient

State = Literal["done", "next", "look", "stop", "open"]
"""done: nothing to do. next: do this now. look: something wants attention. stop: the road ends here. open: not yet."""
IN_WORDS: Final[dict[State, str]] = {
    "done": "done",
    "next": "to do",
    "look": "look",
    "stop": "stop",
    "open": "",
}
WINGS: Final = (
    "opentraction.clinic.intake.road",
    "opentraction.clinic.consents.road",
    "opentraction.clinic.intake.visit_road",
    "opentraction.clinic.courses.road",
    "opentraction.clinic.agenda.road",
    "opentraction.clinic.treatment_road",
    "opentraction.clinic.home.road",
    "opentraction.clinic.portal.road",
    "opentraction.clinic.outcomes.road",
    "opentraction.clinic.pathways.road",
    "opentraction.clinic.billing.road",
)
"""Modules in the order of the road; a wing adds its own here."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `key` names the wing, `words` say in a few words how it stands, `act` is what opening it needs."""

    key: str
    title: str
    url: str
    state: State
    words: str
    act: str = roles.LOOK

    @property
    def said(self) -> str:
        """The state in a word; empty for what is not its turn yet."""
        return IN_WORDS[self.state]


Stands = Callable[[Patient, datetime], list[Step]]


def steps_of(patient: Patient, user: roles.Anyone, when: datetime) -> list[Step]:
    """The steps this user may open, in their order."""
    return [step for wing in WINGS for step in _stands(wing)(patient, when) if roles.may(user, step.act)]


def _stands(wing: str) -> Stands:
    return cast(Stands, import_module(wing).steps)
