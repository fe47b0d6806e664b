"""`opentraction simulate`: what postures, pulls and days probably do to a spine."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from opentraction import __version__
from opentraction.app.compiling_once import say_if_compiling
from opentraction.app.json_out import check_json_out, counted, write_json
from opentraction.app.profiles import cut_short, profile_of
from opentraction.body.column.file import FloatArray, read_scenario
from opentraction.body.column.march import march
from opentraction.body.column.play import NotSolved, Seen, middle, play_many
from opentraction.body.column.scenario import Scenario
from opentraction.body.column.tell import USUAL, described, moments, since_start, told
from opentraction.quantities import BadInput, Streams, parse_quantity

FEW = 20
"""With fewer bodies a band is rough."""


def main(chosen: argparse.Namespace) -> int:
    """Play the scenario and say what was seen; 3 where a body's equations have no solution."""
    read_files = [chosen.scenario]
    check_json_out(chosen.json, read_files)
    scenario = read_scenario(chosen.scenario, profile_of(chosen.scenario, read_files))
    check_json_out(chosen.json, read_files)
    for said in cut_short(scenario):
        print(f"opentraction: {chosen.scenario}: {said}", file=sys.stderr)
    at = moments(scenario, _times(chosen.at) if chosen.at else USUAL)
    say_if_compiling(march)
    try:
        seen = _played(scenario, since_start(scenario, at), chosen.samples, chosen.seed)
    except NotSolved as problem:
        print(
            f"opentraction: {chosen.scenario}: too few bodies of these spreads bear this: {problem}.", file=sys.stderr
        )
        return 3
    if (left_out := chosen.samples - len(seen)) > 0:
        print(
            f"opentraction: {left_out} of {chosen.samples} bodies found no balance and are left out.", file=sys.stderr
        )
    of = {"version": __version__, "seed": chosen.seed, "modelled": True, **described(scenario.who)}
    document = {**of, **told(scenario, at, seen)}
    if chosen.json is None:
        print(_table(document))
        return 0
    write_json(chosen.json, document)
    return 0


def _played(scenario: Scenario, asked: FloatArray, samples: int, seed: int) -> list[Seen]:
    """Bodies drawn from the spreads; one alone is the typical body."""
    if samples == 1:
        return [middle(scenario, asked)]
    return play_many(scenario, asked, samples, Streams(seed), counted("bodies"))


def _times(written: str) -> tuple[float, ...]:
    """`0s,30s,20min` in seconds."""
    times = tuple(parse_quantity(one.strip(), "time", "--at") for one in written.split(","))
    for one, text in zip(times, written.split(","), strict=True):
        if one < 0.0:
            raise BadInput("--at", text.strip(), "times after a stage's start, such as 0s,30s,20min")
    return times


def _table(document: dict[str, Any]) -> str:
    """A line for each sample: the median, and the band where there is one."""
    lines = [_head(document["bodies"])]
    alone = document["bodies"] == 1
    for stage in document["stages"]:
        lines.append(f"\n{stage['posture']}, {_clock(stage['start'])} to {_clock(stage['end'])}")
        lines.append(f"{'after':>9}  {'stature mm':>22}  {'column mm':>22}  {'spine force N':>22}  {_level(stage):>22}")
        for sample_ in stage["samples"]:
            level = sample_["levels"].get("L4-L5") or next(iter(sample_["levels"].values()))
            cells = (sample_["stature_mm"], sample_["column_mm"], sample_["spine_force_n"], level["pressure_kpa"])
            lines.append(f"{_clock(sample_['t_s']):>9}  " + "  ".join(f"{_band(one, alone):>22}" for one in cells))
    return "\n".join(lines)


def _head(bodies: int) -> str:
    if bodies == 1:
        return "Modelled, never measured: the typical body alone, so no band."
    rough = "; of so few the band is rough" if bodies < FEW else ""
    return f"Modelled, never measured: median of {bodies} bodies, 5th to 95th percentile in brackets{rough}."


def _level(stage: dict[str, Any]) -> str:
    """Whose pressure is shown: L4-L5, or the only level of a specimen."""
    levels = stage["samples"][0]["levels"]
    return f"{'L4-L5' if 'L4-L5' in levels else next(iter(levels))} kPa"


def _band(one: dict[str, float], alone: bool) -> str:
    middle_ = f"{one['median']:z.1f}"
    return middle_ if alone else f"{middle_} ({one['p5']:z.1f} to {one['p95']:z.1f})"


def _clock(seconds: float) -> str:
    if seconds < 120.0:
        return f"{seconds:g} s"
    return f"{seconds / 60.0:g} min" if seconds < 7200.0 else f"{seconds / 3600.0:.4g} h"
