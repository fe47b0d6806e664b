"""`opentraction recover` and `report` on torn and damaged folders: one sentence, the right code, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from opentraction.app.cli import main
from opentraction.session.reader import read_session
from tests.readers import READERS
from tests.short import SHORT
from tests.table_client import ROOT

Pair = tuple[bytes | None, bytes | None]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """Waveforms and log of a whole treatment."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "short.toml").write_text(SHORT, "utf-8")
    words = [str(folder / "short.toml"), "--patient", str(ROOT / "examples" / "patient.toml"), "--out"]
    assert main(["treat", *words, str(folder / "out"), "--no-report"]) == 0
    return (folder / "out" / "session.edf").read_bytes(), (folder / "out" / "documents.jsonl").read_bytes()


def lines(log: bytes) -> list[bytes]:
    return log.splitlines(keepends=True)


def unclosed(log: bytes) -> bytes:
    return b"".join(lines(log)[:-1])


TORN: dict[str, tuple[Callable[[bytes, bytes], Pair], str]] = {
    "killed before the stop": (lambda e, d: (e, unclosed(d)), "added a stop document"),
    "torn last line": (lambda e, d: (e[:-100], unclosed(d)[:-7]), "cut a torn last line off"),
    "zeros after the log": (lambda e, d: (e, unclosed(d) + bytes(500)), "cut a torn last line off"),
    "cut in a second": (lambda e, d: (e[: len(e) // 2], unclosed(d)), "whole seconds"),
    "waveforms missing": (lambda _, d: (None, unclosed(d)), "began the waveform file anew"),
    "waveforms of no length": (lambda _, d: (b"", unclosed(d)), "began the waveform file anew"),
    "half a header": (lambda e, d: (e[:100], unclosed(d)), "began the waveform file anew"),
}
DAMAGED: dict[str, tuple[Callable[[bytes, bytes], Pair], str]] = {
    "log missing": (lambda e, _: (e, None), "No such file"),
    "log of no length": (lambda e, _: (e, b""), "a start document"),
    "log of zeros": (lambda e, d: (e, bytes(len(d))), "a start document"),
    "first line torn": (lambda e, d: (e, d[:50]), "a start document"),
    "garbage in the log": (lambda e, d: (e, d[:3000] + b"\x00\xff\x1b[2J" + d[3006:]), "documents.jsonl: line "),
    "a line dropped": (lambda e, d: (e, b"".join(lines(d)[:4] + lines(d)[5:])), "documents.jsonl: line 5"),
    "garbage for a header": (lambda e, d: (b"\xfe" * 256 + e[256:-50], unclosed(d)), "session.edf: header is damaged"),
    "garbage in a second": (lambda e, d: (e[:20000] + b"\xfe" * 9000 + e[29000:], unclosed(d)), "session.edf: second "),
    "waveforms of zeros": (lambda e, d: (bytes(len(e)), unclosed(d)), "session.edf: header is damaged"),
}


def put(folder: Path, pair: Pair) -> None:
    for name, content in zip(("session.edf", "documents.jsonl"), pair, strict=True):
        if content is not None:
            (folder / name).write_bytes(content)


def there(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("what", TORN)
def test_what_was_cut_off_is_closed(
    what: str, whole: tuple[bytes, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, word = TORN[what]
    put(tmp_path, make(*whole))
    events = whole[1].count(b'"doc":"event"')
    assert main(["recover", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert word in said.out.splitlines()[0]
    recording = read_session(tmp_path)
    assert recording.ending == "interrupted"
    assert len(recording.events) >= events - 1
    notes = {(round(event["t"], 6), f"{event['kind']}: {event['text']}") for event in recording.events}
    for reader in READERS.values():
        assert notes <= set(reader(tmp_path / "session.edf")[1])
    before = there(tmp_path)
    assert main(["recover", str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("already closed, nothing changed.\n")
    assert there(tmp_path) == before
    assert main(["report", str(tmp_path)]) == 0
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("command", ["recover", "report"])
@pytest.mark.parametrize("what", DAMAGED)
def test_what_is_damaged_is_refused_and_left_as_it_is(
    what: str, command: str, whole: tuple[bytes, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, word = DAMAGED[what]
    put(tmp_path, make(*whole))
    before = there(tmp_path)
    assert main([command, str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("opentraction: ")
    assert said.err.count("\n") == 1
    assert said.err.rstrip("\n").isprintable()
    assert word in said.err or command == "report"
    assert there(tmp_path) == before


@pytest.mark.parametrize("command", ["recover", "report"])
def test_a_closed_recording_is_left_as_it_is(
    command: str, whole: tuple[bytes, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, whole)
    assert main([command, str(tmp_path)]) == 0
    assert capsys.readouterr().err == ""
    assert there(tmp_path).items() >= {"session.edf": whole[0], "documents.jsonl": whole[1]}.items()


def test_a_report_that_cannot_be_written_or_said(
    whole: tuple[bytes, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, whole)
    before = there(tmp_path)
    for more in (["--out", str(tmp_path)], ["--out", str(tmp_path / "no" / "r.pdf")], ["--unit", "stone"]):
        assert main(["report", str(tmp_path), *more]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert there(tmp_path) == before


@pytest.mark.parametrize("command", ["recover", "report"])
def test_a_place_that_is_no_folder(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "odd" / "documents.jsonl").mkdir(parents=True)
    for place in (tmp_path, tmp_path / "none", tmp_path / "file", tmp_path / "odd", "x" * 300, "/dev/null"):
        assert main([command, str(place)]) == 2
        said = capsys.readouterr()
        assert said.err.startswith("opentraction: ")
        assert said.err.count("\n") == 1
