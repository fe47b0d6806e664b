"""Who is treated: a body, a complaint and a ceiling under a pseudonym. Immutable values, no database."""

from __future__ import annotations

from opentraction.patient.file import parse_patient, read_patient
from opentraction.patient.patient import LEVELS, SEXES, Body, Complaint, Patient, default_ceiling

__all__ = ["LEVELS", "SEXES", "Body", "Complaint", "Patient", "default_ceiling", "parse_patient", "read_patient"]
