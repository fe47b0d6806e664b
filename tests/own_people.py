"""People whose twin is to be found again, and their recordings, without a file in between."""

from __future__ import annotations

import dataclasses
import functools
import json
from pathlib import Path

import numpy as np

from opentraction.body.person import Person
from opentraction.patient import Body, Patient
from opentraction.prescription import Plan, parse_prescription
from opentraction.quantities import Streams
from opentraction.session import edf_format
from opentraction.session.log_chain import LogReport
from opentraction.session.reader import Recording
from opentraction.session.rows import RATE_HZ
from opentraction.table.virtual.parameters import table_parameters
from opentraction.twin.compiled import compiled_run
from opentraction.twin.mishaps import parse_mishap
from opentraction.twin.own.prior import Known, twin_of, values
from opentraction.twin.plant import PlantParameters
from opentraction.twin.treatment import Treatment

TEXT = """
name = "Own twin, {high}"
region = "{region}"
position = "supine"
couch = "{couch}"
[session]
mode = "intermittent"
length = "{length}"
[pretension]
force = "25 N"
rate = "5 N/s"
hold = "10 s"
[forces]
high = "{high}"
low = "50 % high"
[rise]
shape = "linear"
time = "20 s"
[hold]
time = "60 s"
[fall]
shape = "linear"
time = "10 s"
[rest]
time = "20 s"
[release]
rate = "50 N/s"
"""


@functools.cache
def plan_of(couch: str = "split", high: str = "300 N", length: str = "8 min", mass: float = 75.0) -> Plan:
    """A short session of several pulls."""
    text = TEXT.format(couch=couch, high=high, length=length, region="lumbar")
    return parse_prescription(text, "own twin").resolve(Patient("own", Body(mass, 1.75, 50.0), ceiling=430.0))


@dataclasses.dataclass(frozen=True)
class Whole:
    """A person and their table, and what is true of both."""

    known: Known
    truth: dict[str, float]
    person: Person
    plant: PlantParameters


@functools.cache
def somebody(seed: int, couch: str = "split") -> Whole:
    """Drawn from the prior, but not from its far ends."""
    rng = Streams(seed).stream("own twin tests")
    known = Known(75.0, couch == "split", 0.0)
    z = np.clip(rng.standard_normal(len(known.names)), -1.5, 1.5)
    truth = values(known.names, z)
    person, plant = twin_of(known, truth)
    cells = table_parameters(person.body.mass, known.split, rng)
    return Whole(
        known, truth, person, plant._replace(table=plant.table._replace(cell_a=cells.cell_a, cell_b=cells.cell_b))
    )


@functools.cache
def recorded(
    seed: int, couch: str = "split", mishaps: tuple[str, ...] = (), high: str = "300 N", take: int = 1
) -> Recording:
    """A session of theirs, kept as coarsely as the file keeps it; `take` is another session of the same."""
    who, plan = somebody(seed, couch), plan_of(couch, high)
    treatment = Treatment(
        plan, who.person, Streams(seed + 1000 * take), [parse_mishap(m) for m in mishaps], compiled_run()
    )
    treatment.parameters = who.plant
    parts = []
    while not treatment.over:
        parts.append(treatment.advance(20 * RATE_HZ))
    return as_read(np.concatenate(parts), plan)


def as_read(block: np.ndarray, plan: Plan) -> Recording:
    """Rows [n, 18] as a reader would give them."""
    channels = edf_format.channels(simulated=True)
    digital = edf_format.to_digital(block, channels).astype(float)
    rows = {}
    for n, channel in enumerate(channels):
        physical = ((digital[:, n] - edf_format.NONE) * channel.step + channel.low) / channel.per_si
        rows[channel.name] = np.where(digital[:, n] == edf_format.NONE, np.nan, physical)
    start = {"doc": "start", "plan": json.loads(plan.canonical())}
    return Recording(Path("monday"), [start], rows, [], LogReport([start], None, "", False), [])


def changed(recording: Recording, **columns: np.ndarray) -> Recording:
    """The same with other columns."""
    return dataclasses.replace(recording, rows={**recording.rows, **columns})
