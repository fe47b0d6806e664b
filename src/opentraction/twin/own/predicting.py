"""The next session before it is pulled: its plan, played by the twin's own loop on each possible person."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

import numpy as np

from opentraction.body.person import Person
from opentraction.prescription.plan import Plan
from opentraction.quantities import BadInput, State
from opentraction.quantities import vocabulary as v
from opentraction.quantities.streams import Streams
from opentraction.session.reader import Recording
from opentraction.session.rows import MEASURED, PHASE, RATE_HZ, TRAVEL
from opentraction.twin.compiled import compiled_run
from opentraction.twin.own.band import band
from opentraction.twin.own.fit import Fit
from opentraction.twin.own.prior import FloatArray, twin_of, values
from opentraction.twin.own.trace import BLOCK, SLACK, STEP, NoPull, blocks
from opentraction.twin.plant import PlantParameters
from opentraction.twin.treatment import Treatment

PLAYED: Final = 24
"""Possible persons that a prediction plays."""
_PIECE = 20 * RATE_HZ
_LONGEST = 5400 * RATE_HZ
SHORT: Final = 0.98
"""Who is pulled for less than so much of the usual time was stopped; the others differ by fractions of a second."""
CLOSE: Final = 0.05
"""A prediction is close within so much of the travel recorded."""


@dataclass(frozen=True)
class Predicted:
    """Travel from its mean at the end of the pretension on, five values a second since the cable was taut (10 N).

    Attributes
    ----------
    t : float64 [n]
        Seconds since then.
    travel, force : float64 [persons, n]
        Metres and newtons of each person played; breathing comes at its own moments in each.
    phase : float64 [n]
        Phase codes of the first.
    """

    t: FloatArray
    travel: FloatArray
    force: FloatArray
    phase: FloatArray

    def band(self) -> FloatArray:
        """5th, 50th and 95th percentile of travel [3, n], in metres."""
        return band(self.travel)


def predict(fit: Fit, plan: Plan, streams: Streams, persons: int = PLAYED) -> Predicted:
    """Travel of a planned session. Raises BadInput for another couch than the fit's, or a pull at the neck."""
    check_same_couch(fit, plan)
    people = [person_of(fit, z, plan.angle) for z in fit.draws[:persons]]
    played = [_pulled(*_rows(*one, plan, streams, n)) for n, one in enumerate(people)]
    usual = int(np.median([len(one[0]) for one in played]))
    played = [one for one in played if len(one[0]) > SHORT * usual]  # some possible persons end on a limit of the table
    count = min(len(one[0]) for one in played)
    phase = played[0][2][:count]
    travel, force = (np.stack([one[i][:count] for one in played]) for i in (0, 1))
    return Predicted(np.arange(count, dtype=np.float64) * STEP, travel, force, phase)


def check_same_couch(fit: Fit, plan: Plan) -> None:
    """Friction that was fitted on one couch says nothing of another."""
    if plan.region != "lumbar":
        raise BadInput("region", plan.region, "lumbar; the modelled body ends at the lumbar spine")
    if (plan.couch == "split") != fit.known.split:
        raise BadInput("couch", plan.couch, f"the couch that was fitted, {'split' if fit.known.split else 'locked'}")


def person_of(fit: Fit, z: FloatArray, angle: float) -> tuple[Person, PlantParameters]:
    """One possible person as the twin plays them, pulled at `angle` [rad], with the breathing that was seen."""
    person, plant = twin_of(dataclasses.replace(fit.known, angle=angle), values(fit.names, z))
    force, rate = fit.breathing
    return dataclasses.replace(
        person, behaviour=person.behaviour._replace(breathing_force=force, breathing_rate=rate)
    ), plant


def _rows(
    person: Person, plant: PlantParameters, plan: Plan, streams: Streams, number: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Force, travel and phase of a whole session, one value a tick."""
    seed = int(streams.stream("next session", number).integers(2**53))
    treatment = Treatment(plan, person, Streams(seed), (), compiled_run())
    treatment.parameters = plant
    parts = []
    while not treatment.over and treatment.tick < _LONGEST:
        parts.append(treatment.advance(_PIECE)[:, [MEASURED, TRAVEL, PHASE]])
    rows = np.concatenate(parts)
    return rows[:, 0], rows[:, 1], rows[:, 2]


def recorded(recording: Recording) -> Predicted:
    """A recorded session in the same shape, up to its first stop, pause or release."""
    rows = recording.rows
    return _as_predicted(rows["measured"], rows["travel"], rows["phase"], str(recording.folder))


def _as_predicted(force: FloatArray, travel: FloatArray, phase: FloatArray, name: str) -> Predicted:
    travel, force, phase = _pulled(force, travel, phase, name)
    return Predicted(np.arange(travel.size, dtype=np.float64) * STEP, travel[None, :], force[None, :], phase)


def _pulled(
    force: FloatArray, travel: FloatArray, phase: FloatArray, name: str = ""
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Travel from the pretension on, force, phase, in blocks: since the cable was taut, while it pulls as planned."""
    force, travel = blocks(force), blocks(travel)
    phase = phase[: force.size * BLOCK : BLOCK]
    pulling = np.isin(np.round(phase), (v.PRETENSION, v.RISE, v.HOLD, v.FALL, v.REST))
    taut = np.flatnonzero(pulling & (force > SLACK))
    if not taut.size:
        raise NoPull("pull", State("not there"), "a recording in which the cable was taut", name)
    begin = int(taut[0])
    over = np.flatnonzero(~pulling[begin:] & np.isfinite(phase[begin:]))
    end = begin + int(over[0]) if over.size else force.size
    held = taut[(np.round(phase[taut]) == v.PRETENSION) & (taut < end)][-round(_BREATHS / STEP) :]
    zero = float(np.nanmean(travel[held])) if held.size else float(travel[begin])
    return travel[begin:end] - zero, force[begin:end], phase[begin:end]


@dataclass(frozen=True)
class Compared:
    """Predicted travel against recorded: seconds compared, error of the median as shares of recorded travel.

    `holds` has one value for each hold, mean against mean; `overall` is root mean square over the pull, of the largest
    travel; `inside` the share of moments within the band.
    """

    seconds: float
    holds: tuple[float, ...]
    overall: float
    inside: float

    @property
    def worst(self) -> float:
        """The hold farthest off, as a share; without a hold the overall error."""
        return max((abs(one) for one in self.holds), default=self.overall)

    @property
    def close(self) -> bool:
        """Whether every hold is within 5 %."""
        return self.worst <= CLOSE


def compare(predicted: Predicted, seen: Predicted) -> Compared:
    """Both over the time that both have."""
    count = min(predicted.t.size, seen.t.size)
    low, middle, high = predicted.band()[:, :count]
    travel = seen.travel[0, :count]
    known = np.isfinite(travel)
    hold = (np.round(seen.phase[:count]) == v.HOLD) & known
    edges = np.flatnonzero(np.diff(np.concatenate(([False], hold, [False])).astype(np.int8)))
    holds = tuple(
        float(np.mean((middle - travel)[a:b]) / np.mean(travel[a:b]))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
        if (b - a) * STEP >= _A_HOLD
    )
    off = (middle - travel)[known]
    overall = float(np.sqrt(np.mean(off * off)) / np.max(travel[known]))
    inside = float(np.mean((travel >= low)[known] & (travel <= high)[known]))
    return Compared(count * STEP, holds, overall, inside)


_BREATHS = 12.0
"""The pretension's travel is a mean over so long [s]: a breath moves it by millimetres."""
_A_HOLD = 5.0
"""A hold that is compared is at least so long [s]: a breath."""
