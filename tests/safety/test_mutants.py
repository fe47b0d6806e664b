"""The run of mutants is of today's code, each that lives is argued, and some that were killed are killed again."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from typing import Any

import pytest

from tests.mutant_runs import ROOT, TESTS, fingerprint, mutants_of

FOLDER = ROOT / "docs" / "engineer"
FILES: dict[str, Any] = json.loads((FOLDER / "mutants.json").read_text("utf-8"))["files"]
ARGUED: list[dict[str, Any]] = tomllib.loads((FOLDER / "mutants.toml").read_text("utf-8"))["same"]
AGAIN = 24
"""Mutants that are let loose again: a few seconds. All of them: `scripts/mutants.py`."""


@pytest.mark.parametrize("file", TESTS)
def test_the_run_is_of_todays_code(file: str) -> None:
    assert FILES[file]["code_sha256"] == fingerprint(file), f"run scripts/mutants.py {file}"
    assert FILES[file]["tests"] == list(TESTS[file])
    assert FILES[file]["mutants"] == len(list(mutants_of(file)))


@pytest.mark.parametrize("file", TESTS)
def test_of_a_hundred_mutants_95_are_killed_and_each_other_is_argued(file: str) -> None:
    one = FILES[file]
    assert one["killed"] + len(one["survived"]) == one["mutants"]
    assert one["killed"] >= 0.95 * one["mutants"]
    argued = [name for reason in ARGUED if reason["file"] == file for name in reason["mutants"]]
    assert sorted(argued) == sorted(alive["name"] for alive in one["survived"])


def test_some_that_were_killed_are_killed_again() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "mutants.py"), "--again", str(AGAIN), "--seed", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=400)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert done.stdout.count("killed") == AGAIN
