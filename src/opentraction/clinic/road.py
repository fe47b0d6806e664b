"""A patient's road through the clinic: the steps in their order, how each stands, and where it is done.

Each wing says how its own steps stand (`<wing>/road.py: steps(patient, when) -> list[Step]`); this page of code only
puts them in a row. The row heads every page about a patient: what is missing is one glance and one key away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from typing import Final, Literal, cast

from django.utils.translation import gettext as _

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


TO_THE_TABLE: Final = frozenset({"consent", "course", "visits", "visit", "prescription"})
"""Steps that lead to the table: none of them is done, or to be done, while something stops the patient."""


def steps_of(patient: Patient, user: roles.Anyone, when: datetime) -> list[Step]:
    """The steps this user may open, in their order."""
    steps = [step for wing in WINGS for step in _stands(wing)(patient, when) if roles.may(user, step.act)]
    return [_held(step) for step in steps] if _stopped(patient, when) else steps


def _stopped(patient: Patient, when: datetime) -> bool:
    """Looked up late: what stops a patient asks the wings, and they ask for their steps here."""
    from opentraction.clinic.alarms import alarms_of

    return bool(alarms_of(patient, when))


def _held(step: Step) -> Step:
    """No green past a stop, and nothing that asks to go on; it says whom to ask, not why."""
    if step.key not in TO_THE_TABLE or step.state not in {"done", "next"}:
        return step
    if step.key == "visits" and step.state == "done":
        return replace(step, state="look", words=_("{words}: ask a clinician").format(words=step.words))
    return replace(step, state="open")


def _stands(wing: str) -> Stands:
    return cast(Stands, import_module(wing).steps)
