"""`treat --event 30s:change=FILE`: another prescription takes over; what cannot is said before anything is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from opentraction.app.cli import main
from opentraction.session.reader import read_session
from tests.short import SHORT

PATIENT = Path(__file__).parents[2] / "examples/patient.toml"
RUNNING = SHORT.replace('length = "60 s"', 'length = "2 min"')


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "one.toml").write_text(RUNNING)
    (tmp_path / "two.toml").write_text(RUNNING.replace('"150 N"', '"120 N"').replace('"Short"', '"Gentler"'))
    (tmp_path / "prone.toml").write_text(RUNNING.replace("supine", "prone"))
    return tmp_path


def treat(files: Path, *events: str, more: tuple[str, ...] = ()) -> int:
    words = ["treat", str(files / "one.toml"), "--patient", str(PATIENT), "--out", str(files / "out"), "--no-report"]
    return main([*words, *more, *(word for event in events for word in ("--event", event))])


def test_another_prescription_takes_over_in_a_scripted_session(files: Path) -> None:
    assert treat(files, f"20s:change={files / 'two.toml'}", "25s:cough:80N") == 0
    recording = read_session(files / "out")
    summary = json.loads((files / "out" / "summary.json").read_text())
    assert recording.plan["name"] == "Gentler"
    assert [one["by"] for one in summary["changes"]] == ["scripted clinician"]
    assert summary["changes"][0]["t"] == recording.changes[0]["t"]
    late = recording.rows["t"] > recording.changes[0]["t"] + 1.0
    assert recording.rows["prescribed"][late & (recording.rows["phase"] == 6)].max() == pytest.approx(120.0, abs=0.1)


def test_a_later_session_of_a_course_may_change_to_a_prescription_without_one(files: Path) -> None:
    first = files / "one.toml"
    first.write_text(f'{first.read_text("utf-8")}\n[course]\nsessions = 3\nhigh_last = "150 N"\n', "utf-8")
    assert treat(files, f"20s:change={files / 'two.toml'}", more=("--session", "3")) == 0


REFUSED = {
    "a file that is not there": ("20s:change=none.toml", "not there"),
    "no time": ("soon:change={two}", "a time"),
    "a time too late": ("3h:change={two}", "120 min"),
    "after the last pull": ("115s:change={two}", "before the last pull has ended"),
    "another position": ("20s:change={prone}", "position prone"),
    "nothing": ("20s:change=", "file"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_take_over_is_one_sentence_and_nothing_is_written(
    files: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    event, words = REFUSED[what]
    assert treat(files, event.format(two=files / "two.toml", prone=files / "prone.toml")) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not (files / "out").exists()
