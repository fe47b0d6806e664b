"""The book of refusals through the real command line: one sentence, exit code 2, and nothing written, whatever was
typed.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path

import pytest

from opentraction.app.cli import main
from tests.spec.test_bad_inputs import FILES, PATIENT, PATIENTS, PRESCRIPTION, PRESCRIPTIONS, _changed
from tests.table_client import ROOT

TREAT = ("treat", "rehearse")


class Desk:
    """A folder with a good prescription and a good patient, and a command line in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.plan = self.put("p.toml", PRESCRIPTION)
        self.patient = self.put("who.toml", PATIENT)
        self.out = folder / "out"

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def there(self) -> dict[str, bytes | None]:
        """Everything in the folder."""
        found = sorted(self.folder.rglob("*"))
        return {str(p.relative_to(self.folder)): p.read_bytes() if p.is_file() else None for p in found}

    def refused(self, *words: str | Path) -> str:
        """The sentence a command is refused with."""
        before = self.there()
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:
            code = int(end.code or 0)
        said = self.capsys.readouterr()
        assert code == 2, said
        assert said.out == ""
        assert self.there() == before, "nothing is written"
        return one_sentence(said.err)

    def command(self, name: str, *more: str | Path, plan: str | Path = "", patient: str | Path = "") -> list[str]:
        words = [name, plan or self.plan, "--patient", patient or self.patient]
        words += ["--out", self.out] if name == "treat" else []
        return [str(word) for word in [*words, *more]]


def one_sentence(said: str) -> str:
    assert said.startswith("opentraction: ")
    assert said.endswith(".\n")
    assert said.count("\n") == 1
    assert said.strip("\n").isprintable(), "no control characters reach the terminal"
    assert "Traceback" not in said
    return said


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def names(said: str, file: str, field: str, allowed: str) -> None:
    assert f"{file}: {field}" in said
    assert " = " in said or " is " in said
    assert allowed in said.split("; allowed: ", 1)[1]


@pytest.mark.parametrize("command", TREAT)
@pytest.mark.parametrize(("old", "new", "field", "allowed"), PRESCRIPTIONS)
def test_every_bad_prescription(command: str, old: str, new: str, field: str, allowed: str, desk: Desk) -> None:
    desk.put("p.toml", _changed(PRESCRIPTION, old, new))
    names(desk.refused(*desk.command(command)), "p.toml", field, allowed)


@pytest.mark.parametrize("command", TREAT)
@pytest.mark.parametrize(("old", "new", "field", "allowed"), PATIENTS)
def test_every_bad_patient(command: str, old: str, new: str, field: str, allowed: str, desk: Desk) -> None:
    desk.put("who.toml", _changed(PATIENT, old, new))
    names(desk.refused(*desk.command(command)), "who.toml", field, allowed)


@pytest.mark.parametrize("command", TREAT)
@pytest.mark.parametrize("role", ["plan", "patient"])
@pytest.mark.parametrize(("name", "content", "field", "allowed"), FILES, ids=[row[0] for row in FILES])
def test_every_file_that_is_none(
    command: str, role: str, name: str, content: bytes, field: str, allowed: str, desk: Desk
) -> None:
    path = desk.put(name, content)
    names(desk.refused(*desk.command(command, **{role: path})), name, field, allowed)


@pytest.mark.parametrize("role", ["plan", "patient"])
def test_what_is_no_file_at_all(role: str, desk: Desk) -> None:
    (desk.folder / "a").mkdir()
    os.mkfifo(desk.folder / "pipe")
    (desk.folder / "loop").symlink_to("loop")
    for path in (desk.folder / "a", desk.folder / "none.toml", desk.folder / "loop", "/dev/zero", "a\0b", "x" * 300):
        said = desk.refused(*desk.command("rehearse", **{role: path}))
        assert "allowed: " in said
    (desk.folder / "pipe").unlink()


def test_files_that_changed_places(desk: Desk) -> None:
    names(desk.refused(*desk.command("treat", plan=desk.patient, patient=desk.plan)), "p.toml", "name", "patient, body")


ARGUMENTS = {
    "event that is none": (["--event", "10s:earthquake"], "sneeze, spasm, or change=FILE"),
    "event without time": (["--event", "patient-stop"], "--event"),
    "event without a unit": (["--event", "10:cough"], "a time in s, min, h"),
    "event of NaN": (["--event", "nan s:cough"], "such as"),
    "event before the start": (["--event=-5s:cough"], "0 s to 120 min"),
    "event next week": (["--event", "200h:cough"], "0 s to 120 min"),
    "event too strong": (["--event", "10s:cough:9000N"], "500 N"),
    "event of no force": (["--event", "10s:cough:0N"], "above 0"),
    "event in pounds of length": (["--event", "10s:shift:8lb"], "mm"),
    "event too long": (["--event", "10s:spasm:50N:2000s"], "60 s"),
    "event with too much": (["--event", "10s:spasm:50N:2s:more"], "--event"),
    "switch with a force": (["--event", "10s:patient-stop:50N"], "a switch has no strength"),
    "second event bad": (["--event", "10s:cough", "--event", ""], "--event"),
    "speed that is none": (["--speed", "fast"], "'max' or a number from 0.1 to 1000"),
    "speed of NaN": (["--speed", "nan"], "'max' or"),
    "speed of infinity": (["--speed", "inf"], "'max' or"),
    "speed of 0": (["--speed", "0"], "'max' or"),
    "speed backwards": (["--speed=-1"], "'max' or"),
    "seed in words": (["--seed", "one"], "a whole number from 0"),
    "seed of a half": (["--seed", "0.5"], "a whole number from 0"),
    "negative seed": (["--seed", "-1"], "a whole number from 0"),
    "endless seed": (["--seed", "9" * 5000], "a whole number from 0"),
    "session 0": (["--session", "0"], "a whole number from 1"),
    "session in words": (["--session", "first"], "a whole number from 1"),
    "session beyond the course": (["--session", "900"], "session"),
    "unknown option": (["--force", "300N"], "--force"),
    "option without value": (["--speed"], "--speed"),
}


