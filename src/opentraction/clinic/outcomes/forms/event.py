"""The report of an adverse event as a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from opentraction.care.adverse import AdverseEvent
from opentraction.clinic.days import zone_of
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.forms.answers import number
from opentraction.quantities import BadInput

FIELDS = ("kind", "onset", "severity", "relatedness", "what", "action", "outcome", "duration", "session")
NEW = {"relatedness": "possible", "outcome": "unknown", "severity": "1"}
LABELS = {
    "onset": "When it began", "severity": "Severity", "kind": "What it was", "what": "What happened",
    "duration": "How long", "criteria": "Serious because",
}  # fmt: skip


@dataclass
class EventForm:
    """What was written, and what cannot be used; moments are of the clinic's time zone."""

    written: dict[str, str]
    criteria: tuple[str, ...] = ()
    refusals: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, post: Any) -> EventForm:
        """What was posted."""
        written = {name: str(post.get(name, "")).strip()[:2001] for name in FIELDS}
        return cls(written, tuple(post.getlist("criteria")))

    @classmethod
    def of(cls, event: AdverseEvent, patient: Patient) -> EventForm:
        """As reported, to be corrected."""
        plain = {
            name: str(getattr(event, name)) for name in ("kind", "severity", "relatedness", "what", "action", "outcome")
        }
        onset = event.onset.astimezone(zone_of(patient.clinic)).strftime("%Y-%m-%dT%H:%M")
        hours = "" if event.duration is None else f"{event.duration:g}"
        return cls(plain | {"onset": onset, "duration": hours, "session": event.session}, event.criteria)

    @classmethod
    def new(cls, patient: Patient, now: datetime, given: Mapping[str, str]) -> EventForm:
        """The empty form; a page that leads here may say the class and the session."""
        onset = now.astimezone(zone_of(patient.clinic)).strftime("%Y-%m-%dT%H:%M")
        known = {name: given.get(name, "")[:60] for name in ("kind", "session")}
        return cls(dict.fromkeys(FIELDS, "") | NEW | {"onset": onset} | known)

    def event(
        self, uid: str, patient: Patient, now: datetime, by: str, reported: datetime | None = None
    ) -> AdverseEvent | None:
        """What it means; None with `refusals` where something cannot be used."""
        onset, severity, hours = self._onset(patient), self._severity(), self._hours()
        if self.refusals or onset is None:
            return None
        texts = {name: self.written[name] for name in ("kind", "relatedness", "what", "action", "outcome", "session")}
        try:
            return AdverseEvent(
                uid, onset=onset, reported=reported or now, severity=severity, criteria=self.criteria, duration=hours,
                by=by, **texts,
            )  # fmt: skip
        except BadInput as refusal:
            name = refusal.where.rsplit(".", 1)[-1]
            self.refusals[name] = f"{LABELS.get(name, name.capitalize())}: {refusal}"
            return None

    def _onset(self, patient: Patient) -> datetime | None:
        written = self.written["onset"]
        try:
            moment = datetime.fromisoformat(written)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=zone_of(patient.clinic))
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.refusals["onset"] = (
                f"“{written[:40]}” cannot be used. Write a day and an hour such as 2026-03-04 14:30."
            )
            return None

    def _severity(self) -> int:
        written = self.written["severity"]
        if written not in {"1", "2", "3", "4", "5"}:
            self.refusals["severity"] = "Choose how bad it was, from 1 to 5."
            return 1
        return int(written)

    def _hours(self) -> float | None:
        written = self.written["duration"]
        if not written:
            return None
        try:
            return float(number(written))
        except ValueError:
            self.refusals["duration"] = f"“{written[:40]}” cannot be used. Write hours, or nothing while it lasts."
            return None
