"""A clinic on disk whose sessions are recorded and not taken in yet."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from opentraction.session import documents
from opentraction.session.recorder import FASTER_THAN_LIFE, Recorder
from opentraction.session.recovery import recover
from tests.synthetic import legs, make_rows, start, story, tell

NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)


def make(data: Path, number: int) -> list[str]:
    """So many sessions of Ada with their recordings, every third interrupted and recovered; their names, oldest first.

    Django is set up on a database that is migrated, and `data` is its folder.
    """
    from opentraction.clinic import roles
    from opentraction.clinic.actions import patients, prescriptions
    from opentraction.clinic.models import SignedPlan, TreatmentSession
    from tests.cleared import clear
    from tests.clinic_ground import ADA, DOCUMENT, confirmed, user_with

    clinician = user_with(roles.CLINICIAN)
    ada = patients.add_patient(dict(ADA), by=clinician)
    clear(ada, clinician)
    draft = prescriptions.draft(ada, "Short", DOCUMENT, by=clinician)
    prescriptions.sign(draft, by=clinician, confirmed=confirmed(clinician))
    plan = SignedPlan.objects.get()
    names = []
    for k in range(number):
        session = TreatmentSession(patient=ada, plan=plan, operator=clinician)
        session.save()
        names.append(str(session.pk))
        record(data / "recordings" / names[-1], k)
    return names


def record(folder: Path, number: int) -> None:
    """A short session in a folder of its name; every third was interrupted."""
    block = make_rows(legs(cycles=1, hold=2.0, rest=1.0))
    items = story(block, [documents.event(3.0, "comfort", "comfort", {"score": number % 11})])
    next(items)
    began = start(uid=folder.name, started_utc=f"2026-03-04T09:{number:02d}:00+00:00")
    interrupted = number % 3 == 2
    kept = (item for item in items if not (interrupted and isinstance(item, dict) and item["doc"] == "stop"))
    tell(Recorder(folder, FASTER_THAN_LIFE), chain([began], kept))
    if interrupted:
        recover(folder, NOW)
