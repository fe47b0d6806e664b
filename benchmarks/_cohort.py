"""Made-up people for the benchmarks: a body drawn from `body/parameters.toml`, and a patient around it."""

from __future__ import annotations

from opentraction.body.person import Person, draw_person
from opentraction.patient import Patient
from opentraction.patient.patient import Body
from opentraction.prescription import Plan, protocols, read_prescription
from opentraction.quantities.streams import Streams


def person_of(seed: int) -> Person:
    """Body number `seed`: 40 to 160 kg, harness 3 to 40 N/mm, everything else drawn too."""
    return draw_person(Streams(seed).stream("body", "benchmark"))


def patient_of(person: Person) -> Patient:
    """The patient with this body; stature follows mass, and the ceiling is the default one."""
    stature = 1.70 * (person.mass / 75.0) ** 0.15
    return Patient("benchmark", Body(person.mass, stature, 45.0))


def plan_of(protocol: str, person: Person) -> Plan:
    """A shipped protocol resolved for this body."""
    return read_prescription(protocols()[protocol]).resolve(patient_of(person))
