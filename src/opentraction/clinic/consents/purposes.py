"""What a patient agreed to beside the treatment, as it stands now. Other wings ask here before they act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from opentraction.care.consent import version_of
from opentraction.clinic.consents.models import PurposeChange, SignedConsent, Signing
from opentraction.clinic.models import Patient

OWN_DOCTOR: Final = "share-gp"
"""Letters to the patient's own doctor."""
REVIEWS: Final = "review"
"""Reviews that the patient writes, in public."""
Said = tuple[datetime, int, dict[str, bool]]


def agreed(patient: Patient, purpose: str) -> bool:
    """Whether the patient agrees to `purpose` (`share-gp`, `research`, `review`) now. Nothing said is no."""
    return bool(purposes_now(patient).get(purpose))


def refused(patient: Patient, purpose: str) -> bool:
    """Whether the patient was asked about `purpose` and does not agree now; nothing asked is no refusal."""
    return purposes_now(patient).get(purpose) is False


def purposes_now(patient: Patient, waiting: Iterable[Signing] = ()) -> dict[str, bool]:
    """The latest yes or no for each purpose that was ever asked; with `waiting` as if those were witnessed.

    A consent answers all of its purposes; taking a consent back takes back every yes until the patient says it anew.
    """
    now: dict[str, bool] = {}
    answers = [(one.signed, 1, one.purposes) for one in waiting if one.signed is not None]
    for _, _, said in sorted([*_said(patient), *answers], key=lambda one: one[:2]):
        now |= said or dict.fromkeys(now, False)
    return now


def _said(patient: Patient) -> Iterator[Said]:
    """When what was said; an empty answer is a withdrawal, which goes before what was said at the same moment."""
    for row in SignedConsent.objects.filter(patient=patient).select_related("withdrawal"):
        consent = row.given
        asked = [one.id for one in version_of(row.version, row.language).purposes]
        yield row.signed, 1, {one: one in consent.purposes for one in asked}
        if consent.withdrawn is not None:
            yield consent.withdrawn, 0, {}
    for change in PurposeChange.objects.filter(patient=patient).order_by("id"):
        yield change.at, 2, {change.purpose: change.agreed}
