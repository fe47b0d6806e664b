"""`opentraction run` whole: a dead console comes back, a hang-up or Ctrl-C ends everything within 5 s."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from opentraction.session.reader import read_session
from tests.table_client import ROOT, TableClient


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(parent: int) -> dict[str, int]:
    """Process numbers of table and console."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            above = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        if above == parent and b"table" in words:
            found["table"] = int(entry.name)
        elif above == parent and b"opentraction.app.console_process" in words:
            found["console"] = int(entry.name)
        elif above == parent and (beside := {b"bus", b"nodes", b"guard"} & set(words[3:4])):
            found[beside.pop().decode()] = int(entry.name)
    return found


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def started(data: Path, *more: str) -> subprocess.Popen[str]:
    """Everything up, the first time or again."""
    command = [sys.executable, "-m", "opentraction", "run", "--data", str(data), "--port", str(free_port()), *more]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    environment.pop("OPENTRACTION_DATA", None)
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = []
    while not any("Ctrl-C" in line for line in lines):
        line = process.stdout.readline()
        assert line, "it ended before it was up"
        lines.append(line)
    assert any("http://127.0.0.1:" in line for line in lines)
    assert any("Sign in as clinician" in line for line in lines)
    return process


def ended(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        process.wait(10)
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the first run leaves; each test goes on with a copy, for filling a clinic takes its time."""
    data = tmp_path_factory.mktemp("first") / "data"
    ended(started(data))
    return data


@pytest.fixture
def running(first_run: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    data = tmp_path / "data"
    shutil.copytree(first_run, data, ignore=shutil.ignore_patterns("*.socket"))
    process = started(data)
    yield process, data
    ended(process)


def pulling(data: Path) -> TableClient:
    client = TableClient(data / "table.socket")
    client.prepare("vax-d-1997", ROOT / "examples" / "patient.toml", "run-00001")
    assert client.ask("start", operator="test")["ok"]
    client.until("pretension")
    return client


def well(client: TableClient) -> bool:
    """Whether the table passes its power-on test now."""
    assert client.ask("self-test", operator="test")["ok"]
    client.telemetry["checks"] = {"testing": True}
    while client.telemetry["checks"]["testing"]:
        client.hear()
    return client.telemetry["checks"]["trouble"] is None


def test_names_and_birth_dates_are_their_owners_alone(running: tuple[subprocess.Popen[str], Path]) -> None:
    _, data = running
    files = {path.name: path.stat().st_mode & 0o777 for path in data.iterdir() if path.is_file()}
    assert {"clinic.sqlite3", "secret-key", "demo-password"} <= files.keys()
    assert set(files.values()) == {0o600}, files


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM], ids=["Ctrl-C", "hang-up", "terminate"])
def test_ending_it_releases_and_ends_every_process_within_5_s(
    how: signal.Signals, running: tuple[subprocess.Popen[str], Path]
) -> None:
    process, data = running
    kids = children(process.pid)
    client = pulling(data)
    began = time.monotonic()
    process.send_signal(how)
    assert process.wait(10) == 0
    assert time.monotonic() - began < 5.0
    assert not any(alive(pid) for pid in kids.values())
    client.close()
    log = (data / "recordings" / "run-00001" / "documents.jsonl").read_text()
    assert "program asked to end" in log
    assert '"ending":"interrupted"' in log


def test_a_console_that_dies_is_started_again_and_the_table_pulls_on(
    running: tuple[subprocess.Popen[str], Path],
) -> None:
    process, data = running
    client = pulling(data)
    before = children(process.pid)
    os.kill(before["console"], signal.SIGKILL)
    end = time.monotonic() + 15.0
    while children(process.pid).get("console", before["console"]) == before["console"]:
        assert time.monotonic() < end, "no new console within 15 s"
        client.hear()
    assert children(process.pid)["table"] == before["table"]
    assert client.telemetry["phase"] == "pretension"
    client.close()


def test_when_it_is_killed_the_table_releases_and_both_end_by_themselves(
    running: tuple[subprocess.Popen[str], Path],
) -> None:
    process, data = running
    kids = children(process.pid)
    assert kids.keys() == {"table", "console"}
    client = pulling(data)
    client.until("rise")
    while (client.telemetry["measured_n"] or 0.0) < 60.0:
        client.hear()
    process.kill()
    process.wait()
    with contextlib.suppress(ConnectionError):  # the table hangs up when it is done
        client.until("idle", timeout=12.0)
    client.close()
    end = time.monotonic() + 6.0
    while any(alive(pid) for pid in kids.values()):
        assert time.monotonic() < end, "a child outlived its parent"
        time.sleep(0.05)
    recording = read_session(data / "recordings" / "run-00001")
    assert (recording.ending, recording.stop["cause"]) == ("interrupted", "program asked to end")
    force = recording.rows["true_force"]
    assert force.max() > 60.0
    assert force[-1] <= 20.0
    assert (force[:-5] - force[5:]).max() / 0.025 <= 500.0, "released on a bounded ramp"
    assert not (data / "table.socket").exists()


@pytest.fixture
def on_the_bus(first_run: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    data = tmp_path / "data"
    shutil.copytree(first_run, data, ignore=shutil.ignore_patterns("*.socket"))
    process = started(data, "--table", "bus")
    yield process, data
    ended(process)


def test_on_a_bus_a_dead_guard_lets_go_and_comes_back_and_what_the_table_stands_on_ends_last(
    on_the_bus: tuple[subprocess.Popen[str], Path],
) -> None:
    process, data = on_the_bus
    kids = children(process.pid)
    assert kids.keys() == {"table", "console", "bus", "nodes", "guard"}
    client = pulling(data)
    assert client.telemetry["table"] == "simulated table on a bus"
    client.until("rise")
    os.kill(kids["guard"], signal.SIGKILL)
    client.until("safe")
    assert client.telemetry["cause"] in {"guard fell silent", "guard gave no permission"}
    assert client.ask("unbind", operator="test")["ok"]
    client.until("idle")
    end = time.monotonic() + 10.0
    while children(process.pid).get("guard", kids["guard"]) == kids["guard"] or not well(client):
        assert time.monotonic() < end + 10.0, "no new guard on the bus"
    client.prepare("vax-d-1997", ROOT / "examples" / "patient.toml", "run-00002")
    assert client.ask("start", operator="test")["ok"]
    client.until("rise")
    kids = children(process.pid)
    process.kill()
    process.wait()
    with contextlib.suppress(ConnectionError):
        client.until("idle", timeout=12.0)
    client.close()
    end = time.monotonic() + 6.0
    while any(alive(pid) for pid in kids.values()):
        assert time.monotonic() < end, "a child outlived its parent"
        time.sleep(0.05)
    assert read_session(data / "recordings" / "run-00002").stop["cause"] == "program asked to end"
