"""The drill: data, backup, restore, and the same again; a backup that is torn, altered or killed is none."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

DJANGO = ("-m", "django")


def process(data: Path, *words: str, url: str = "") -> subprocess.Popen[str]:
    more = {"OPENTRACTION_DATA": str(data), "OPENTRACTION_DATABASE_URL": url, "PYTHONPATH": "src"}
    more["DJANGO_SETTINGS_MODULE"] = "opentraction.app.settings"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, *words], env=os.environ | more, **pipes)  # type: ignore[call-overload,no-any-return]


def ended(data: Path, *words: str, url: str = "", code: int = 0) -> str:
    one = process(data, *words, url=url)
    out, err = one.communicate(timeout=300)
    assert one.returncode == code, err
    return str(out if code == 0 else err)


def command(data: Path, *words: str, url: str = "", code: int = 0) -> str:
    return ended(data, "-m", "opentraction", *words, url=url, code=code)


WHOLE = """
import django; django.setup()
from opentraction.clinic.models import Patient
from opentraction.clinic.records.export import export_patient
from opentraction.clinic.records.spelling import line
from opentraction.clinic.records.whole import export_whole
import hashlib, json
own = b"".join(line(export_patient(one)) for one in Patient.objects.order_by("pk"))
whole = export_whole()
acts = whole.counts.pop("clinic.AuditRow")
print(json.dumps({"patients": hashlib.sha256(own).hexdigest(), "counts": whole.counts, "acts": acts}))
"""


def told(data: Path, url: str = "") -> dict[str, object]:
    said = json.loads(ended(data, "-c", WHOLE, url=url))
    assert isinstance(said, dict)
    return said


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo clinic, with a recording and a lockout beside it."""
    data = tmp_path_factory.mktemp("clinics") / "clinic"
    data.mkdir()
    ended(data, *DJANGO, "migrate", "--verbosity", "0")
    ended(data, *DJANGO, "demo")
    (data / "recordings" / "one").mkdir(parents=True)
    (data / "recordings" / "one" / "session.edf").write_bytes(os.urandom(100_000))
    (data / "table").mkdir()
    (data / "table" / "lockouts.jsonl").write_text('{"doc":"begin"}\n')
    return data


@pytest.fixture(scope="module")
def backup(clinic: Path) -> Path:
    file = clinic.parent / "one.backup"
    command(clinic, "backup", "--data", str(clinic), "--out", str(file))
    return file


def test_the_drill(clinic: Path, backup: Path) -> None:
    """Each has one act behind what the backup holds: that it was made there, that it was restored here."""
    restored = clinic.parent / "restored"
    assert "Every hash is right" in command(restored, "restore", str(backup), "--data", str(restored))
    assert told(restored) == told(clinic)
    for name in ("recordings/one/session.edf", "table/lockouts.jsonl"):
        assert (restored / name).read_bytes() == (clinic / name).read_bytes()
    assert (restored / "secret-key").read_text() != (clinic / "secret-key").read_text()
    assert "whole" in command(restored, "audit", "check", "--data", str(restored))
    assert "new or empty" in command(restored, "restore", str(backup), "--data", str(restored), code=2)


def test_the_key_goes_along_when_asked_and_the_head_is_proved_with_it(clinic: Path) -> None:
    file, restored = clinic.parent / "key.backup", clinic.parent / "with-key"
    command(clinic, "backup", "--data", str(clinic), "--out", str(file), "--with-key")
    command(restored, "restore", str(file), "--data", str(restored))
    assert (restored / "secret-key").read_text() == (clinic / "secret-key").read_text()
    assert "whole" in command(restored, "audit", "check", "--data", str(restored))


@pytest.mark.parametrize("how", ["cut at 1/3", "cut at the end", "a byte early", "a byte late", "no backup"])
def test_torn_or_altered_is_refused_and_nothing_is_left(backup: Path, tmp_path: Path, how: str) -> None:
    said = bytearray(backup.read_bytes())
    if how.startswith("cut"):
        del said[len(said) // 3 if "3" in how else -5 :]
    elif how.startswith("a byte"):
        said[1000 if "early" in how else -3] ^= 1
    else:
        said = bytearray(b"nothing")
    bad = tmp_path / "bad.backup"
    bad.write_bytes(said)
    assert "backup" in command(tmp_path, "restore", str(bad), "--data", str(tmp_path / "to"), code=2)
    assert [one.name for one in tmp_path.iterdir()] == ["bad.backup"]


def test_a_killed_backup_leaves_no_file_of_its_name(clinic: Path, tmp_path: Path) -> None:
    """Killed while it writes: seen by the file that has not got its name yet."""
    (clinic / "recordings" / "one" / "large.edf").write_bytes(os.urandom(40_000_000))
    try:
        one = process(clinic, "-m", "opentraction", "backup", "--data", str(clinic), "--out", str(tmp_path / "b"))
        end = time.monotonic() + 60
        while not any(path.stat().st_size > 1_000_000 for path in tmp_path.glob(".b.*.part")):
            assert time.monotonic() < end
            assert one.poll() is None
            time.sleep(0.005)
        one.send_signal(signal.SIGKILL)
        one.communicate()
    finally:
        (clinic / "recordings" / "one" / "large.edf").unlink()
    assert not (tmp_path / "b").exists()
    command(clinic, "backup", "--data", str(clinic), "--out", str(tmp_path / "b"))
    assert (tmp_path / "b").stat().st_size > 100_000


def test_a_running_console_is_not_moved_from_under_itself(clinic: Path) -> None:
    from opentraction.app.held import hold

    held = hold(clinic)
    try:
        said = command(clinic, "move", "--data", str(clinic), "--to", "postgresql://nobody@127.0.0.1:9/none", code=2)
    finally:
        os.close(held)
    assert "running console" in said
    same = command(clinic, "move", "--data", str(clinic), "--to", "sqlite", code=2)
    assert "another database" in same


@pytest.mark.skipif("not os.environ.get('OPENTRACTION_TEST_DATABASE_URL')", reason="needs scripts/with-postgres")
def test_there_and_back_between_sqlite_and_postgresql(clinic: Path) -> None:
    import psycopg

    server = os.environ["OPENTRACTION_TEST_DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as link:
        link.execute("CREATE DATABASE moved")
    url, before = server.rpartition("/")[0] + "/moved", told(clinic)
    command(clinic, "move", "--data", str(clinic), "--to", url)
    there = told(clinic, url)
    assert there == before | {"acts": int(str(before["acts"])) + 1}
    assert told(clinic) == before
    assert "whole" in command(clinic, "audit", "check", "--data", str(clinic))
    assert "in use" in command(clinic, "move", "--data", str(clinic), "--to", url, code=2)
    (clinic / "clinic.sqlite3").rename(clinic / "old.sqlite3")
    command(clinic, "move", "--data", str(clinic), "--to", "sqlite", url=url)
    assert told(clinic) == there | {"acts": int(str(there["acts"])) + 1}
    assert "whole" in command(clinic, "audit", "check", "--data", str(clinic))
