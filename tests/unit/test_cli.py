"""The command line: help for every command, one sentence for bad input, exit codes that say how it ended."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

from opentraction import __version__
from opentraction.app.cli import main
from opentraction.app.speed import times_real_time
from opentraction.prescription.words import spoken
from opentraction.quantities.units import FACTORS
from tests.short import SHORT
from tests.table_client import ROOT

PATIENT = str(Path(__file__).parents[2] / "examples" / "patient.toml")
COMMANDS = ("run", "treat", "rehearse", "protocols", "recover", "report", "user", "table")


@pytest.fixture
def short(tmp_path: Path) -> str:
    file = tmp_path / "short.toml"
    file.write_text(SHORT, "utf-8")
    return str(file)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith(f"usage: opentraction {command}")
    assert "\nExit codes: 0 " in told
    assert "\nexample:\n  opentraction " in told


def test_the_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    told = capsys.readouterr().out
    assert all(f"\n    {command}" in told or f"\n  {command}" in told for command in COMMANDS)


def test_it_knows_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out.strip() == f"opentraction {__version__}"


BAD = {
    "no such file": {"prescription": "nowhere.toml"},
    "no such protocol": {"prescription": "vax-e"},
    "no such patient": {"patient": "nobody.toml"},
    "event that is none": {"more": ["--event", "10s:earthquake"]},
    "event without a unit": {"more": ["--event", "10:cough"]},
    "speed that is none": {"more": ["--speed", "fast"]},
    "speed of NaN": {"more": ["--speed", "nan"]},
    "speed of 0": {"more": ["--speed", "0"]},
    "session beyond the course": {"more": ["--session", "999"]},
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_one_sentence_and_writes_nothing(
    what: str, short: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = BAD[what]
    out = tmp_path / "out"
    words = [str(bad.get("prescription", short)), "--patient", str(bad.get("patient", PATIENT)), "--out", str(out)]
    assert main(["treat", *words, *bad.get("more", [])]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("opentraction: ")
    assert said.err.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize("words", [["treat"], ["treat", "x", "--seed", "one"], ["dance"], ["report"]])
def test_a_wrong_command_line_exits_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("opentraction: ")
    assert said.endswith("--help.\n")
    assert said.count("\n") == 1


def test_a_recording_is_never_written_over(short: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "session.edf").write_bytes(b"precious")
    assert main(["treat", short, "--patient", PATIENT, "--out", str(tmp_path)]) == 2
    assert "holds no recording yet" in capsys.readouterr().err
    assert (tmp_path / "session.edf").read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("event", "code", "ending"),
    [
        ("20s:cough:60N", 0, "completed"),
        ("20s:patient-stop", 3, "patient stop"),
        ("20s:clinician-stop", 3, "clinician stop"),
        ("20s:cable-break", 5, "fault, cable or harness loose"),
        ("20s:power-loss", 5, "fault, power lost"),
    ],
)
def test_the_exit_code_says_how_it_ended(
    event: str, code: int, ending: str, short: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = ["treat", short, "--patient", PATIENT, "--out", str(out), "--event", event, "--no-report"]
    assert main(words) == code
    assert f"Ending: {ending}." in capsys.readouterr().out
    assert {file.name for file in out.iterdir()} == {"session.edf", "documents.jsonl", "summary.json", "chart.svg"}
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert ending in {summary["ending"], f"{summary['ending']}, {summary['cause']}"}


def test_what_a_bound_forbids_is_not_permitted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    strong = tmp_path / "strong.toml"
    strong.write_text(SHORT.replace("150 N", "900 N"), "utf-8")
    out = tmp_path / "out"
    assert main(["treat", str(strong), "--patient", PATIENT, "--out", str(out)]) in {2, 4}
    assert "ceiling" in capsys.readouterr().err
    assert not out.exists()


def test_a_table_that_may_not_start_exits_4(
    short: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The remote is never pressed, so the stop test is missing and the start is refused."""
    monkeypatch.setattr("opentraction.twin.treatment.PRESSED", 10**7)
    out = tmp_path / "out"
    assert main(["treat", short, "--patient", PATIENT, "--out", str(out), "--no-report"]) == 4
    assert "Not started" in capsys.readouterr().out


INTERRUPTED = """
import os, signal, sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "opentraction.quantities":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Finder())
from opentraction.app.cli import main
sys.exit(main(["protocols"]))
"""


def test_ctrl_c_while_it_is_being_read_in_is_one_line() -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "opentraction: interrupted\n")


def test_protocols_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["protocols"]) == 0
    assert "vax-d-1997" in capsys.readouterr().out


