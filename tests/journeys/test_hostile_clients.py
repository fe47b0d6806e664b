"""A real table process under hostile clients: nothing ends the pull, locks out a stop or takes a binding away."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from opentraction.app.plans import read_plan
from tests.clearing import binding_of
from tests.journeys.clinic_process import Clinic
from tests.table_client import ROOT, TableClient, start_table

PATIENT = ROOT / "examples" / "patient.toml"


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "s"
    process = start_table(path, tmp_path)
    yield path
    process.terminate()
    assert process.wait(15) == 0


def raw(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.connect(str(path))
    connection.settimeout(2.0)
    return connection


def pulling(path: Path) -> TableClient:
    client = TableClient(path)
    client.prepare("vax-d-1997", PATIENT, "hostile-1")
    assert client.ask("start", operator="test")["ok"]
    client.until("pretension")
    return client


@pytest.mark.parametrize(
    "message",
    [
        b'{"id": NaN, "do": "lease"}',
        b'{"id": 1e999, "do": "lease"}',
        b'{"id": [1], "do": "lease"}',
        b'{"id": 1, "do": "simulate", "what": "cough", "duration_s": 0}',
        b'{"id": 1, "do": "simulate", "what": "cough", "force_n": -1e5}',
        b"\xff\xfe\x00",
        b"[" * 100000,
    ],
)
def test_no_message_ends_the_pull(message: bytes, line: Path) -> None:
    client = pulling(line)
    attacker = raw(line)
    attacker.send(message)
    for _ in range(30):
        client.hear()
    assert client.ask("lease")["ok"]
    assert client.telemetry["phase"] == "pretension"
    attacker.close()
    client.close()


def flood(connection: socket.socket, count: int) -> None:
    for number in range(count):
        connection.send(json.dumps({"id": number, "do": "pause"}).encode())


def test_a_flood_costs_the_flooder_its_line_and_nobody_else(line: Path) -> None:
    client = pulling(line)
    attacker = raw(line)
    with pytest.raises(OSError, match=r"(?i)pipe|reset|connect"):
        flood(attacker, 5000)
    assert client.ask("lease")["ok"]
    attacker.close()
    client.close()


def test_idle_connections_do_not_lock_out_a_stop(line: Path) -> None:
    client = pulling(line)
    assert client.ask("hello", client="test")["ok"]
    idle = [raw(line) for _ in range(30)]
    late = TableClient(line)
    assert late.ask("stop", operator="anyone")["ok"]
    late.until("safe")
    assert client.ask("lease")["ok"], "a console that said hello keeps its line"
    for connection in idle:
        connection.close()
    late.close()
    client.close()


def test_a_refused_binding_leaves_the_one_there_is(line: Path) -> None:
    client = TableClient(line)
    client.prepare("vax-d-1997", PATIENT, "hostile-2")
    plan, person = read_plan("vax-d-1997", PATIENT, 1)
    binding = binding_of(plan, person)
    (line.parent / "recordings" / "hostile-3").mkdir()
    (line.parent / "recordings" / "hostile-3" / "documents.jsonl").touch()
    refused = client.ask("bind", session="hostile-3", operator="test", **binding)
    assert not refused["ok"]
    client.hear()
    while "telemetry" not in client.hear():
        pass
    assert client.telemetry["bound"]["session"] == "hostile-2"
    client.close()


def test_a_file_is_never_taken_for_an_old_socket(tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("keep me")
    command = [sys.executable, "-m", "opentraction", "table", "--socket", str(precious), "--data", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=20)
    assert ended.returncode == 2
    assert "nothing but an old socket" in ended.stderr
    assert precious.read_text() == "keep me"


def test_requests_one_after_another_on_a_kept_line_have_nothing_of_each_other(clinic: Clinic) -> None:
    """A page, then what lives on the loop, sent together: the server begins the second inside the first."""
    asked = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{clinic.port}\r\n\r\n" for path in ("/sign-in", "/table/history")]
    with socket.create_connection(("127.0.0.1", clinic.port), timeout=20) as line:
        line.sendall("".join(asked * 3).encode())
        got = b""
        while got.count(b"HTTP/1.1 ") < 6:
            piece = line.recv(1 << 16)
            assert piece, "the server closed the line"
            got += piece
    statuses = [int(one.split()[0]) for one in got.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [200, 302] * 3
