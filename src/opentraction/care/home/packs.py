"""May a cold or warm pack go on now: hours between two of a kind, times a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from opentraction.care.home.log import LogEntry
from opentraction.care.home.rules import pack_rules
from opentraction.care.home.words import Said


@dataclass(frozen=True, slots=True)
class PackAdvice:
    """Whether one may begin now, why not, and when again (None: tomorrow, or now)."""

    may: bool
    reason: Said
    again_at: datetime | None = None


def may_apply(exercise: str, log: Sequence[LogEntry], now: datetime) -> PackAdvice:
    """Ask for the pack `exercise` at `now`; the log tells when earlier ones ended, in the same time zone as `now`."""
    ended = sorted(e.at for e in log if e.exercise == exercise and e.tried and e.at <= now)
    today = [at for at in ended if at.astimezone(now.tzinfo).date() == now.date()]
    if len(today) >= pack_rules().per_day:
        return PackAdvice(False, Said("pack.day", (("n", str(len(today))),)))
    again = ended[-1] + timedelta(hours=pack_rules().gap_hours) if ended else now
    if again > now:
        until = again.astimezone(now.tzinfo).strftime("%H:%M")
        return PackAdvice(False, Said("pack.gap", (("until", until),)), again)
    return PackAdvice(True, Said("pack.now"))
