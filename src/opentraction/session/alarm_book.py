"""What each alarm means, what the table does by itself, what a person does, and how soon it must be told."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from opentraction.quantities.vocabulary import ALARMS, Alarm
from opentraction.session.alarm_board import LONGEST_PAUSE, SHOWN_AT_LEAST

FILE: Final = Path(__file__).with_name("alarm_book.toml")


@dataclass(frozen=True)
class Entry:
    """One alarm of the book."""

    alarm: Alarm
    condition: str
    condition_delay_s: float
    """How long the condition must hold before it counts [s]."""
    signal_s: float
    """From then to the first row that carries it, at most [s]."""
    reaction: str
    """What the table does by itself."""
    act: str
    """What a person does."""
    source: str = ""
    unraised: str = ""
    """Why nothing raises it yet; empty where something does."""
    unproved: str = ""
    """What of it is not shown, or not so."""
    late_s: float | None = None
    """Where it comes later than it should: the longest that was measured, from the condition's beginning [s]."""

    @property
    def within_s(self) -> float:
        """From the beginning of the condition to the signal, at most, as it should be [s]."""
        return self.condition_delay_s + self.signal_s


@cache
def alarm_book() -> Mapping[str, Entry]:
    """Every alarm by its id, in the order of the vocabulary."""
    rows = tomllib.loads(FILE.read_text("utf-8"))
    book = {alarm.id: _entry(alarm, rows.pop(alarm.id)) for alarm in ALARMS}
    if rows:
        raise ValueError(f"{FILE.name}: no such alarm: {', '.join(rows)}")
    return MappingProxyType(book)


def _entry(alarm: Alarm, row: dict[str, Any]) -> Entry:
    return Entry(alarm, **({"source": f"hazard analysis 4, {alarm.id}"} | row))


@cache
def settings() -> Mapping[str, Any]:
    """What the alarms are set to, for the log: nothing of it can be changed at the table."""
    from opentraction.session.alarm_bursts import bursts

    return {
        "delays_s": {id_: [one.condition_delay_s, one.signal_s] for id_, one in alarm_book().items()},
        "bursts": {name: [one.pulses, one.every_s] for name, one in bursts().items()},
        "longest_pause_s": LONGEST_PAUSE,
        "shown_at_least_s": SHOWN_AT_LEAST,
    }
