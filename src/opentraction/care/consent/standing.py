"""Does the consent somebody gave still hold? Where it does not, the reason is a sentence for the clinician."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from opentraction.care.consent.given import Consent
from opentraction.care.consent.text import ConsentText, versions
from opentraction.quantities.toml_file import parse_toml


@dataclass(frozen=True, slots=True)
class Since:
    """What happened since a consent was signed: sessions given, and a serious adverse event, if any."""

    sessions: int = 0
    serious_event: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """`consent` is the one that holds, or None; `why` then says what is wanted."""

    consent: Consent | None
    why: str = ""

    @property
    def holds(self) -> bool:
        return self.consent is not None


def since_consent(sessions: int = 0, serious_event: bool = False) -> Since:
    """What happened since; see `standing_of`."""
    return Since(sessions, serious_event)


def standing_of(consents: Sequence[Consent], region: str, today: date, since: Since | None = None) -> Standing:
    """Whether one of somebody's `consents` holds for a treatment of `region` on `today`; the latest counts."""
    ours = [one for one in consents if one.region == region]
    if not ours:
        other = ", but for another region" if consents else ""
        return Standing(None, f"No consent was signed{other}. Ask for it before the first session.")
    latest = max(ours, key=lambda one: one.signed)
    why = _lapsed(latest, today, since or Since())
    return Standing(None if why else latest, why)


def _lapsed(consent: Consent, today: date, since: Since) -> str:
    """Why it no longer holds; empty while it does."""
    months, sessions = _rules()
    if consent.withdrawn is not None:
        return f"The consent was withdrawn on {consent.withdrawn:%d %B %Y}. Treat only after a new one."
    if consent.signed.date() > today:
        return "The consent is dated in the future. Check the clock, then ask again."
    if months_between(consent.signed.date(), today) >= months:
        return f"The consent is {months} months old or older. Ask again."
    if since.serious_event:
        return "A serious adverse event happened since the consent. Talk about it and ask again."
    if since.sessions >= sessions:
        return f"{since.sessions} sessions were given under this consent. A longer course needs a new one."
    newer = _material_since(consent, today)
    if newer is not None:
        return f"The words changed (version {newer.version}). Ask again."
    return ""


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
