"""How well are forces held across a population? Drawn bodies x every shipped protocol, each with its own patient.

Each body also coughs once, with 100 N, in the middle of the first hold of every protocol. Finished bodies are kept
under `build/population/`, by seed and by a hash of the kernels, so that a run can be broken off and taken up again.
`--bodies 500` is the full one (about a quarter of an hour on two cores); `--page` renews docs/researcher/population.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from _cohort import person_of, plan_of
from _figures import cough_figures, lengths, session_figures
from _population_tables import printed

from opentraction.body.person import Person
from opentraction.prescription import Plan, protocols
from opentraction.prescription.waveform import DURATION, PHASE, START
from opentraction.quantities.streams import Streams
from opentraction.quantities.vocabulary import HOLD
from opentraction.session.rows import RATE_HZ, Rows
from opentraction.twin.compiled import compiled_run, source_hash
from opentraction.twin.mishaps import Mishap
from opentraction.twin.treatment import STARTED, Treatment

ROOT = Path(__file__).parent.parent
PIECE = 20 * RATE_HZ
COUGH_N = 100.0


def rows_of(treatment: Treatment, longest: float) -> Rows:
    """Play to the end, or to `longest` [s]."""
    parts = []
    while not treatment.over and treatment.tick < longest * RATE_HZ:
        parts.append(treatment.advance(PIECE))
    return np.concatenate(parts)


def treated(plan: Plan, person: Person, seed: int) -> dict[str, Any]:
    """Figures of one undisturbed session."""
    rows = rows_of(Treatment(plan, person, Streams(seed), (), compiled_run()), math.inf)
    return {**session_figures(rows, plan.ceiling), **lengths(rows, plan)}


def coughed(plan: Plan, person: Person, seed: int) -> dict[str, Any]:
    """Figures of one cough in the middle of the first hold."""
    hold = next(row for row in plan.segments if row[PHASE] == HOLD)
    middle = float(hold[START] + 0.5 * hold[DURATION])
    run = compiled_run()
    treatment = Treatment(plan, person, Streams(seed), [Mishap("cough", middle, COUGH_N, None)], run)
    rows = rows_of(treatment, STARTED / RATE_HZ + middle + 12.0)
    return cough_figures(rows, (STARTED + 1 + round(middle * RATE_HZ)) / RATE_HZ)


def body(seed: int) -> list[dict[str, Any]]:
    """One body through every protocol; read back if it was played before."""
    kept = store() / f"{seed:05d}.json"
    if kept.is_file():
        return list(json.loads(kept.read_text("utf-8")))
    person = person_of(seed)
    about = {"seed": seed, "mass": person.mass, "harness": person.harness_stiffness}
    found = []
    for name in protocols():
        plan = plan_of(name, person)
        figures = treated(plan, person, seed)
        found.append({**about, "protocol": name, "peak": plan.peak, **figures, "cough": coughed(plan, person, seed)})
    written = kept.with_suffix(".tmp")
    written.write_text(json.dumps(found), "utf-8")
    written.rename(kept)
    return found


def store() -> Path:
    """Where finished bodies lie: another folder whenever a kernel changes, or what is counted here."""
    counted = b"".join((Path(__file__).parent / name).read_bytes() for name in ("population.py", "_figures.py"))
    name = hashlib.sha256(source_hash().encode() + counted).hexdigest()
    folder = ROOT / "build" / "population" / name[:16]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def play_all(bodies: int, processes: int) -> list[dict[str, Any]]:
    """All bodies, a few processes at a time, with progress on stderr."""
    begun, found = time.monotonic(), []
    compiled_run()
    with multiprocessing.get_context("fork").Pool(processes, initializer=_polite) as pool:
        for done, sessions in enumerate(pool.imap_unordered(body, range(bodies)), 1):
            found += sessions
            if sys.stderr.isatty() or done % 25 == 0:
                left = (time.monotonic() - begun) / done * (bodies - done)
                print(f"\r{done} of {bodies} bodies, {left:.0f} s left  ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return sorted(found, key=lambda one: (one["seed"], one["protocol"]))


def _polite() -> None:
    os.nice(10)


def _commit() -> str:
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or "unknown"


def main() -> None:
    """Play, print, and write what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bodies", type=int, default=40, help="how many bodies (40; the published page has 500)")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--json", type=Path, help="write every session's figures here")
    parser.add_argument("--page", action="store_true", help="renew docs/researcher/population.md and its picture")
    chosen = parser.parse_args()
    sessions = play_all(chosen.bodies, chosen.processes)
    print(printed(sessions))
    if chosen.json:
        chosen.json.write_text(json.dumps(sessions, indent=1), "utf-8")
    if chosen.page:
        from _population_page import write_page

        write_page(sessions, ROOT, _commit())


if __name__ == "__main__":
    main()
