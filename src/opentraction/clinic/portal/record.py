"""The one place where the portal asks for everything that is kept of a patient."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from opentraction.clinic.models import Patient
from opentraction.clinic.portal.installed import has


def can_export() -> bool:
    """Whether this installation can give out a whole record by itself."""
    return has("records") and hasattr(import_module("opentraction.clinic.records"), "export")


def whole_record(patient: Patient) -> Any:
    """The record as the wing of records gives it out. Ask `can_export` first."""
    records: Any = import_module("opentraction.clinic.records")
    return records.export(patient)
