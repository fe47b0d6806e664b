"""`opentraction campaign`: bad days by the thousand, with the shipping control and guard, judged by the true force."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from opentraction import __version__
from opentraction.app.compiling_once import say_if_compiling
from opentraction.app.json_out import check_json_out, write_json
from opentraction.quantities import BadInput
from opentraction.twin.campaign.compiled import compiled_faulted, played_hash
from opentraction.twin.campaign.defects import DEFECTS, planted
from opentraction.twin.campaign.kept import keep, kept
from opentraction.twin.campaign.play import all_of
from opentraction.twin.campaign.report import Report, document, told

BROKEN = 4
MOST_RUNS = 100_000_000
MOST_JOBS = 256
EVERY = 30.0
"""[s] between two writings of what is kept."""


def main(chosen: argparse.Namespace) -> int:
    """Play, judge and tell; 4 where a law was broken."""
    if chosen.list_defects:
        print("\n".join(f"{one.name:24}{one.words}" for one in DEFECTS))
        return 0
    runs, jobs = within(chosen.runs, 1, MOST_RUNS, "runs"), within(chosen.jobs, 1, MOST_JOBS, "jobs")
    seed = within(chosen.seed, 0, 2**62, "seed")
    check_json_out(chosen.json)
    if chosen.defect:
        planted(chosen.defect)
    say_if_compiling(compiled_faulted())
    code = played_hash() + chosen.defect
    report = kept(chosen.keep, seed, code) if chosen.keep else Report(seed)
    begun, before, saved = time.monotonic(), report.seconds, time.monotonic()
    for part in all_of(seed, report.runs, runs, jobs):
        for one in part:
            report.take(one)
        _progress(report, runs, time.monotonic() - begun)
        if chosen.keep and (time.monotonic() - saved > EVERY or report.runs >= runs):
            keep(report, chosen.keep, code)
            saved = time.monotonic()
        if chosen.defect and report.broken:
            break
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    took = time.monotonic() - begun
    if chosen.json is not None:
        write_json(chosen.json, {"version": __version__, "defect": chosen.defect or None, **document(report)})
    if chosen.json != Path("-"):
        print("\n".join(told(report)))
        print(f"\n{took:.0f} s, {(report.seconds - before) / took:,.0f} times real time. Simulated.")
        print("What that is worth, and what it leaves out: docs/engineer/campaign.md.")
    return BROKEN if report.broken else 0


def within(value: int, low: int, high: int, name: str) -> int:
    """`value`, where it lies in its bounds. Raises BadInput."""
    if not low <= value <= high:
        raise BadInput(f"--{name}", str(value), f"a whole number from {low} to {high:,}")
    return value


def _progress(report: Report, runs: int, took: float) -> None:
    if sys.stderr.isatty():
        left = took / report.runs * (runs - report.runs)
        text = f"{report.runs:,} of {runs:,} runs, {len(report.broken)} broken, {left / 60.0:.0f} min left"
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
