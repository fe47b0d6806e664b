"""Power goes while the lockout, or the head of the record of acts, is written: locked stays locked, the head stays."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from opentraction.clinic import head_file
from opentraction.clinic.head_file import Head
from opentraction.quantities import vocabulary as v
from opentraction.session.lockout import Lockout
from tests.durability.figures import FULL, tell_figure
from tests.durability.power import CHOICES, SECTORS, Disk, Trace, cuts

NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
LOG = Path("data/table/lockouts.jsonl")


def every_state(trace: Trace, root: Path, left: Path, check: Callable[[Disk], None]) -> int:
    """Play each state that a power cut at each step may leave; how many there were."""
    states = 0
    for number, disk in cuts(trace.steps, root, every=1 if FULL else 5):
        for sector in SECTORS:
            for choice in CHOICES:
                disk.leave(left, choice, sector, random.Random(f"{number} {sector} {choice}"))
                try:
                    check(disk)
                except AssertionError as error:
                    error.add_note(f"step {number}, {choice}, {sector} bytes: {disk.told}")
                    raise
                shutil.rmtree(left, ignore_errors=True)
                states += 1
    return states


def test_a_lockout_outlives_a_cut_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, left = tmp_path / "disk", tmp_path / "left"
    with monkeypatch.context() as patch:
        trace = Trace(root, patch)
        lockout = Lockout(root / LOG, now=NOW)
        for k in range(5):
            for _ in range(2):
                lockout.fault(v.SENSORS_DISAGREE, f"session-{k}", NOW)
                lockout.flush()
            trace.told("locked")
            trace.told("asked to reset")
            lockout.reset("Ada", "Cable replaced and tested.", NOW)
            trace.told("reset")

    def check(disk: Disk) -> None:
        again = Lockout(left / LOG, treated=bool(disk.told))
        assert again.locked or disk.told[-1:] != ["locked"], "who was told that it is locked finds it locked"
        again.flush()

    tell_figure("D2 lockout", steps=len(trace.steps), states=every_state(trace, root, left, check))


def test_the_head_of_the_acts_outlives_a_cut_at_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    root, left = tmp_path / "disk", tmp_path / "left"
    root.mkdir()
    with monkeypatch.context() as patch:
        trace = Trace(root, patch)
        settings.DATA = root
        for length in range(1, 30):
            assert head_file.write(Head(length, f"{length:064x}"))
            trace.told(length)
    settings.DATA = left

    def check(disk: Disk) -> None:
        head = head_file.read()
        assert (head.length if head else 0) >= max(disk.told, default=0)

    tell_figure("D2 audit head", steps=len(trace.steps), states=every_state(trace, root, left, check))
