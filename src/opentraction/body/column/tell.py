"""What a scenario came to, as JSON: stages, samples, and every number with its median and 90 % band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from opentraction.body.column.anatomy import DISCS, SHOWN
from opentraction.body.column.living import discs_of
from opentraction.body.column.play import Seen, quantiles
from opentraction.body.column.scenario import KINDS, Scenario, Somebody, Specimen, Stage

FloatArray = npt.NDArray[np.float64]
WHOLE = {
    "stature_mm": ("stature", 1e3),
    "column_mm": ("column", 1e3),
    "spine_force_n": ("spine_force", 1.0),
    "friction_n": ("friction", 1.0),
    "emg_percent": ("emg", 1.0),
    "table_travel_mm": ("travel", 1e3),
}
LEVEL = {
    "height_mm": ("height", 1e3),
    "anterior_mm": ("anterior", 1e3),
    "posterior_mm": ("posterior", 1e3),
    "pressure_kpa": ("pressure", 1e-3),
    "volume_ml": ("volume", 1e6),
    "fluid_ml": ("fluid", 1e6),
    "rotation_deg": ("rotation", 180.0 / np.pi),
    "foramen_percent": ("foramen", 1.0),
    "bulge_percent": ("bulge", 1.0),
}
BAND, ALONE = "5th to 95th percentile", "none: the typical body alone"
USUAL = (0.0, 30.0, 60.0, 300.0, 1200.0, 3600.0, 4 * 3600.0, 8 * 3600.0, 16 * 3600.0)
"""When a stage is looked at where nobody says, besides its end [s]."""


def moments(scenario: Scenario, asked: Sequence[float]) -> list[FloatArray]:
    """For each stage the times after its start [s]: the asked ones that it reaches, and its end."""
    return [np.unique(np.r_[[t for t in asked if t <= stage.duration], stage.duration]) for stage in scenario.stages]


def since_start(scenario: Scenario, at: Sequence[FloatArray]) -> FloatArray:
    """The same, since the scenario began [s]; at a stage's first moment nothing of it has acted yet."""
    starts = np.r_[0.0, np.cumsum([stage.duration for stage in scenario.stages])]
    return np.concatenate([start + times for start, times in zip(starts[:-1], at, strict=True)])


def told(scenario: Scenario, at: Sequence[FloatArray], seen: Sequence[Seen]) -> dict[str, Any]:
    """The whole answer."""
    q = quantiles(seen)
    names = [DISCS[i] for i in discs_of(scenario.who)]
    stages, k, start = [], 0, 0.0
    for stage, times in zip(scenario.stages, at, strict=True):
        samples = []
        for t in times:
            samples.append(_sample(float(t), start + float(t), k, q, names))
            k += 1
        ends = {"start": start, "end": start + stage.duration}
        stages.append({"posture": stage.posture, **ends, "loads": _loads(stage), "samples": samples})
        start += stage.duration
    return {"stages": stages, "bodies": len(seen), "band": BAND if len(seen) > 1 else ALONE}


def described(who: Somebody | Specimen) -> dict[str, Any]:
    """Who was played, as read: under `person` or `specimen`; a grade is null where it is as usual at that age."""
    grades = {disc: who.grades[i] for i, disc in enumerate(DISCS) if i in discs_of(who)}
    size = {"stature_m": who.stature, "age": who.age, "sex": who.sex, "disc_grade": grades}
    if isinstance(who, Somebody):
        return {"person": {"mass_kg": who.mass, **size}}
    level = {} if who.kind == KINDS[0] else {"level": who.level}
    return {"specimen": {"kind": who.kind, **level, **size}}


def _loads(stage: Stage) -> dict[str, Any]:
    """What a stage puts on the spine besides its posture, as read."""
    pull = stage.traction
    traction = None
    if pull is not None:
        shape = {"static": pull.times is None, "couch": pull.couch, "angle_rad": pull.angle}
        traction = {"force_n": round(float(pull.force), 4), **shape}
    moment = {"value_n_m": stage.moment, "direction": stage.direction} if stage.moment else None
    return {"traction": traction, "axial_force_n": stage.axial_force, "moment": moment}


def _sample(t: float, since: float, k: int, q: dict[str, FloatArray], names: Sequence[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"t_s": t, "since_start_s": since}
    for name, (of, scale) in WHOLE.items():
        made[name] = _number(q[of][:, k] * scale)
    made["levels"] = {
        disc: {name: _number(q[of][:, k, i] * scale) for name, (of, scale) in LEVEL.items()}
        for i, disc in enumerate(names)
        if disc in SHOWN
    }
    return made


def _number(of: FloatArray) -> dict[str, float]:
    low, middle, high = (round(float(x), 4) + 0.0 for x in of)
    return {"median": middle, "p5": low, "p95": high}
