"""Made-up people whose twin is to be found again: drawn from the fit's prior, tails and all, pulled by the twin."""

from __future__ import annotations

import dataclasses
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
from _cohort import patient_of

from opentraction.body.person import PARAMETERS, Person, typical_person
from opentraction.prescription import Plan, protocols, read_prescription
from opentraction.quantities.streams import Streams
from opentraction.session.reader import Recording, read_session
from opentraction.session.recorder import NO_SYNC, Recorder
from opentraction.session.rows import RATE_HZ
from opentraction.session.session import Binding, Session
from opentraction.table.virtual.parameters import table_parameters
from opentraction.twin.compiled import compiled_run
from opentraction.twin.mishaps import Mishap
from opentraction.twin.own.prior import Known, twin_of, values
from opentraction.twin.plant import PlantParameters
from opentraction.twin.treatment import Treatment

FARTHEST = 2.6
"""No parameter lies farther from its middle [standard deviations]; a hundredth of people are drawn again for it."""
HARNESS = 1.645
"""The harness stays within 3 and 40 N/mm, what control is made for."""


class Somebody(NamedTuple):
    """A person on a table: what is true of them, and the plans of two sessions."""

    known: Known
    truth: dict[str, float]
    person: Person
    plant: PlantParameters
    plan: Plan
    following: Plan
    protocol: str


def somebody(seed: int) -> Somebody:
    """Person number `seed`, the shipped lumbar protocols in turn; the next session is another one on that couch."""
    rng = Streams(seed).stream("own twin study")
    mass = float(np.clip(75.0 * np.exp(0.27 * rng.standard_normal()), 45.0, 140.0))
    plans = {
        name: read_prescription(path).resolve(patient_of(typical_person(mass))) for name, path in protocols().items()
    }
    lumbar = [name for name, plan in plans.items() if plan.region == "lumbar"]
    name = lumbar[seed % len(lumbar)]
    plan = plans[name]
    alike = [one for one in lumbar if plans[one].couch == plan.couch]
    following = plans[alike[(alike.index(name) + 1) % len(alike)]]
    known = Known(mass, plan.couch == "split", plan.angle)
    truth = values(known.names, _drawn(known, rng))
    person, plant = twin_of(known, truth)
    breath = {name: PARAMETERS["behaviour"][name].draw(rng) for name in ("breathing_force", "breathing_rate")}
    person = dataclasses.replace(person, behaviour=person.behaviour._replace(**breath))
    machine = table_parameters(person.body.mass, known.split, rng)
    table = plant.table._replace(drive=machine.drive, cell_a=machine.cell_a, cell_b=machine.cell_b)
    return Somebody(known, truth, person, plant._replace(table=table), plan, following, name)


def _drawn(known: Known, rng: np.random.Generator) -> np.ndarray:
    while True:
        z = rng.standard_normal(len(known.names))
        if np.abs(z).max() < FARTHEST and abs(z[known.names.index("harness.stiffness")]) < HARNESS:
            return z


def record(who: Somebody, plan: Plan, seed: int, mishaps: tuple[Mishap, ...] = ()) -> Recording:
    """A session of theirs, pulled by the shipping code and read back from its files."""
    streams = Streams(seed)
    treatment = Treatment(plan, who.person, streams, mishaps, compiled_run())
    treatment.parameters = who.plant._replace(cosine=float(np.cos(plan.angle)))
    binding = Binding("study", plan, {"pseudonym": "study"}, {"kind": "virtual"}, "study", seed)
    with tempfile.TemporaryDirectory() as folder:
        session = Session(binding, [Recorder(Path(folder), NO_SYNC)], datetime(2026, 1, 1, tzinfo=UTC))
        while not treatment.over:
            session.rows(treatment.advance(20 * RATE_HZ))
        session.close()
        return read_session(Path(folder))