@pytest.mark.parametrize("what", ARGUMENTS)
def test_every_bad_argument_of_treat(what: str, desk: Desk) -> None:
    desk.put("p.toml", PRESCRIPTION + '[course]\nsessions = 6\nhigh_last = "45 %BW"\n')
    more, word = ARGUMENTS[what]
    assert word in desk.refused(*desk.command("treat", *more))


def test_a_later_session_without_a_course(desk: Desk) -> None:
    for command in TREAT:
        said = desk.refused(*desk.command(command, "--session", "3"))
        assert "session = 3 cannot be used; allowed: 1, for this prescription has no [course]." in said


def test_out_folders_that_cannot_be_used(desk: Desk) -> None:
    file = desk.put("file", "mine")
    (desk.folder / "dangling").symlink_to("nowhere")
    (desk.folder / "used").mkdir()
    for out in (file, file / "sub", desk.folder / "dangling", desk.folder / "new" / ("x" * 300), "/proc/new"):
        said = desk.refused("treat", desk.plan, "--patient", desk.patient, "--out", out)
        assert "out = " in said
    for name in ("session.edf", "documents.jsonl", "summary.json", "report.pdf", "chart.svg"):
        held = desk.put(f"used/{name}", "precious")
        said = desk.refused("treat", desk.plan, "--patient", desk.patient, "--out", held.parent)
        assert f"this one holds {name}" in said
        held.unlink()


def test_a_disk_without_room_is_refused_before_anything_is_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opentraction.session.room.free_bytes.__code__", (lambda folder: 1_000_000).__code__)
    assert "1 MB are free" in desk.refused(*desk.command("treat"))


def test_rehearsals_that_cannot_be_said_or_drawn(desk: Desk) -> None:
    assert "lb" in desk.refused(*desk.command("rehearse", "--unit", "stone"))
    for svg in (desk.folder, desk.folder / "none" / "a.svg", "x" * 300):
        assert "--svg" in desk.refused(*desk.command("rehearse", "--svg", svg))


@pytest.mark.parametrize("words", [["dance"], ["treat"], ["treat", "p.toml"], ["report"], ["recover"], ["table"]])
def test_command_lines_that_are_none(words: list[str], desk: Desk) -> None:
    assert "--help" in desk.refused(*words)


RUN = {
    "port in words": (["--port", "http"], "--port"),
    "port 0": (["--port", "0"], "1 to 65535"),
    "port beyond": (["--port", "70000"], "1 to 65535"),
    "negative seed": (["--seed", "-1"], "--seed"),
    "data is a file": (["--data", "p.toml"], "--data"),
}


@pytest.mark.parametrize("what", RUN)
def test_every_bad_argument_of_run(what: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.folder)
    more, word = RUN[what]
    assert word in desk.refused("run", *more)


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "inf", "1000", "fast", ""])
def test_the_table_process_refuses_a_mad_speed(speed: str, desk: Desk) -> None:
    words = ["table", "--socket", desk.folder / "s", "--data", desk.folder, f"--speed={speed}"]
    assert "a number from 0.1 to 20" in desk.refused(*words)


SHELL = {
    "a bad unit": ("p.toml", 'high = "40 %BW"', 'high = "75"', "forces.high"),
    "pounds typed as kilograms": ("who.toml", 'mass = "70 kg"', 'mass = "154 kg"', "pounds meant"),
    "an unknown key": ("p.toml", 'couch = "split"', 'sofa = "split"', "sofa"),
}


def in_a_shell(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")}
    command: Sequence[str] = [sys.executable, "-m", "opentraction", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("what", SHELL)
def test_from_a_real_shell(what: str, desk: Desk) -> None:
    name, old, new, field = SHELL[what]
    desk.put(name, _changed(PRESCRIPTION if name == "p.toml" else PATIENT, old, new))
    before = desk.there()
    done = in_a_shell(desk.folder, "treat", "p.toml", "--patient", "who.toml", "--out", "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert field in one_sentence(done.stderr)
    assert desk.there() == before


def _is_private(folder: Path) -> bool:
    """Below the folder of all temporary files, which belongs to everybody."""
    return not folder.stat().st_mode & stat.S_ISVTX and folder != folder.parent


@contextlib.contextmanager
def somebody_else(desk: Desk) -> Iterator[None]:
    """Not the owner of the machine, whom nothing is forbidden; for one command."""
    root = os.geteuid() == 0
    if root:
        for folder in takewhile(_is_private, [desk.folder, *desk.folder.parents]):
            folder.chmod(0o755)
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_file_that_may_not_be_read_and_a_folder_that_may_not_be_written(desk: Desk) -> None:
    words = desk.command("treat")
    codecs.lookup("utf-8-sig")  # whom the machine belongs to may be the only one to read Python's own files
    desk.plan.chmod(0)
    with somebody_else(desk):
        assert main(words) == 2
    assert "p.toml: file is not readable (Permission denied); allowed: " in one_sentence(desk.capsys.readouterr().err)
    desk.plan.chmod(0o644)
    desk.folder.chmod(0o555)
    with somebody_else(desk):
        assert main(words) == 2
    desk.folder.chmod(0o755)
    said = one_sentence(desk.capsys.readouterr().err)
    assert "--out = " in said
    assert "a folder that can be written (Permission denied)" in said
    assert not desk.out.exists()
