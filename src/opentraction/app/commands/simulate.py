"""`opentraction simulate`: what postures, pulls and days probably do to a spine."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from opentraction.app.json_out import check_json_out, counted, write_json
from opentraction.body.column.file import FloatArray, Prescribed, Profile, read_scenario
from opentraction.body.column.play import NotSolved, play_many
from opentraction.body.column.scenario import PLAIN, SPLIT, Scenario, Somebody
from opentraction.body.column.tell import USUAL, moments, since_start, told
from opentraction.patient import Body, Patient
from opentraction.prescription import read_prescription
from opentraction.prescription.plan import Plan
from opentraction.prescription.release import NAMES as RELEASES
from opentraction.prescription.release import release_at, release_time
from opentraction.prescription.waveform import AMPLITUDE, FREQUENCY, sample
from opentraction.quantities import BadInput, Streams, parse_quantity

PER_SECOND, PER_OSCILLATION = 1.0, 12.0
"""How often a prescription's force is read, a second or an oscillation."""
RELEASED = 13
"""Times at which its release is."""


def main(chosen: argparse.Namespace) -> int:
    """Play the scenario and say what was seen; 3 where a body's equations have no solution."""
    check_json_out(chosen.json)
    scenario = read_scenario(chosen.scenario, profile_beside(chosen.scenario))
    for said in cut_short(scenario):
        print(f"opentraction: {chosen.scenario}: {said}", file=sys.stderr)
    at = moments(scenario, _times(chosen.at) if chosen.at else USUAL)
    try:
        seen = play_many(scenario, since_start(scenario, at), chosen.samples, Streams(chosen.seed), counted("bodies"))
    except NotSolved as problem:
        print(f"opentraction: {chosen.scenario}: no body of these spreads bears this: {problem}.", file=sys.stderr)
        return 3
    document = told(scenario, at, seen)
    if chosen.json is None:
        print(_table(document))
        return 0
    write_json(chosen.json, document)
    return 0


def profile_beside(scenario: Path) -> Profile:
    """Reads prescriptions named in a scenario: from beside its file, for a body of its mass."""

    def read(name: str, who: Somebody) -> Prescribed:
        recipe = read_prescription(scenario.parent / name)
        if recipe.region != "lumbar":
            raise BadInput("region", recipe.region, "lumbar, for the model has no neck", name)
        plan = recipe.resolve(Patient("simulated", Body(who.mass, who.stature, who.age, who.sex)))
        couch = SPLIT if plan.couch == "split" else PLAIN
        return Prescribed(*_waveform(plan), couch, plan.angle, plan.position)

    return read


def cut_short(scenario: Scenario) -> list[str]:
    """A sentence for each stage that ends before its prescription does."""
    return [
        f"stage {n} lasts {_clock(stage.duration)}, its prescription {_clock(round(float(t.times[-1])))}: it is played "
        "until the stage ends, then let go."
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


def _times(written: str) -> tuple[float, ...]:
    """`0s,30s,20min` in seconds."""
    times = tuple(parse_quantity(one.strip(), "time", "--at") for one in written.split(","))
    for one, text in zip(times, written.split(","), strict=True):
        if one < 0.0:
            raise BadInput("--at", text.strip(), "times after a stage's start, such as 0s,30s,20min")
    return times


def _table(document: dict[str, Any]) -> str:
    """A line for each sample: the median, and the band where there is room."""
    lines = ["Modelled, never measured: median of the bodies, 5th to 95th percentile in brackets."]
    for stage in document["stages"]:
        lines.append(f"\n{stage['posture']}, {_clock(stage['start'])} to {_clock(stage['end'])}")
        lines.append(f"{'after':>9}  {'stature mm':>22}  {'column mm':>22}  {'spine force N':>22}  {'L4-L5 kPa':>22}")
        for sample_ in stage["samples"]:
            level = sample_["levels"].get("L4-L5") or next(iter(sample_["levels"].values()))
            cells = (sample_["stature_mm"], sample_["column_mm"], sample_["spine_force_n"], level["pressure_kpa"])
            lines.append(f"{_clock(sample_['t_s']):>9}  " + "  ".join(f"{_band(one):>22}" for one in cells))
    return "\n".join(lines)


def _band(one: dict[str, float]) -> str:
    return f"{one['median']:.1f} ({one['p5']:.1f} to {one['p95']:.1f})"


def _clock(seconds: float) -> str:
    if seconds < 120.0:
        return f"{seconds:g} s"
    return f"{seconds / 60.0:g} min" if seconds < 7200.0 else f"{seconds / 3600.0:.4g} h"
