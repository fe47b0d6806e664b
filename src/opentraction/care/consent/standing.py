"""Does the consent somebody gave still hold? Where it does not, the reason is named; the clinic puts it in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from functools import cache
from pathlib import Path
from typing import Any, Final

from opentraction.care.consent.given import Consent
from opentraction.care.consent.text import ConsentText, versions
from opentraction.quantities.toml_file import parse_toml

REASONS: Final = ("unsigned", "other_region", "withdrawn", "future", "old", "serious_event", "sessions", "words")


@dataclass(frozen=True, slots=True)
class Since:
    """What happened since a consent was signed: sessions given, and a serious adverse event, if any."""

    sessions: int = 0
    serious_event: bool = False


@dataclass(frozen=True, slots=True)
class Lapse:
    """Why none holds: one of `REASONS`, and what a sentence about it names. The words are the reader's to choose."""

    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """`consent` is the one that holds, or None; `lapse` then says why."""

    consent: Consent | None
    lapse: Lapse | None = None

    @property
    def holds(self) -> bool:
        return self.consent is not None


def since_consent(sessions: int = 0, serious_event: bool = False) -> Since:
    """What happened since; see `standing_of`."""
    return Since(sessions, serious_event)


def standing_of(
    consents: Sequence[Consent], region: str, today: date, since: Since | None = None, zone: tzinfo = UTC
) -> Standing:
    """Whether one of somebody's `consents` holds for a treatment of `region` on `today`; the latest counts.

    Days are counted in `zone`, in which `today` is said.
    """
    ours = [one for one in consents if one.region == region]
    if not ours:
        return Standing(None, Lapse("other_region" if consents else "unsigned"))
    latest = max(ours, key=lambda one: one.signed)
    lapse = _lapsed(latest, today, since or Since(), zone)
    return Standing(None if lapse else latest, lapse)


def _lapsed(consent: Consent, today: date, since: Since, zone: tzinfo) -> Lapse | None:
    """Why it no longer holds; None while it does."""
    months, sessions = _rules()
    signed = consent.signed.astimezone(zone).date()
    if consent.withdrawn is not None:
        return Lapse("withdrawn", {"day": consent.withdrawn.astimezone(zone).date()})
    if signed > today:
        return Lapse("future")
    if months_between(signed, today) >= months:
        return Lapse("old", {"months": months})
    if since.serious_event:
        return Lapse("serious_event")
    if since.sessions >= sessions:
        return Lapse("sessions", {"sessions": since.sessions})
    newer = _material_since(consent, today)
    return Lapse("words", {"version": newer.version}) if newer is not None else None


def _material_since(consent: Consent, today: date) -> ConsentText | None:
    signed = next(one.since for one in versions(consent.language) if one.version == consent.version)
    later = [one for one in versions(consent.language) if signed < one.since <= today and one.material]
    return later[-1] if later else None


def months_between(first: date, last: date) -> int:
    """Whole months from `first` to `last`; a month is not whole before its day."""
    whole = (last.year - first.year) * 12 + last.month - first.month
    return whole - (1 if last.day < first.day else 0)


@cache
def _rules() -> tuple[int, int]:
    table = parse_toml((Path(__file__).parent / "rules.toml").read_text("utf-8"), "rules.toml")
    return table.count("months", 1, 24), table.count("sessions", 1, 30)