def test_recover_sums_up_what_it_closed_and_only_once(
    short: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    main(["treat", short, "--patient", PATIENT, "--out", str(out), "--no-report"])
    whole = json.loads((out / "summary.json").read_text("utf-8"))
    (out / "summary.json").unlink()
    log = out / "documents.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))  # as if killed before the stop
    capsys.readouterr()
    assert main(["recover", str(out)]) == 0
    assert "summary.json" in capsys.readouterr().out
    told = json.loads((out / "summary.json").read_text("utf-8"))
    assert (told["ending"], told["cause"], told["trace_sha256"]) == (
        "interrupted",
        "the program ended before the session was closed",
        None,
    )
    assert told.keys() == whole.keys()
    assert told["peak_force_n"] == pytest.approx(whole["peak_force_n"], abs=0.05)
    assert main(["recover", str(out)]) == 0
    assert capsys.readouterr().out.strip().endswith("already closed, nothing changed.")


@pytest.mark.parametrize(("command", "unit"), [("rehearse", "lb"), ("report", "N")])
def test_the_help_lists_the_force_units(command: str, unit: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert f"lb, kgf, N, kN or daN (default: as the prescription was written, else {unit})" in told


@pytest.mark.parametrize(
    ("high", "said"),
    [
        ("150 N", "Pull 2 times to 150 N, "),
        ("34 lbf", "Pull 2 times to 34.0 lb (151 N), "),
        ("min(15 kgf, 90 lb)", "Pull 2 times to 15.0 kgf (147 N), "),
        ("22 %BW", "Pull 2 times to 34.0 lb (151 N), "),
    ],
)
def test_rehearse_speaks_the_unit_that_was_written(
    high: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "p.toml"
    file.write_text(SHORT.replace("150 N", high), "utf-8")
    assert main(["rehearse", str(file), "--patient", PATIENT]) == 0
    told = capsys.readouterr().out
    assert said in told
    assert ("In pounds: 33.7 lb at most, under a ceiling of 89.9 lb." in told) is (high == "150 N")
    assert main(["rehearse", str(file), "--patient", PATIENT, "--unit", "kgf"]) == 0
    assert " kgf (" in capsys.readouterr().out


def test_treat_and_report_speak_the_unit_that_was_written(tmp_path: Path) -> None:
    file, out = tmp_path / "p.toml", tmp_path / "out"
    file.write_text(SHORT.replace("150 N", "34 lb"), "utf-8")
    assert main(["treat", str(file), "--patient", PATIENT, "--out", str(out)]) == 0
    assert "force, lb<" in (out / "chart.svg").read_text("utf-8")
    again = tmp_path / "again.pdf"
    assert main(["report", str(out), "--out", str(again)]) == 0
    for pdf in (out / "report.pdf", again):
        said = " ".join(pypdf.PdfReader(pdf).pages[0].extract_text().split())
        assert " 89.9 lb (400 N) " in said
    assert main(["report", str(out), "--out", str(again), "--unit", "N"]) == 0
    assert " 400 N (90 lb) " in " ".join(pypdf.PdfReader(again).pages[0].extract_text().split())


@pytest.mark.parametrize("unit", ["N", "daN", "kN", "lb", "kgf"])
def test_every_unit_says_the_same_force(unit: str) -> None:
    """Rounding moves it by at most half a newton."""
    for newtons in (10.0, 25.0, 44.6, 300.0, 999.0):
        number, name = spoken(newtons, unit).split(" ")[:2]
        assert name == unit
        assert float(number) * FACTORS["force"][unit] == pytest.approx(newtons, abs=0.51)


@pytest.mark.parametrize(("high", "said"), [("34 lb", r"Peak 3\d\.\d lb \(15\d N\), "), ("150 N", r"Peak 15\d N, ")])
def test_treat_ends_in_the_unit_that_was_written(
    high: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "p.toml"
    file.write_text(SHORT.replace("150 N", high), "utf-8")
    words = ["treat", str(file), "--patient", PATIENT, "--out", str(tmp_path / "out"), "--no-report"]
    assert main(words) == 0
    assert re.search(said, capsys.readouterr().out)


@pytest.mark.parametrize(("command", "fastest"), [("treat", "1000"), ("table", "20")])
def test_the_help_says_which_speeds_are_taken(command: str, fastest: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert f"times real time, any number from 0.1 to {fastest}" in " ".join(capsys.readouterr().out.split())
    for speed in ("0.1", "7", "2.5", fastest):
        assert times_real_time(speed, float(fastest)) == float(speed)


@pytest.mark.parametrize("words", [["recover"], ["report"]])
def test_a_folder_without_a_recording_is_refused(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, str(tmp_path / "nothing")]) == 2
    assert capsys.readouterr().err.startswith("opentraction: ")


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "1000"])
def test_the_table_process_refuses_a_mad_speed(speed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", "--socket", str(tmp_path / "s"), "--data", str(tmp_path), f"--speed={speed}"]) == 2
    assert "--speed" in capsys.readouterr().err
