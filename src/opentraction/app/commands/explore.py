"""`opentraction explore`: everything that can happen to control, guard, drive and stops, and whether the laws hold."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from opentraction import __version__
from opentraction.app.compiling_once import say_if_compiling
from opentraction.app.json_out import check_json_out, write_json
from opentraction.twin.exploring.compiled import compiled
from opentraction.twin.exploring.design import without
from opentraction.twin.exploring.search import explore
from opentraction.twin.exploring.told import document, lines

BROKEN = 4


def main(chosen: argparse.Namespace) -> int:
    """Walk and tell; 4 where a law is broken."""
    check_json_out(chosen.json)
    design = without(chosen.without)
    say_if_compiling(compiled("walk", "expand"))
    begun = time.monotonic()
    made = explore(chosen.faults, design, _progress, go_on=chosen.all or not chosen.without)
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    if chosen.json is not None:
        write_json(chosen.json, {"version": __version__, **document(made, chosen.faults, design)})
    if chosen.json != Path("-"):
        print("\n".join(lines(made, chosen.faults, design)))
        print(
            f"\n{time.monotonic() - begun:.0f} s. A model's answer: what it leaves out, docs/engineer/explored.md says."
        )
    return BROKEN if made.broken else 0


def _progress(ticks: int, moments: int) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{moments:,} moments, {ticks} ticks deep", end="", file=sys.stderr, flush=True)
