"""The letters that a verdict asks for, with the names that belong on paper."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.models import User

from opentraction import screening
from opentraction.clinic.intake.models import Screening
from opentraction.screening import Correspondents, headline


def letter_pdf(row: Screening, by: User, to: str = "") -> bytes:
    """One page of PDF/A. Raises BadInput for an addressee that is none."""
    return screening.write_letter(row.verdict, _people(row, by), intake=row.snapshot, to=to)


def _people(row: Screening, by: User) -> Correspondents:
    patient, head = row.patient, row.patient.clinic.letterhead()
    lines = [
        line for line in (*head["address"].splitlines(), head["phone"], head["email"], head["web"]) if line.strip()
    ]
    return Correspondents(
        patient=patient.name,
        born=patient.birth_date.isoformat(),
        clinic=head["name"],
        clinic_lines=tuple(lines),
        clinician=by.get_full_name() or by.username,
        reference=patient.pseudonym,
    )


def verdict_json(row: Screening) -> str:
    """What `opentraction screen --json` prints for the same answers on the same day."""
    verdict = row.verdict
    said: dict[str, Any] = {"verdict": verdict.action.name, "words": headline(verdict), **verdict.document()}
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def file_name(row: Screening, what: str, ending: str) -> str:
    """A name without a person's name."""
    return f"{what}-{row.patient.pseudonym}-{row.decided:%Y-%m-%d}.{ending}"
