"""What was recorded that forbids the pull which runs. That time has passed since its start forbids nothing."""

from __future__ import annotations

import json
from datetime import datetime

from opentraction.clinic.clearance import STOPS
from opentraction.clinic.intake.standing import screened, visit_today
from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.quantities import BadInput
from opentraction.screening import Verdict


def stops_now(session: TreatmentSession, now: datetime) -> str:
    """Why the pull may not go on, in a sentence; empty where nothing speaks against it.

    A check or a screening that counted at the start may run out during a pull; that ends none. A newer one that says
    not to treat does, as whatever stops a treatment at the gate. A record that cannot be read permits none.
    """
    try:
        said = (says(session.patient, now) for _, says in STOPS)
        return next(filter(None, said), "") or _asked(session.patient, session, now)
    except BadInput as refusal:
        return str(refusal)


def _asked(patient: Patient, session: TreatmentSession, now: datetime) -> str:
    region = json.loads(session.plan.canonical)["region"]
    visit, counts = visit_today(patient, region, now), screened(patient, region, now)
    if visit is not None and not visit.may_treat:
        return "The check of the day says not to treat."
    if isinstance(counts, Verdict) and not counts.may_treat:
        return "The screening says not to treat."
    return ""
