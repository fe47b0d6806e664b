"""A prescription as the profile of a scenario's pull: which file it is, and what it has the table do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from opentraction.body.column.file import Prescribed, Profile
from opentraction.body.column.scenario import PLAIN, SPLIT, Scenario, Somebody
from opentraction.patient import Body, Patient
from opentraction.prescription import protocols, read_prescription
from opentraction.prescription.plan import Plan
from opentraction.prescription.release import NAMES as RELEASES
from opentraction.prescription.release import release_at, release_time
from opentraction.prescription.waveform import AMPLITUDE, FREQUENCY, sample
from opentraction.quantities import BadInput, display

FloatArray = npt.NDArray[np.float64]
PER_SECOND, PER_OSCILLATION = 1.0, 12.0
"""How often a prescription's force is read, a second or an oscillation."""
RELEASED = 13
"""Times at which its release is."""


def profile_of(scenario: Path, read_files: list[Path]) -> Profile:
    """Reads prescriptions named in a scenario: from beside its file or as shipped, for a body of its mass.

    The files it reads are put into `read_files`. Raises BadInput: no such file, not a prescription, or for the neck.
    """

    def read(name: str, who: Somebody) -> Prescribed:
        file = prescription_file(scenario, name)
        read_files.append(file)
        try:
            recipe = read_prescription(file)
            if recipe.region != "lumbar":
                raise BadInput("region", recipe.region, "lumbar; the modelled body ends at the lumbar spine")
            plan = recipe.resolve(Patient("simulated", Body(who.mass, who.stature, who.age, who.sex)))
        except BadInput as refusal:
            raise refusal.within(name) from None
        couch = SPLIT if plan.couch == "split" else PLAIN
        return Prescribed(*_waveform(plan), couch, plan.angle, plan.position)

    return read


def prescription_file(scenario: Path, name: str) -> Path:
    """The prescription of that name beside a scenario's file, or the shipped protocol. Raises BadInput."""
    beside, shipped = scenario.parent / name, protocols()
    try:
        there = beside.exists()
    except (OSError, ValueError):
        there = False
    if there and beside.samefile(scenario):
        raise BadInput("profile", name, "a prescription; this is the scenario itself")
    if not there and name not in shipped:
        raise BadInput("profile", name, f"static, a prescription file beside the scenario, or {', '.join(shipped)}")
    return beside if there else shipped[name]


def cut_short(scenario: Scenario) -> list[str]:
    """A sentence for each stage that ends before its prescription does."""
    return [
        f"stage {n} lasts {display(stage.duration, 'time', 's', 0)}, its prescription "
        f"{display(float(t.times[-1]), 'time', 's', 0)}: it is played until the stage ends, then let go."
        for n, stage in enumerate(scenario.stages, 1)
        if (t := stage.traction) is not None and t.times is not None and t.times[-1] > stage.duration + 1.0
    ]


def _waveform(plan: Plan) -> tuple[FloatArray, FloatArray]:
    """Force [N] over time [s] as prescribed, the release at its end too; oscillations closely enough to be seen."""
    quickest = float(np.max(plan.segments[:, FREQUENCY] * (plan.segments[:, AMPLITUDE] > 0.0)))
    times, forces = sample(plan.segments, max(PER_SECOND, PER_OSCILLATION * quickest))
    shape, last = RELEASES.index(plan.release_shape), float(forces[-1])
    after = np.linspace(0.0, release_time(shape, last, plan.release_rate), RELEASED)[1:] if last > 0.0 else np.zeros(0)
    falling = [release_at(shape, last, plan.release_rate, float(t)).force for t in after]
    return np.r_[times, times[-1] + after], np.r_[np.nan_to_num(np.asarray(forces, float)), falling]
