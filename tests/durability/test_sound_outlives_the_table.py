"""A table process that is killed under a pull: the sound goes on without it, until another table is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.journeys.clinic_process import eventually
from tests.table_client import ROOT, TableClient, start_table

PATIENT = ROOT / "examples" / "patient.toml"
PLAYER = '#!/bin/sh\nbasename "$2" >> "{heard}"\n'


def test_the_high_burst_sounds_until_another_table_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard, player = tmp_path / "heard", tmp_path / "aplay"
    player.write_text(PLAYER.format(heard=heard))
    player.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    table = start_table(tmp_path / "s", tmp_path, "--sound", "aplay")
    client = TableClient(tmp_path / "s")
    client.ask("hello")
    client.prepare("vax-d-1997", PATIENT, "session-12345678")
    assert client.ask("start", operator="Ada")["ok"]
    client.until("pretension")
    client.hear()
    assert client.telemetry["sound"] == {"by": "aplay", "trouble": None, "paused_s": None}
    before = heard.read_text().split()
    assert set(before) == {"medium.wav"}, "the remote that was not yet tested"
    eventually(lambda: client.hear() and client.telemetry["t"] > 1.0)
    table.kill()
    table.wait()
    eventually(lambda: heard.read_text().split() == [*before, "high.wav"])
    client.close()
    (tmp_path / "s").unlink()
    again = start_table(tmp_path / "s", tmp_path, "--sound", "aplay")
    again.terminate()
    assert again.wait(30) == 0
