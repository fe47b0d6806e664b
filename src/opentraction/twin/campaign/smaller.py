"""A broken run made as small as it stays broken: fewer faults, no stop, an earlier onset; that is kept as a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from opentraction.quantities import vocabulary as v
from opentraction.twin.campaign.draw import Run
from opentraction.twin.campaign.faults import NAMES
from opentraction.twin.campaign.play import judged


def smaller(run: Run, loop: Callable[..., Any] | None = None) -> Run:
    """The smallest run found that breaks what `run` breaks first; `run` itself where it breaks nothing."""
    broken = judged(run, loop).outcome.broken
    if not broken:
        return run
    monitor = broken[0].split()[0]
    while True:
        found = next((one for one in tries(run) if breaks(one, monitor, loop)), None)
        if found is None:
            return run
        run = found


def breaks(run: Run, monitor: str, loop: Callable[..., Any] | None) -> bool:
    """Whether a run breaks it, too."""
    return any(said.split()[0] == monitor for said in judged(run, loop).outcome.broken)


def tries(run: Run) -> Iterator[Run]:
    """Runs a little smaller than this one."""
    if len(run.faults) > 1:
        for n in range(len(run.faults)):
            yield run._replace(faults=run.faults[:n] + run.faults[n + 1 :])
    if run.pressed and run.phase not in {v.PATIENT_RELEASE, v.CLINICIAN_RELEASE}:
        yield run._replace(pressed=0, press_at=0)
    if run.press_at > 1:
        yield run._replace(press_at=run.press_at // 2)
    if run.begins.wait > 1:
        yield run._replace(begins=run.begins._replace(wait=run.begins.wait // 2))


def written(run: Run) -> str:
    """A run as a line for the list of kept ones in tests/safety/test_kept_runs.py."""
    faults = tuple(NAMES[n] for n in run.faults)
    return (
        f"kept({run.seed}, {run.number}, {faults!r}, {v.PHASE_NAMES[run.phase]!r}, {run.begins.wait}, {run.pressed},"
        f" {run.press_at}, {run.force}, {run.couch!r}, {run.mass:.1f})"
    )
