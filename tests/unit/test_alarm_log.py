"""The log of alarms outlives the power, a full disk and a torn line; it never holds up whoever writes into it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from opentraction.quantities.vocabulary import ALARMS
from opentraction.session.alarm_desk import AlarmDesk
from opentraction.session.alarm_log import AlarmLog, left_by
from opentraction.session.log_chain import verify
from opentraction.session.rows import LIMIT, MEASURED, N_COLUMNS, PHASE, PRESCRIBED

BY_ID = {alarm.id: alarm for alarm in ALARMS}
STOP, ABOVE, REMOTE = BY_ID["A1"], BY_ID["A4"], BY_ID["A14"]
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
PATIENCE = 5.0


def row() -> Any:
    made = np.full(N_COLUMNS, np.nan)
    made[[PRESCRIBED, MEASURED, LIMIT, PHASE]] = 300.0, 298.7654321, 411.0, 6
    return made


class Table:
    """A table process that begins, hears and dies."""

    def __init__(self, path: Path, civil: datetime = NOON) -> None:
        self.civil = civil
        self.log = AlarmLog(path)
        self.left = self.log.open(civil)
        self.desk = AlarmDesk(self.log, lambda: self.civil)

    def hear(self, bits: int, t: float) -> None:
        self.desk.hear(bits, t, row(), "session-1")

    def cut_off(self) -> None:
        """The power goes, a moment after what was heard; nobody says goodbye."""
        assert self.log.flush(PATIENCE)
        self.log.close()

    def shown(self) -> dict[str, tuple[str, int]]:
        return {s.alarm.id: (s.state, s.number) for s in self.desk.board.standing()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table" / "alarms.jsonl"


def lines(path: Path) -> list[dict[str, Any]]:
    report = verify(path)
    assert report.whole
    return report.documents


def test_what_happened_is_written_with_what_was_measured_and_by_whom(path: Path) -> None:
    table = Table(path)
    table.hear(STOP.bit, 1.0)
    table.desk.pause_sound(2.0, "Ada", "session-1")
    assert table.desk.acknowledge(3.0, "Ben", None, "session-1") == ["A1"]
    table.hear(0, 4.0)
    table.desk.close()
    told = lines(path)
    assert [line["doc"] for line in told] == [
        "started", "raised", "sound paused", "acknowledged", "sound on", "over", "left", "ended",
    ]  # fmt: skip
    raised = told[1]
    assert (raised["id"], raised["number"], raised["priority"], raised["session"]) == ("A1", 1, "high", "session-1")
    assert (raised["force_n"], raised["prescribed_n"], raised["limit_n"]) == (298.7654, 300.0, 411.0)
    assert raised["phase"] == "hold"
    assert raised["utc"] == "2026-03-04T12:00:00.000+00:00"
    assert "guard_force_n" not in raised, "what is not known is not written"
    assert (told[2]["by"], told[3]["by"]) == ("Ada", "Ben")
    assert told[0]["settings"]["delays_s"]["A4"] == [0.3, 0.5]
    assert told[0]["settings"]["longest_pause_s"] == 120.0


def test_what_nobody_has_seen_stands_after_a_power_loss_as_old_as_it_is(path: Path) -> None:
    table = Table(path)
    table.hear(STOP.bit, 1.0)
    table.hear(STOP.bit | REMOTE.bit, 2.0)
    table.cut_off()
    again = Table(path, NOON + timedelta(minutes=5))
    assert not again.left.ended
    again.hear(0, 0.5)
    assert again.shown() == {"A1": ("latched", 1)}
    assert again.desk.board.standing()[0].since == pytest.approx(0.5 - 300.0)
    again.hear(STOP.bit, 1.0)
    assert again.shown() == {"A1": ("active", 3)}, "numbers go on: a page that shows the first silences no other"
    again.cut_off()
    assert [line["cut_off"] for line in lines(path) if line["doc"] == "started"] == [False, True]


def test_what_was_acknowledged_does_not_come_back(path: Path) -> None:
    table = Table(path)
    table.hear(STOP.bit, 1.0)
    table.desk.acknowledge(2.0, "Ada", None, "")
    table.desk.close()
    again = Table(path)
    again.hear(0, 0.0)
    assert (again.shown(), again.left.ended) == ({}, True)
    again.cut_off()


def test_a_clock_that_was_set_back_makes_nothing_younger_than_now(path: Path) -> None:
    table = Table(path)
    table.hear(STOP.bit, 1.0)
    table.cut_off()
    again = Table(path, NOON - timedelta(days=300))
    again.hear(0, 0.0)
    assert again.desk.board.standing()[0].since == 0.0
    again.cut_off()


@pytest.mark.parametrize("cut", [1, 7, 60])
def test_half_a_line_at_the_end_goes_and_the_rest_counts(path: Path, cut: int) -> None:
    table = Table(path)
    table.hear(STOP.bit, 1.0)
    table.hear(0, 2.0)
    table.cut_off()
    path.write_bytes(path.read_bytes()[:-cut])
    again = Table(path)
    again.hear(0, 0.0)
    assert (again.shown(), again.left.broken) == ({"A1": ("latched", 1)}, "")
    again.cut_off()
    assert [line["doc"] for line in lines(path)] == ["started", "raised", "started"]


def test_nothing_but_half_a_line_is_begun_anew(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"doc":"star')
    table = Table(path)
    table.hear(0, 0.0)
    table.cut_off()
    assert [line["doc"] for line in lines(path)] == ["started"]


def altered(raw: bytes) -> bytes:
    first, second, *rest = raw.splitlines(keepends=True)
    return b"".join([first, second.replace(b'"priority":"high"', b'"priority":"low"'), *rest])


@pytest.mark.parametrize(
    "spoil", [altered, lambda raw: b"\x00\xff\n" * 50, lambda raw: b"".join(raw.splitlines(True)[1:])]
)
def test_a_log_that_cannot_be_believed_is_put_aside_and_said(path: Path, spoil: Callable[[bytes], bytes]) -> None:
    table = Table(path)
    table.hear(STOP.bit, 1.0)
    table.hear(0, 2.0)
    table.cut_off()
    spoilt = spoil(path.read_bytes())
    path.write_bytes(spoilt)
    again = Table(path)
    assert again.left.broken.startswith("line ")
    again.hear(0, 0.0)
    again.cut_off()
    assert [line["doc"] for line in lines(path)] == ["started"]
    assert [one.read_bytes() for one in path.parent.glob("alarms.jsonl.*")] == [spoilt]


def test_a_large_log_is_kept_beside_a_new_one_that_goes_on_with_what_stands(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Table(path)
    table.hear(STOP.bit, 1.0)
    table.cut_off()
    monkeypatch.setattr("opentraction.session.alarm_log.LARGEST", 100)
    Table(path).cut_off()
    monkeypatch.undo()
    assert len(list(path.parent.glob("alarms.until-*.jsonl"))) == 1
    third = Table(path)
    third.hear(0, 0.0)
    assert third.shown() == {"A1": ("latched", 1)}
    third.cut_off()


def full(*_: object) -> int:
    raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_waited_for_and_nothing_is_lost(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opentraction.session.alarm_log.AGAIN_S", 0.01)
    table = Table(path)
    table.hear(0, 0.0)
    assert table.log.flush(PATIENCE)
    with monkeypatch.context() as disk:
        disk.setattr(os, "pwrite", full)
        for n in range(1, 40):
            table.hear(STOP.bit if n % 2 else 0, float(n))
        assert not table.log.flush(0.2)
        assert table.log.trouble == "Not recording: alarms cannot be written (No space left on device)."
    table.cut_off()
    assert table.log.trouble == ""
    told = lines(path)
    assert sum(line["doc"] == "raised" for line in told) == 20
    assert [line["t"] for line in told if "t" in line] == sorted(line["t"] for line in told if "t" in line)


def test_a_disk_that_fails_to_sync_is_never_called_safe_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table(path)
    table.hear(0, 0.0)
    assert table.log.flush(PATIENCE)
    with monkeypatch.context() as disk:
        disk.setattr(os, "fdatasync", full)
        table.hear(STOP.bit, 1.0)
        assert table.log.flush(PATIENCE)
    table.hear(0, 2.0)
    assert table.log.flush(PATIENCE)
    assert "may not have reached the disk" in table.log.trouble
    table.log.close()


def test_a_disk_that_hangs_holds_up_nobody(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck, real = threading.Event(), os.pwrite

    def hangs(*words: Any) -> int:
        stuck.wait(PATIENCE)
        return real(*words)

    monkeypatch.setattr(os, "pwrite", hangs)
    monkeypatch.setattr("opentraction.session.alarm_log.MOST_WAITING", 50)
    table = Table(path)
    for n in range(200):
        table.hear(STOP.bit if n % 2 else 0, float(n))
    assert table.shown()["A1"][0] == "active"
    assert not table.log.flush(0.0)
    stuck.set()
    table.cut_off()
    assert {line["doc"] for line in lines(path)} >= {"raised", "missed"}


def test_a_folder_that_cannot_be_written_is_trouble_and_no_exception(tmp_path: Path) -> None:
    (tmp_path / "table").write_text("a file where the folder should be")
    table = Table(tmp_path / "table" / "alarms.jsonl")
    table.hear(STOP.bit, 1.0)
    table.log.flush(0.3)
    assert table.log.trouble.startswith("Not recording: alarms cannot be written")
    table.log.close()


def test_without_a_path_nothing_is_kept() -> None:
    desk = AlarmDesk(AlarmLog(), lambda: NOON)
    desk.hear(STOP.bit, 1.0, row(), "")
    desk.close()
    assert left_by([]).ended


def test_every_line_is_plain_json(path: Path) -> None:
    table = Table(path)
    table.hear(STOP.bit | ABOVE.bit, 1.0)
    table.desk.close()
    assert all(json.loads(line) for line in path.read_text("utf-8").splitlines())
