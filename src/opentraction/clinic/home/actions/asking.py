"""Staff ask what a gate wants to know."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.home import checked_facts
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.home.models import HomeFacts
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput


@transaction.atomic
def keep_facts(patient: Patient, facts: dict[str, Any], *, by: User, now: datetime) -> HomeFacts:
    """The answers as they stand now; what is not in `facts` is unknown. Raises BadInput.

    What the safety check said is not asked here: that stands with the intake.
    """
    roles.require(by, roles.SCREEN, of=patient)
    if "verdict" in facts:
        raise BadInput("verdict", facts["verdict"], "left to the intake; screen the patient there")
    known = {name: value for name, value in checked_facts(facts).items() if value is not None}
    row = HomeFacts(patient=patient, facts=known, by=by, at=now)
    row.save()
    record("ask for home", row, by=by, facts=sorted(known))
    return row
