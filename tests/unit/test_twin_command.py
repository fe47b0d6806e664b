"""`opentraction twin` at the command line: fits, predicts, draws, and refuses in one sentence."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from opentraction.app.cli import main
from opentraction.twin.own.file import read_fit
from tests.own_people import TEXT

PATIENT = '[patient]\npseudonym = "017"\n[body]\nmass = "70 kg"\nstature = "1.76 m"\nage = "54 y"\nsex = "male"\n'


def treated(
    folder: Path,
    name: str,
    *more: str,
    couch: str = "split",
    high: str = "250 N",
    length: str = "5 min",
    angle: str = "0 deg",
) -> Path:
    """A recording of the same simulated person."""
    text = TEXT.format(region="lumbar", couch=couch, high=high, length=length)
    text = text.replace("[session]", f'angle = "{angle}"\n[session]')
    (folder / f"{name}.toml").write_text(text, "utf-8")
    (folder / "who.toml").write_text(PATIENT, "utf-8")
    words = ["treat", f"{folder / name}.toml", "--patient", str(folder / "who.toml"), "--out", str(folder / name)]
    main([*words, "--seed", "7", "--no-report", *more])
    return folder / name


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sessions and a fit of the first."""
    folder = tmp_path_factory.mktemp("twin")
    treated(folder, "monday")
    treated(folder, "friday", high="290 N")
    assert main(["twin", "fit", str(folder / "monday"), "--json", str(folder / "fit.json"), "--draws", "30"]) == 0
    return folder


def refused(capsys: pytest.CaptureFixture[str], *words: object, code: int = 2) -> str:
    capsys.readouterr()
    assert main([str(word) for word in words]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_the_fit_is_kept_with_bands_in_their_units(desk: Path) -> None:
    kept = json.loads((desk / "fit.json").read_text("utf-8"))
    stiffness = kept["parameters"]["stiffness"]
    assert stiffness["unit"] == "N/mm"
    assert 0.5 < stiffness["p5"] < stiffness["median"] < stiffness["p95"] < 20.0
    assert len(kept["draws"]) == 30
    assert len(kept["draws"][0]) == len(kept["names"])


def test_the_next_session_is_predicted_drawn_and_close(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture, out = desk / "friday.svg", desk / "friday.json"
    words = ["twin", "predict", desk / "fit.json", "--recording", desk / "friday", "--picture", picture, "--json", out]
    assert main([str(word) for word in [*words, "--persons", 6]]) == 0
    assert "of moments inside the 90 % band" in capsys.readouterr().out
    drawn = ElementTree.fromstring(picture.read_text("utf-8"))
    assert drawn.tag.endswith("svg")
    words_ = "".join(drawn.itertext())
    assert "predicted" in words_
    assert "recorded" in words_
    told = json.loads(out.read_text("utf-8"))
    assert len(told["t_s"]) == len(told["travel_m"]["median"])
    assert told["compared"]["worst_hold"] < 0.05


def test_a_hold_farther_off_than_five_percent_has_its_own_exit_code(desk: Path) -> None:
    kept = json.loads((desk / "fit.json").read_text("utf-8"))
    soft = kept["names"].index("thorax.stiffness")
    for row in kept["draws"]:
        row[soft] -= 3.0
    (desk / "other.json").write_text(json.dumps(kept), "utf-8")
    words = ["twin", "predict", str(desk / "other.json"), "--recording", str(desk / "friday"), "--persons", "5"]
    assert main(words) == 4


def test_a_session_stopped_before_it_pulled_is_refused(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = treated(desk, "short", "--event", "20s:patient-stop")
    said = refused(capsys, "twin", "fit", short, code=3)
    assert "allowed: a recording with at least 60 s above 50 N on the cable" in said


def test_two_couches_are_refused(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = treated(desk, "plain", couch="locked")
    assert "one couch" in refused(capsys, "twin", "fit", desk / "monday", plain)
    said = refused(capsys, "twin", "predict", desk / "fit.json", "--recording", plain)
    assert "the couch that was fitted, split" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a file that opentraction twin fit wrote"),
        ("[]", "a file that opentraction twin fit wrote"),
        ('{"schema": "opentraction own twin, 1"}', "a file that opentraction twin fit wrote"),
        ("{", "a file that opentraction twin fit wrote"),
    ],
)
def test_what_is_no_fit_is_refused(desk: Path, capsys: pytest.CaptureFixture[str], text: str, words: str) -> None:
    (desk / "no.json").write_text(text, "utf-8")
    assert words in refused(capsys, "twin", "predict", desk / "no.json", "--recording", desk / "friday")


@pytest.mark.parametrize("part", ["names", "draws", "known", "breathing", "sessions", "likeliest"])
def test_a_damaged_fit_is_refused(desk: Path, capsys: pytest.CaptureFixture[str], part: str) -> None:
    kept = json.loads((desk / "fit.json").read_text("utf-8"))
    kept[part] = [None]
    (desk / "damaged.json").write_text(json.dumps(kept), "utf-8")
    said = refused(capsys, "twin", "predict", desk / "damaged.json", "--recording", desk / "friday")
    assert "damaged" in said


def test_a_fit_of_another_version_is_no_damaged_one(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = json.loads((desk / "fit.json").read_text("utf-8"))
    kept["names"][-1] = "couch.before"
    (desk / "before.json").write_text(json.dumps(kept), "utf-8")
    said = refused(capsys, "twin", "predict", desk / "before.json", "--recording", desk / "friday")
    assert "names is of another version; allowed: what this version fits: fit the recordings again" in said


@pytest.mark.parametrize(
    ("what", "said"),
    [("gone.json", "gone.json: file is not there"), (".", "file is a folder"), ("no.json", "is not JSON")],
)
def test_what_is_wrong_with_the_file_of_a_fit_is_said(
    desk: Path, capsys: pytest.CaptureFixture[str], what: str, said: str
) -> None:
    (desk / "no.json").write_text("{", "utf-8")
    told = refused(capsys, "twin", "predict", desk / what, "--recording", desk / "friday")
    assert said in told
    assert told.endswith("allowed: a file that opentraction twin fit wrote.\n")


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("known", "mass_kg"), -5, "known.mass_kg = -5 cannot be used; allowed: 35 to 200"),
        (("known", "angle_rad"), 3.0, "known.angle_rad"),
        (("known", "split"), "yes", "known.split"),
        (("breathing", "force_n"), -1e9, "breathing.force_n"),
        (("breathing", "rate_hz"), 50.0, "breathing.rate_hz"),
        (("draws", 0, 0), 19.0, "draws is beyond any person"),
        (("draws", 0, 0), math.nan, "draws is beyond any person"),
        (("likeliest", 0), 9.0, "likeliest is beyond any person"),
        (("scale",), 0.0, "scale = 0.0"),
    ],
)
def test_a_fit_of_nobody_is_refused(
    desk: Path, capsys: pytest.CaptureFixture[str], place: tuple[str | int, ...], value: object, said: str
) -> None:
    kept = json.loads((desk / "fit.json").read_text("utf-8"))
    into = kept
    for key in place[:-1]:
        into = into[key]
    into[place[-1]] = value
    (desk / "nobody.json").write_text(json.dumps(kept), "utf-8")
    told = refused(capsys, "twin", "predict", desk / "nobody.json", "--recording", desk / "friday")
    assert f"nobody.json: {said}" in told


