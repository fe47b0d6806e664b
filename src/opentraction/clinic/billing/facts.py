"""What payers ask about, as far as the intake tells it. What it does not tell stays unknown."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from opentraction.clinic.models import Patient
from opentraction.clinic.pathways.facts import Known, truths

NECK_TESTS_ASKED: Final = 3
"""A guideline lists five tests, the intake four of them: only that there are at least three can be told."""


def cover_facts(patient: Patient, known: Known | None, today: date) -> dict[str, Any]:
    """Facts by the names of `care.money.cover.FACTS`, None where not known. Exercise beside the pull is the plan's."""
    region = patient.region if patient.region in {"lumbar", "cervical"} else None
    if known is None:
        return {"service": "decompression", "region": region}
    said = truths("cover", known, today)
    neck = known.region == "cervical"
    return {
        "service": "decompression",
        "region": known.region,
        "weeks_of_failed_care": _number(known, "care_weeks"),
        "sciatica_or_root_sign": None if neck else said["root_sign"],
        "peripheralises_or_crossed_slr": None if neck else said["peripheralises"],
        "cervical_radiculopathy": said["root_sign"] if neck else None,
        "cervical_tests_positive": _neck_tests(known) if neck else None,
    }


def _number(known: Known, key: str) -> float | None:
    answer = known.answers.get(key)
    return float(answer) if isinstance(answer, int | float) and not isinstance(answer, bool) else None


def _neck_tests(known: Known) -> int | None:
    answer = known.answers.get("neck_tests")
    positive = len([one for one in answer if one != "unknown"]) if isinstance(answer, tuple) else 0
    return positive if positive >= NECK_TESTS_ASKED else None
