"""The same bits: compiled and plain, whole and in pieces, on another hash seed, on another day."""

from __future__ import annotations

import functools
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from opentraction.app.cli import main
from opentraction.quantities import Streams
from opentraction.quantities import vocabulary as v
from opentraction.session.reader import read_session
from opentraction.session.rows import Rows
from opentraction.twin.compiled import compiled_run
from opentraction.twin.lockstep import run_ticks
from opentraction.twin.mishaps import parse_mishap
from opentraction.twin.treatment import Treatment
from opentraction.twin.world import MISHAPS
from tests.lab import Event, Setup, body, play, short_plan
from tests.short import SHORT

ROOT = Path(__file__).parents[2]
GO_ON = ("4s:cough:80N", "8s:shift:5mm", "15s:spasm:120N:1s", "20s:sneeze", "24s:harness-slip:15mm")
WISHES = ((3000, v.ASK_REDUCE, 200.0), (3800, v.ASK_PAUSE, 0.0), (5000, v.ASK_RESUME, 0.0))
ENDS = ("cable-break", "patient-stop", "remote-unplugged", "clinician-stop", "power-loss", "sit-up", "spasm:150N:6s")


def rows_of(
    run: Callable[..., Any], mishaps: tuple[str, ...], ticks: int, piece: int = 200, wishes: bool = False
) -> Rows:
    treatment = Treatment(short_plan(300.0), body(9000.0), Streams(5), [parse_mishap(m) for m in mishaps], run)
    for tick, ask, value in WISHES if wishes else ():
        treatment.world.wish(tick, ask, value)
    return np.concatenate([treatment.advance(min(piece, ticks - at)) for at in range(0, ticks, piece)])


def same(a: Rows, b: Rows) -> bool:
    return a.tobytes() == b.tobytes()


@functools.cache
def whole() -> Rows:
    return rows_of(compiled_run(), GO_ON, 9000, wishes=True)


def test_compiled_and_plain_agree_to_the_last_bit_through_all_that_may_happen() -> None:
    assert same(rows_of(run_ticks, GO_ON, 9000, wishes=True), whole())
    phases = set(whole()[:, 11].astype(int))
    assert {v.PRETENSION, v.RISE, v.HOLD, v.PAUSE_RELEASE, v.PAUSED, v.RESUME} <= phases


@pytest.mark.parametrize("what", ENDS)
def test_compiled_and_plain_agree_in_every_ending(what: str) -> None:
    mishaps = (f"14s:{what}",)
    plain = rows_of(run_ticks, mishaps, 5000)
    assert same(plain, rows_of(compiled_run(), mishaps, 5000))
    assert plain[-1, 15] != v.NO_CAUSE


@pytest.mark.parametrize("kind", ["a-nan", "b-frozen", "a-offset", "travel-nan", "runaway"])
def test_compiled_and_plain_agree_with_broken_sensors(kind: str) -> None:
    events = [Event(2500, kind)]
    plain, compiled = (play(Setup(short_plan(300.0)), 20.0, events, plain=how) for how in (True, False))
    assert same(plain.rows, compiled.rows)


def test_the_scenarios_hold_every_mishap() -> None:
    told = {parse_mishap(text).kind for text in (*GO_ON, *(f"1s:{what}" for what in ENDS))}
    undoing = {"remote-plug", "remote-release", "clinician-reset", "power-back"}
    assert told | undoing == set(MISHAPS)


@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_the_rows_do_not_depend_on_how_time_is_cut(piece: int) -> None:
    assert same(rows_of(compiled_run(), GO_ON, 9000, piece, wishes=True), whole())


def test_another_seed_gives_other_rows() -> None:
    a, b = (play(Setup(short_plan(300.0), seed=seed), 10.0).rows for seed in (1, 2))
    assert not same(a, b)
    assert same(a, play(Setup(short_plan(300.0), seed=1), 10.0).rows)


HASH = """
import hashlib
from tests.numerics.test_same_bits import GO_ON, rows_of, run_ticks
print(hashlib.sha256(rows_of(run_ticks, GO_ON, 2000, wishes=True).tobytes()).hexdigest())
"""


def test_the_hash_seed_of_python_changes_nothing() -> None:
    def trace(seed: str) -> str:
        path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        done = subprocess.run(
            [sys.executable, "-c", HASH], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    here = hashlib.sha256(rows_of(run_ticks, GO_ON, 2000, wishes=True).tobytes()).hexdigest()
    assert trace("1") == trace("99") == here


def test_treating_twice_with_one_seed_gives_one_recording(tmp_path: Path) -> None:
    file = tmp_path / "short.toml"
    file.write_text(SHORT, "utf-8")
    told = []
    for name in ("one", "two"):
        patient = str(ROOT / "examples" / "patient.toml")
        words = ["treat", str(file), "--patient", patient, "--out", str(tmp_path / name), "--seed", "4", "--no-report"]
        assert main([*words, "--event", "20s:cough:60N"]) == 0
        recording = read_session(tmp_path / name)
        events = [(d["t"], d["text"]) for d in recording.documents if d["doc"] == "event"]
        rows = {name: values.tobytes() for name, values in recording.rows.items()}
        told.append((rows, events, (tmp_path / name / "summary.json").read_text("utf-8")))
    assert told[0] == told[1]