def test_the_largest_fit_can_be_read_again(desk: Path) -> None:
    kept = json.loads((desk / "fit.json").read_text("utf-8"))
    kept["draws"] = (kept["draws"] * 100)[:2000]
    (desk / "large.json").write_text(json.dumps(kept, indent=1), "utf-8")
    assert len(read_fit(desk / "large.json").draws) == 2000


def test_a_session_given_twice_is_refused(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(desk / "monday", desk / "copy", dirs_exist_ok=True)
    for other in (desk / "monday", desk / "copy"):
        said = refused(capsys, "twin", "fit", desk / "monday", other)
        assert "RECORDING = " in said
        assert "allowed: each session once; this is the one of" in said
        assert str(desk / "monday") in said


def test_another_angle_is_named_where_it_is_refused_and_where_not(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tilted = treated(desk, "tilted", angle="10 deg")
    said = refused(capsys, "twin", "fit", desk / "monday", tilted)
    assert "session is of 70 kg on a split couch, pulled at 10 deg" in said
    assert "monday is of 70 kg on a split couch, pulled at 0 deg" in said
    words = ["twin", "predict", str(desk / "fit.json"), "--recording", str(tilted), "--persons", "5"]
    assert main([*words, "--json", str(desk / "tilted.json")]) in {0, 4}
    assert "Fitted at 0 deg, predicted at 10 deg" in capsys.readouterr().out
    told = json.loads((desk / "tilted.json").read_text("utf-8"))
    assert told["modelled"] is True
    assert (told["fitted_angle_rad"], round(told["angle_rad"], 3)) == (0.0, 0.175)


@pytest.mark.parametrize("flag", ["--picture", "--json"])
def test_what_cannot_be_kept_is_refused_before_the_work(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    monkeypatch.setattr("opentraction.app.commands.twin.predict", lambda *_: pytest.fail("it went to work"))
    words = ("twin", "predict", desk / "fit.json", "--recording", desk / "friday")
    assert flag in refused(capsys, *words, flag, desk / "nodir" / "x")
    for own in (desk / "fit.json", desk / "friday" / "documents.jsonl", desk / "friday" / "session.edf"):
        before = own.read_bytes()
        assert "would be written over" in refused(capsys, *words, flag, own)
        assert own.read_bytes() == before


def test_a_recording_that_is_cut_off_is_told(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(desk / "friday", desk / "cut", dirs_exist_ok=True)
    whole = (desk / "friday" / "session.edf").read_bytes()
    (desk / "cut" / "session.edf").write_bytes(whole[: 2 * len(whole) // 3])
    assert main(["twin", "fit", str(desk / "cut"), "--draws", "20"]) == 0
    assert "the file is cut off, and what is missing is left out" in capsys.readouterr().out
    (desk / "cut" / "documents.jsonl").write_text("hello\n", "utf-8")
    said = refused(capsys, "twin", "fit", desk / "cut")
    assert "line 1 is not as it was written: it is not a JSON object" in said


def test_a_folder_without_a_recording_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "a session's folder" in refused(capsys, "twin", "fit", tmp_path)


def test_a_mass_without_a_unit_is_refused(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--mass" in refused(capsys, "twin", "fit", desk / "monday", "--mass", "82")


def test_a_mass_nobody_has_is_refused(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--mass" in refused(capsys, "twin", "fit", desk / "monday", "--mass", "-82 kg")


def test_a_next_session_that_never_pulled_is_refused(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    never = treated(desk, "never", "--event", "0s:patient-stop")
    said = refused(capsys, "twin", "predict", desk / "fit.json", "--recording", never, code=3)
    assert "pull is not there" in said
