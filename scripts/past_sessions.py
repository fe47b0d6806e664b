"""Sessions that lie behind a demo patient, for pictures and for looking: simulated, recorded by the shipping recorder.

The comfort scores are invented; the forces are what the simulated table and patient did.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

FIRST = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVERY = timedelta(days=2)
COMFORT = (5, 6, 3, 7, 7, 8, 8, 9, 9, 8, 9, 9, 9, 8, 9, 9, 10, 9, 10, 10)
EVENTS = {3: ("650s:patient-stop",), 5: ("420s:cough",), 8: ("900s:sneeze",)}


def fill(data: Path, sessions: int) -> list[str]:
    """An own clinic in `data`: the demo, and `sessions` sessions of its second patient's course. Their UUIDs."""
    os.environ.update(OPENTRACTION_DATA=str(data), DJANGO_SETTINGS_MODULE="opentraction.app.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("demo", stdout=io.StringIO())
    return _course(data, sessions)


def _course(data: Path, sessions: int) -> list[str]:
    from opentraction.clinic.models import Prescription, TreatmentSession
    from opentraction.clinic.recordings import take_in_all
    from opentraction.session.lockout import Lockout

    course = Prescription.objects.get(patient__number=2, version=1)
    Lockout(data / "table" / "lockouts.jsonl", now=FIRST)  # a table that has treated has a record of lockouts
    made = []
    for number, plan in enumerate(list(course.plans.all())[:sessions], start=1):
        one = TreatmentSession(patient=course.patient, plan=plan, operator=course.author)
        one.save()
        treat(data, one, number)
        made.append(str(one.pk))
    take_in_all()
    return made


def treat(data: Path, one: object, number: int) -> None:
    from opentraction.clinic.models import TreatmentSession
    from opentraction.prescription import Plan
    from opentraction.quantities import MonotonicClock, Streams
    from opentraction.session.recorder import FASTER_THAN_LIFE, Recorder
    from opentraction.session.session import Binding, Session
    from opentraction.twin.compiled import compiled_run
    from opentraction.twin.mishaps import parse_mishap
    from opentraction.twin.treatment import Treatment, play, treated_person

    assert isinstance(one, TreatmentSession)
    plan, streams = Plan.from_canonical(one.plan.canonical), Streams(number)
    person = one.patient.as_person(FIRST.date())
    mishaps = [parse_mishap(text) for text in EVENTS.get(number, ())]
    body = treated_person(plan.mass, person.pseudonym, streams)
    treatment = Treatment(plan, body, streams, mishaps, compiled_run())
    binding = Binding(str(one.pk), plan, person.document(), {"kind": "virtual"}, "clinician", number)
    recorder = Recorder(data / "recordings" / str(one.pk), pace=FASTER_THAN_LIFE)
    session = Session(binding, [recorder], FIRST + (number - 1) * EVERY)
    play(treatment, session, MonotonicClock(), None)
    session.note("comfort", f"comfort {COMFORT[number - 1]} of 10", {"score": COMFORT[number - 1], "by": "clinician"})
    session.close()


def of(numbers: Sequence[str], number: int) -> str:
    """The UUID of a session by its number in the course."""
    return numbers[number - 1]
