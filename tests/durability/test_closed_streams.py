"""`treat` started without standard input, output or error: same files, same code, and no word in a recording."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from opentraction.session.reader import read_session
from tests.short import SHORT
from tests.table_client import ROOT

PATIENT = ROOT / "examples" / "patient.toml"


@pytest.mark.parametrize("closed", ["2>&-", "1>&-", "0<&-", "0<&- 1>&- 2>&-"])
def test_it_treats_all_the_same(tmp_path: Path, closed: str) -> None:
    (tmp_path / "short.toml").write_text(SHORT, "utf-8")
    call = f"'{sys.executable}' -m opentraction treat short.toml --patient '{PATIENT}' --out out --no-report {closed}"
    done = subprocess.run(["sh", "-c", call], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert {file.name for file in (tmp_path / "out").iterdir()} >= {"session.edf", "documents.jsonl", "summary.json"}
    assert read_session(tmp_path / "out").documents[-1]["doc"] == "stop"


def test_bad_input_without_a_place_to_say_so_is_still_code_2(tmp_path: Path) -> None:
    call = f"'{sys.executable}' -m opentraction treat nothing.toml --patient '{PATIENT}' --out out 2>&-"
    assert subprocess.run(["sh", "-c", call], cwd=tmp_path, timeout=60, check=False).returncode == 2
    assert not (tmp_path / "out").exists()
