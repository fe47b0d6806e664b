"""Which rows belong to a patient: every model of ours from which a foreign key, or a few in a row, leads to one."""

from __future__ import annotations

from collections import deque
from typing import Any

from django.apps import apps
from django.db import models

from opentraction.clinic import roles
from opentraction.clinic.models import Patient

Table = type[models.Model]


def patient_tables() -> dict[Table, str]:
    """Every such model, and the steps from it to the patient (`pk` for the patient), by name."""
    known = sorted(apps.get_models(include_auto_created=True), key=lambda one: one._meta.label)
    return {one: path for one in known if (path := path_to_patient(one))}


def path_to_patient(table: Table) -> str:
    """As the model says itself, else the shortest way along its foreign keys; empty where none leads to a patient."""
    said = roles.patient_path(table) if hasattr(table, "clinic_path") or hasattr(table, "patient_path") else ""
    return "pk" if table is Patient else said or _shortest(table)


def _shortest(table: Table) -> str:
    queue: deque[tuple[Table, str]] = deque([(table, "")])
    seen = {table}
    while queue:
        here, path = queue.popleft()
        for step in _keys(here):
            there: Any = step.related_model
            way = f"{path}__{step.name}".removeprefix("__")
            if there is Patient:
                return way
            if there not in seen:
                seen.add(there)
                queue.append((there, way))
    return ""


def _keys(table: Table) -> list[models.ForeignKey[Any, Any]]:
    found = [one for one in table._meta.local_concrete_fields if isinstance(one, models.ForeignKey)]
    return sorted(found, key=lambda one: one.name)


def rows_about(table: Table, path: str, patient: Patient) -> models.QuerySet[Any]:
    """The model's rows of this patient, by key, whatever its own manager hides."""
    return models.QuerySet(table).filter(**{path: patient.pk}).order_by("pk")
