"""Threads beside the loop are served promptly, and the table's process stays in memory; both where it is granted."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from opentraction.app import in_memory
from opentraction.app.aside import in_thread
from opentraction.app.prompt import HELPERS
from opentraction.session.queued import QueuedRecorder

granted = pytest.mark.skipif(os.geteuid() != 0, reason="only root is granted this")


def priority() -> tuple[int, int]:
    return os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK, os.sched_getparam(0).sched_priority


class Tells:
    """A recorder that notes on which thread it is told."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def document(self, doc: object) -> None:
        self.heard.append(threading.current_thread().name)

    def rows(self, block: object) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self.heard.append(threading.current_thread().name)


@granted
def test_a_job_aside_is_served_promptly_and_nobody_else_for_it() -> None:
    before, done, found = priority(), threading.Event(), list[tuple[int, int]]()
    in_thread(lambda: (found.append(priority()), done.set())[1])
    assert done.wait(10)
    assert found == [(os.SCHED_FIFO, HELPERS)]
    assert priority() == before


def test_a_recorder_begins_as_it_is_told() -> None:
    inner, began = Tells(), list[str]()
    queue = QueuedRecorder(inner, begin=lambda: began.append(threading.current_thread().name))  # type: ignore[arg-type]
    queue.document({"doc": "note"})
    queue.close()
    assert began == ["recorder"]
    assert inner.heard == ["recorder"] * 2


def test_where_memory_is_limited_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_memory.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(in_memory.resource, "getrlimit", lambda _: (8 << 20, 8 << 20))
    monkeypatch.setattr(in_memory.ctypes, "CDLL", pytest.fail)
    assert not in_memory.stay_in_memory()


@granted
def test_the_tables_process_is_locked_in_memory(tmp_path: Path) -> None:
    from tests.table_client import TableClient, start_table

    process = start_table(tmp_path / "s", tmp_path)
    try:
        client = TableClient(tmp_path / "s")
        client.ask("hello")
        client.hear()
        status = Path(f"/proc/{process.pid}/status").read_text("ascii")
        locked, resident = (int(status.split(f"{name}:")[1].split()[0]) for name in ("VmLck", "VmRSS"))
        assert locked >= 0.9 * resident
        client.socket.close()
    finally:
        process.terminate()
        process.wait(30)
