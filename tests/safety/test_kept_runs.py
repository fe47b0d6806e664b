"""Runs of the campaign that once broke a law, kept as they are; what each showed stands beside it.

`opentraction replay RUN --seed N --smaller` writes such a line.
"""

from __future__ import annotations

import pytest

from opentraction.quantities import vocabulary as v
from opentraction.twin.campaign.draw import ARM, Run
from opentraction.twin.campaign.faults import NAMES
from opentraction.twin.campaign.loop import Onset
from opentraction.twin.campaign.play import judged
from opentraction.twin.campaign.smaller import smaller, tries, written

REMOTE, CLINICIAN = 6, 136


def kept(
    seed: int,
    number: int,
    faults: tuple[str, ...],
    phase: str,
    wait: int,
    pressed: int,
    press_at: int,
    force: int,
    couch: str,
    mass: float,
) -> Run:
    """A run from what `written` gave."""
    code = v.PHASE_NAMES.index(phase)
    known = tuple(NAMES.index(name) for name in faults)
    return Run(seed, number, known, code, Onset(code, wait, ARM), pressed, press_at, force, couch, mass)


RUNS = {
    "control says that it releases, and holds 590 N": kept(
        7, 497, ("control deaf",), "pause release", 600, 0, 0, 920, "locked", 97.0
    ),
    "a release that stops halfway is torn off by the timer": kept(
        7, 5371, ("control holds",), "clinician release", 200, CLINICIAN, 0, 810, "split", 80.0
    ),
    "a clock that jumps runs out a release's time": kept(
        7, 4398, ("control's clock",), "patient release", 100, REMOTE, 0, 640, "split", 80.0
    ),
    "a broken speed sensor drops a loaded cable": kept(
        7, 1523, ("speed stuck",), "rise", 900, REMOTE, 60, 730, "split", 75.0
    ),
    "a broken travel sensor drops a loaded cable": kept(
        7, 170, ("travel garbage",), "rise", 900, 0, 0, 540, "split", 75.0
    ),
    "a guard without sensors is taken for the clinician": kept(
        7, 4786, ("guard blind",), "hold", 400, 0, 0, 980, "split", 90.0
    ),
    "a drive that hears nobody is not missed": kept(7, 356, ("commands lost",), "fall", 300, 0, 0, 80, "locked", 70.0),
    "control that nobody hears waits half a minute": kept(
        7, 3657, ("control unheard",), "ready", 2, 0, 0, 140, "split", 70.0
    ),
    "a guard that wakes in a session's end lets out a slack cable": kept(
        7, 222, ("guard stands",), "rise", 400, 0, 0, 250, "locked", 70.0
    ),
    "a cell that drifts leaves 43 N called slack": kept(
        7, 4207, ("control's cell drift",), "resume", 500, REMOTE, 239, 230, "split", 75.0
    ),
}


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_it_is_broken_no_more(run: Run) -> None:
    one = judged(run)
    assert one.outcome.hit
    assert one.outcome.broken == ()


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_a_kept_run_is_written_as_it_is_kept(run: Run) -> None:
    assert eval(written(run)) == run


def test_nothing_broken_stays_as_it_is() -> None:
    run = RUNS["a drive that hears nobody is not missed"]
    assert smaller(run) == run


def test_every_try_is_smaller() -> None:
    run = RUNS["a broken speed sensor drops a loaded cable"]._replace(faults=(1, 2, 3))
    made = list(tries(run))
    assert [len(one.faults) for one in made[:3]] == [2, 2, 2]
    assert any(not one.pressed for one in made)
    assert any(one.press_at == 30 for one in made)
    assert any(one.begins.wait == 450 for one in made)


def test_a_broken_run_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken by its second fault alone, however early: that is what is left."""
    from opentraction.twin.campaign import smaller as module

    def broken(run: Run, loop: object = None) -> object:
        found = judged(RUNS["a drive that hears nobody is not missed"])
        says = ("E3 stop missed from 80 N",) if 2 in run.faults else ()
        return found._replace(outcome=found.outcome._replace(broken=says))

    monkeypatch.setattr(module, "judged", broken)
    run = RUNS["a broken speed sensor drops a loaded cable"]._replace(faults=(1, 2, 3))
    left = module.smaller(run)
    assert left.faults == (2,)
    assert (left.pressed, left.press_at, left.begins.wait) == (0, 0, 1)
