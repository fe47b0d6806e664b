"""`treat --spine column`: another spine on the same table; the recording says which, and a neck has none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from opentraction.app.cli import main
from opentraction.body.column.living import NotSolved
from opentraction.session.reader import read_session
from opentraction.twin.column_spine import ColumnSpine
from tests.short import SHORT

PATIENT = Path(__file__).parents[2] / "examples/patient.toml"
NECK = SHORT.replace('"lumbar"', '"cervical"').replace('"150 N"', '"80 N"')


def treat(folder: Path, spine: str, text: str = SHORT) -> int:
    (folder / "one.toml").write_text(text)
    words = ["treat", str(folder / "one.toml"), "--patient", str(PATIENT), "--out", str(folder / spine)]
    return main([*words, "--no-report", "--spine", spine])


def test_a_column_gives_way_otherwise_than_springs_under_the_same_force(tmp_path: Path) -> None:
    assert treat(tmp_path, "springs") == 0
    assert treat(tmp_path, "column") == 0
    springs, column = (read_session(tmp_path / name) for name in ("springs", "column"))
    assert (springs.start["table"]["spine"], column.start["table"]["spine"]) == ("springs", "column")
    hold = column.rows["phase"] == 6
    assert column.rows["measured"][hold].mean() == pytest.approx(150.0, abs=3.0)
    assert abs(column.rows["travel"][hold].max() - springs.rows["travel"][springs.rows["phase"] == 6].max()) > 1e-3
    summaries = [json.loads((tmp_path / name / "summary.json").read_text("utf-8")) for name in ("springs", "column")]
    assert [one["spine"] for one in summaries] == ["springs", "column"]
    assert summaries[1]["ending"] == "completed"


def test_a_neck_has_no_column_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert treat(tmp_path, "column", NECK) == 2
    assert "--spine" in capsys.readouterr().err
    assert not (tmp_path / "column" / "session.edf").exists()


def test_a_column_that_finds_no_answer_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def follow(self: ColumnSpine, plant: object) -> object:
        raise NotSolved("no balance of forces before 3 s")

    monkeypatch.setattr(ColumnSpine, "follow", follow)
    assert treat(tmp_path, "column") == 2
    assert "no balance of forces" in capsys.readouterr().err
