"""What a console asks about alarms, over the socket: seen, silence for a while, sound again; and nonsense."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from opentraction.app.cli import main
from opentraction.quantities.vocabulary import ALARMS
from opentraction.session.alarm_book import alarm_book
from opentraction.session.log_chain import verify
from opentraction.session.telemetry import telemetry
from tests.unit.test_alarm_log import STOP, Table, altered
from tests.unit.test_table_server import Desk, desk

__all__ = ["desk"]


def stands(one: Desk, bits: int) -> dict[str, Any]:
    """The table with these conditions, and what it tells."""
    one.conductor.alarms.hear(bits, one.conductor.now, one.conductor.row, "")
    return telemetry(one.conductor, 1, 0.0, 0.0)


def test_a_page_acknowledges_what_it_was_told_and_nothing_else(desk: Desk) -> None:
    desk.ticks(2)
    told = stands(desk, ALARMS[0].bit | ALARMS[1].bit)["alarms"]
    assert desk.ask(do="acknowledge", operator="Ada", numbers=[told[0]["number"]])["ok"]
    left = telemetry(desk.conductor, 1, 0.0, 0.0)["alarms"]
    assert [(one["id"], one["state"]) for one in left] == [("A2", "latched")]
    assert desk.ask(do="acknowledge", operator="Ada")["ok"]
    assert telemetry(desk.conductor, 1, 0.0, 0.0)["alarms"] == []


def test_sound_is_paused_and_comes_back(desk: Desk) -> None:
    desk.ticks(2)
    refused = desk.ask(do="pause-sound", operator="Ada")
    assert (refused["ok"], "nothing sounds now" in refused["why"]) == (False, True)
    stands(desk, ALARMS[0].bit)
    assert desk.ask(do="pause-sound", operator="Ada")["ok"]
    assert 119.0 < telemetry(desk.conductor, 1, 0.0, 0.0)["sound"]["paused_s"] <= 120.0
    assert desk.ask(do="sound-again", operator="Ada")["ok"]
    assert telemetry(desk.conductor, 1, 0.0, 0.0)["sound"] == {"by": None, "trouble": None, "paused_s": None}


@pytest.mark.parametrize("numbers", ["all", 1, [1.5], ["1"], [True], {"1": 1}, list(range(101))])
def test_numbers_that_are_none_are_one_sentence(desk: Desk, numbers: Any) -> None:
    answer = desk.ask(do="acknowledge", operator="Ada", numbers=numbers)
    assert not answer["ok"]
    assert answer["why"].endswith("null or at most 100 numbers of alarms, as in telemetry.")


# --- the command ---


def test_the_command_tells_every_alarm_worst_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alarms"]) == 0
    said = capsys.readouterr().out
    for one in alarm_book().values():
        assert f"{one.alarm.id:4} {one.alarm.priority.upper():7} {one.alarm.text}" in said
        assert one.act in said
    assert said.index("HIGH") < said.index("MEDIUM") < said.index("LOW")
    assert "high     10 pulses in 3.30 s, every 4 s after its end" in said


def test_the_command_tells_it_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alarms", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["id"] for one in told["alarms"]} == set(alarm_book())
    assert told["sounds"]["medium"]["pulses"] == 3


def test_the_command_writes_the_sounds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alarms", "--out", str(tmp_path / "sounds")]) == 0
    assert capsys.readouterr().out.count(".wav") == 4
    assert (tmp_path / "sounds" / "high.wav").stat().st_size > 100_000


def test_without_a_player_nothing_is_played(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert main(["alarms", "--play", "high"]) == 2
    assert "pw-play, paplay, aplay" in capsys.readouterr().err


def test_the_command_tells_the_log_and_that_it_was_altered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "table" / "alarms.jsonl"
    assert main(["alarms", "--log", "--data", str(tmp_path)]) == 2
    table = Table(path)
    table.hear(STOP.bit, 1.0)
    table.desk.acknowledge(2.0, "Ada", None, "")
    table.desk.close()
    Table(path).cut_off()
    capsys.readouterr()
    assert main(["alarms", "--log", "--data", str(tmp_path), "--last", "3"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 3
    assert "raised" in said[0]
    assert "PATIENT STOP – releasing  force 299 N, prescribed 300 N, limit 411 N" in said[0]
    assert said[1].endswith("by Ada")
    path.write_bytes(altered(path.read_bytes()))
    assert main(["alarms", "--log", "--data", str(tmp_path)]) == 5
    assert "The log is not whole: line 2" in capsys.readouterr().err
    assert not verify(path).whole
