"""How an appointment goes: from booked to done, cancelled or not come. What may follow what is a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from opentraction.care.booking.kinds import rules
from opentraction.quantities import BadInput, State

BOOKED: Final = "booked"
ARRIVED: Final = "arrived"
DONE: Final = "done"
CANCELLED: Final = "cancelled"
NO_SHOW: Final = "no-show"
STATES: Final = (BOOKED, ARRIVED, DONE, CANCELLED, NO_SHOW)
STANDS: Final = (BOOKED, ARRIVED, DONE)
"""In these it takes its resources; the others gave them back."""
ACTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "arrive": {BOOKED: ARRIVED},
        "finish": {ARRIVED: DONE},
        "cancel": {BOOKED: CANCELLED, ARRIVED: CANCELLED},
        "no-show": {BOOKED: NO_SHOW},
        "back": {ARRIVED: BOOKED, NO_SHOW: BOOKED, CANCELLED: BOOKED, DONE: ARRIVED},
    }
)
"""Act -> state before -> state after. `back` undoes a slip."""
REASONS: Final = MappingProxyType(
    {
        "patient": "The patient asked for it",
        "ill": "The patient is ill",
        "travel": "The patient could not get here",
        "clinic": "The clinic asked for it",
        "table": "The table is out of service",
        "course": "The course has ended or changed",
        "other": "Another reason",
    }
)
"""Why an appointment was cancelled. None of them says anything of a diagnosis."""


@dataclass(frozen=True, slots=True)
class Notice:
    """How long before its beginning an appointment was cancelled."""

    before: timedelta

    @property
    def late(self) -> bool:
        """Whether that was less than the clinic asks for."""
        return self.before < timedelta(hours=rules().notice)

    @property
    def hours(self) -> float:
        """In hours; negative after its beginning."""
        return self.before.total_seconds() / 3600.0


def after(act: str, state: str) -> str:
    """The state that follows. Raises BadInput where the act does not apply."""
    if act not in ACTS:
        raise BadInput("act", act, "one of " + ", ".join(ACTS))
    if state not in ACTS[act]:
        raise BadInput("appointment", State(state), f"for “{act}” one that is " + " or ".join(ACTS[act]))
    return ACTS[act][state]


def acts_of(state: str) -> tuple[str, ...]:
    """What may be done with an appointment in this state."""
    return tuple(act for act, table in ACTS.items() if state in table)


def notice(start: datetime, now: datetime) -> Notice:
    """The notice given by a cancellation now."""
    return Notice(start - now)


def late_by(start: datetime, arrived: datetime) -> int:
    """Whole minutes somebody came late; 0 for in time, and for a few minutes that nobody minds."""
    minutes = int((arrived - start).total_seconds() // 60)
    return minutes if minutes >= rules().late else 0


def too_late(start: datetime, arrived: datetime) -> bool:
    """Whether the next appointment would have to wait."""
    return arrived - start >= timedelta(minutes=rules().too_late)


def may_be_missed(start: datetime, now: datetime) -> bool:
    """Whether it is late enough to say that somebody did not come."""
    return now - start >= timedelta(minutes=rules().late)
