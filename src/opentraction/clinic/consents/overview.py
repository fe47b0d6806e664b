"""What the staff's page of consent shows: each region's standing, what is on its way, the further things, the past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opentraction.care.consent import current, version_of
from opentraction.clinic.consents.models import SignedConsent, Signing
from opentraction.clinic.consents.purposes import purposes_now
from opentraction.clinic.consents.regions import region_names, region_of
from opentraction.clinic.consents.standing import Standing, consent_today, to_witness
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput


@dataclass(frozen=True)
class Region:
    """One region: how consent stands, its latest row, what waits for a witness, and what the patient is at now."""

    key: str
    name: str
    standing: Standing
    latest: SignedConsent | None
    waiting: Signing | None
    open: Signing | None
    newer: str
    """The version in force, where the latest consent is to an earlier one."""

    @property
    def can_withdraw(self) -> bool:
        return self.latest is not None and not hasattr(self.latest, "withdrawal")

    @property
    def said(self) -> list[tuple[str, bool]]:
        """Yes and no in what waits for a witness, by title."""
        if self.waiting is None:
            return []
        words = version_of(self.waiting.version, "en")
        return [(one.title, bool(self.waiting.purposes.get(one.id))) for one in words.purposes]


def overview(patient: Patient, now: datetime) -> dict[str, Any]:
    """Everything of the page; a consent that was altered is said and shown as not standing."""
    past = list(SignedConsent.objects.filter(patient=patient).select_related("witness", "withdrawal__by", "signing"))
    here = region_of(patient)
    keys = [key for key in region_names() if key == here or _told_of(patient, key, past)]
    shown = [_region(patient, key, past, now) for key in sorted(keys, key=lambda key: key != here)]
    return {
        "shown": shown,
        "here": here,
        "past": past,
        "purposes": _purposes(patient, [one.waiting for one in shown if one.waiting], now),
    }


def _told_of(patient: Patient, key: str, past: list[SignedConsent]) -> bool:
    return any(row.region == key for row in past) or Signing.objects.filter(patient=patient, region=key).exists()


def _region(patient: Patient, key: str, past: list[SignedConsent], now: datetime) -> Region:
    latest = next((row for row in past if row.region == key), None)
    version = current(now.date()).version
    rows = Signing.objects.filter(patient=patient, region=key, closed=None, signed=None, expires__gt=now)
    return Region(
        key=key,
        name=region_names()[key],
        standing=_standing(patient, key, now),
        latest=latest,
        waiting=to_witness(patient, key, now),
        open=next((row for row in rows.select_related("begun_by") if row.is_open(now)), None),
        newer=version if latest is not None and latest.version != version else "",
    )


def _standing(patient: Patient, key: str, now: datetime) -> Standing:
    try:
        return consent_today(patient, key, now)
    except BadInput as refusal:
        return Standing(None, str(refusal))


def _purposes(patient: Patient, waiting: list[Signing], now: datetime) -> list[dict[str, Any]]:
    """Each further thing: yes or no now, and what it becomes once what waits is witnessed, where that differs."""
    try:
        said, then = purposes_now(patient), purposes_now(patient, waiting)
    except BadInput:
        said, then = {}, {}
    return [
        {"id": one.id, "title": one.title, "text": one.text, "yes": said.get(one.id),
         "then": then.get(one.id) if then.get(one.id) != said.get(one.id) else None}
        for one in current(now.date()).purposes
    ]  # fmt: skip
