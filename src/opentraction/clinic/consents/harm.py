"""Did a serious adverse event happen since? Asked of the wing that keeps them, where this clinic has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import cast

from django.apps import apps

from opentraction.clinic.models import Patient


def serious_event_since(patient: Patient, moment: datetime) -> bool:
    """Whether a serious adverse event of the patient began, or became known, after `moment`."""
    if not apps.is_installed("opentraction.clinic.outcomes"):
        return False
    standing = import_module("opentraction.clinic.outcomes.standing")
    return cast(Callable[[Patient, datetime], bool], standing.serious_event_since)(patient, moment)
