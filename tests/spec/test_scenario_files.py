"""Scenarios as people write them: what is read, and the one sentence for everything else."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from opentraction import __version__
from opentraction.app.cli import main
from opentraction.body.column.file import read_scenario
from opentraction.body.column.play import middle
from opentraction.body.column.scenario import Scenario, Somebody, Specimen
from opentraction.quantities import BadInput
from tests.table_client import ROOT

WHO = '[person]\nmass = "75 kg"\n'
STAGE = '[[stage]]\nposture = "supine"\nduration = "10 min"\n'
CUT = '[specimen]\nkind = "segment"\n'
LOADED = '[[stage]]\nduration = "30 s"\n'


def read(folder: Path, text: str) -> Scenario:
    file = folder / "s.toml"
    file.write_text(text, "utf-8")
    return read_scenario(file, lambda _name, _who: (_ for _ in ()).throw(BadInput("profile", "x", "none here")))


def test_the_example_of_the_issue_is_read(tmp_path: Path) -> None:
    text = """
[person]
mass = "75 kg"
stature = "1.76 m"
age = 45
sex = "female"
disc_grade = { "L4-L5" = 4 }

[[stage]]
posture = "standing"
duration = "16 h"

[[stage]]
posture = "supine"
duration = "30 min"
traction = { force = "45 %BW", profile = "static", couch = "split", angle = "0 deg" }

[[stage]]
posture = "unloaded"
duration = "20 min"
axial_force = "50 N"
moment = { value = "5 N m", direction = "flexion" }
"""
    got = read(tmp_path, text)
    assert isinstance(got.who, Somebody)
    assert got.who.grades == (None, None, None, None, 4.0, None)
    assert got.stages[1].traction is not None
    assert got.stages[1].traction.force == pytest.approx(0.45 * 75 * 9.80665)
    assert (got.stages[2].axial_force, got.stages[2].moment, got.stages[2].direction) == (50.0, 5.0, "flexion")


def test_a_specimen_needs_neither_mass_nor_posture(tmp_path: Path) -> None:
    got = read(tmp_path, CUT + 'level = "L2-L3"\ndisc_grade = 3\n' + LOADED + 'axial_force = "-500 N"\n')
    assert isinstance(got.who, Specimen)
    assert (got.who.level, set(got.who.grades)) == ("L2-L3", {3.0})
    assert got.stages[0].posture == "unloaded"


def test_days_and_newton_metres_may_be_written_as_people_do(tmp_path: Path) -> None:
    got = read(
        tmp_path,
        WHO
        + '[[stage]]\nposture = "standing"\nduration = "2 days"\nmoment = { value = "3 Nm", direction = "axial" }\n',
    )
    assert got.stages[0].duration == 172800.0
    assert got.stages[0].moment == 3.0


REFUSED = {
    "nobody": (STAGE, "person is missing"),
    "two of them": (WHO + CUT + STAGE, "person is given beside [specimen]"),
    "no stage": (WHO, "stage is there 0 times"),
    "no mass": ("[person]\nage = 3\n" + STAGE, "person.mass is missing"),
    "a bare mass": ("[person]\nmass = 75\n" + STAGE, "person.mass"),
    "a child": (WHO + "age = 3\n" + STAGE, "person.age"),
    "a grade of six": (WHO + "disc_grade = 6\n" + STAGE, "person.disc_grade"),
    "a disc of the neck": (WHO + 'disc_grade = { "C5-C6" = 2 }\n' + STAGE, "person.disc_grade.C5-C6 is not known"),
    "dancing": (WHO + '[[stage]]\nposture = "dancing"\nduration = "1 h"\n', "stage 1, posture"),
    "no end": (WHO + '[[stage]]\nposture = "supine"\n', "stage 1, duration is missing"),
    "for ever": (WHO + '[[stage]]\nposture = "supine"\nduration = "900 d"\n', "stage 1, duration"),
    "a year in months": (WHO + '[[stage]]\nposture = "supine"\nduration = "40 d"\n' * 3, "stage is 120 days long"),
    "a pull at a standing person": (
        WHO + '[[stage]]\nposture = "standing"\nduration = "1 h"\ntraction = { force = "100 N" }\n',
        "stage 1, traction is given while standing",
    ),
    "a pull at a specimen": (
        CUT + LOADED + 'traction = { force = "100 N" }\n',
        "stage 1, traction is given to a specimen",
    ),
    "body weight of a specimen": (CUT + LOADED + 'axial_force = "40 %BW"\n', "no body weight"),
    "a specimen that stands": (CUT + '[[stage]]\nposture = "standing"\nduration = "1 s"\n', "no weight of its own"),
    "more than a spine bears": (WHO + STAGE + 'axial_force = "9 kN"\n', "this is 9000 N"),
    "an unknown couch": (WHO + STAGE + 'traction = { force = "100 N", couch = "sofa" }\n', "stage 1, traction.couch"),
    "a moment without way": (WHO + STAGE + 'moment = { value = "5 N m" }\n', "stage 1, moment.direction is missing"),
    "a moment in pounds": (WHO + STAGE + 'moment = { value = "5 lb", direction = "axial" }\n', "stage 1, moment.value"),
    "a typing error": (WHO + STAGE + 'axial_farce = "1 N"\n', "stage 1, axial_farce is not known"),
    "no TOML": ("person", "not TOML"),
    "an angle beyond the table": (
        WHO + STAGE + 'traction = { force = "100 N", angle = "200 deg" }\n',
        "allowed: -45.8 deg to 45.8 deg (-0.8 to 0.8 rad)",
    ),
    "a bare angle": (WHO + STAGE + 'traction = { force = "100 N", angle = 10 }\n', "allowed: an angle in deg"),
    "a million days": (
        WHO + '[[stage]]\nposture = "supine"\nduration = "1000000 d"\n',
        "allowed: 1 s to 60 days",
    ),
    "ten minutes too long": (
        WHO + '[[stage]]\nposture = "supine"\nduration = "60 d"\n' + STAGE,
        "stage is 60 days and 10 min long in all; allowed: at most 60 days",
    ),
    "a moment that is a force": (
        WHO + STAGE + 'moment = { value = "5 N", direction = "axial" }\n',
        "a moment in N m, such as '5 N m'",
    ),
    "no such stage": (WHO + STAGE + '[[stage]]\nposture = "lying"\nduration = "1 h"\n', "stage 2, posture"),
    "endless force": (WHO + STAGE + 'axial_force = "1e999 N"\n', "-3000 N to 3000 N"),
    "the level of a column": (
        '[specimen]\nkind = "lumbar-column"\nlevel = "L2-L3"\n' + LOADED,
        "specimen.level is given for a lumbar-column",
    ),
    "the grade of a disc that is not there": (
        '[specimen]\nkind = "disc"\nlevel = "L2-L3"\ndisc_grade = { "L4-L5" = 4 }\n' + LOADED,
        "specimen.disc_grade.L4-L5 is not known; allowed: L2-L3",
    ),
    "no profile": (WHO + STAGE + 'traction = { profile = "" }\n', "stage 1, traction.profile = '' cannot be used"),
    "a profile of no name we know": (
        WHO + STAGE + 'traction = { profile = "intermittent" }\n',
        "stage 1, traction.profile = 'intermittent' cannot be used; allowed: static, a prescription file",
    ),
    "a pull at the neck": (
        WHO + STAGE + 'traction = { profile = "cervical-supine" }\n',
        "stage 1, traction.profile: cervical-supine: region = 'cervical' cannot be used; allowed: lumbar",
    ),
    "the scenario as its own profile": (
        WHO + STAGE + 'traction = { profile = "s.toml" }\n',
        "stage 1, traction.profile = 's.toml' cannot be used; allowed: a prescription; this is the scenario itself",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_everything_else_is_refused_in_one_sentence(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, said = REFUSED[what]
    file, out = tmp_path / "s.toml", tmp_path / "out.json"
    file.write_text(text, "utf-8")
    assert main(["simulate", str(file), "--json", str(out), "--samples", "1"]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert "Traceback" not in told
    assert not out.exists()


def test_a_profile_is_read_from_beside_the_file_and_scaled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p.toml").write_text((ROOT / "examples/prescription.toml").read_text("utf-8"), "utf-8")
    file, out = tmp_path / "s.toml", tmp_path / "out.json"
    pull = 'traction = { profile = "p.toml", force = "200 N" }\n'
    file.write_text(WHO + '[[stage]]\nposture = "supine"\nduration = "8 min"\n' + pull, "utf-8")
    assert main(["simulate", str(file), "--json", str(out), "--samples", "2"]) == 0
    stage = json.loads(out.read_text("utf-8"))["stages"][0]
    highest = max(sample["spine_force_n"]["p95"] for sample in stage["samples"])
    assert 60.0 < highest <= 200.0
    file.write_text(WHO + STAGE + 'traction = { profile = "gone.toml" }\n', "utf-8")
    assert main(["simulate", str(file)]) == 2
    told = capsys.readouterr().err
    assert "stage 1, traction.profile = 'gone.toml' cannot be used; allowed: static, a prescription file" in told
    (tmp_path / "p.toml").write_text('name = "One"\n', "utf-8")
    file.write_text(WHO + STAGE + 'traction = { profile = "p.toml" }\n', "utf-8")
    assert main(["simulate", str(file)]) == 2
    told = capsys.readouterr().err
    assert "s.toml: stage 1, traction.profile: " in told
    assert "p.toml: " in told


def test_a_shipped_protocol_is_a_profile_by_its_name(tmp_path: Path) -> None:
    file, out = tmp_path / "s.toml", tmp_path / "out.json"
    stage = STAGE.replace("supine", "prone")
    file.write_text(WHO + stage + 'traction = { profile = "vax-d-1997", force = "200 N" }\n', "utf-8")
    assert main(["simulate", str(file), "--json", str(out), "--samples", "1", "--at", "50s"]) == 0
    (stage,) = json.loads(out.read_text("utf-8"))["stages"]
    pull = stage["loads"]["traction"]
    assert (pull["force_n"], pull["static"]) == (200.0, False)
    assert stage["samples"][0]["spine_force_n"]["median"] > 0.0


def test_the_answer_says_of_whom_and_from_what(tmp_path: Path) -> None:
    file, out = tmp_path / "s.toml", tmp_path / "out.json"
    file.write_text(WHO + 'disc_grade = { "L4-L5" = 4 }\n' + STAGE, "utf-8")
    assert main(["simulate", str(file), "--json", str(out), "--samples", "2", "--seed", "7", "--at", "0s"]) == 0
    told = json.loads(out.read_text("utf-8"))
    assert (told["version"], told["seed"], told["modelled"]) == (__version__, 7, True)
    who = told["person"]
    assert (who["mass_kg"], who["stature_m"], who["sex"], who["disc_grade"]["L4-L5"]) == (75.0, 1.72, "unstated", 4.0)
    assert who["disc_grade"]["L5-S1"] is None
    file.write_text(CUT + 'level = "L2-L3"\n' + LOADED + 'axial_force = "-500 N"\n', "utf-8")
    assert main(["simulate", str(file), "--json", str(out), "--samples", "1", "--at", "0s"]) == 0
    told = json.loads(out.read_text("utf-8"))
    assert (told["specimen"]["kind"], told["specimen"]["level"]) == ("segment", "L2-L3")
    assert told["stages"][0]["loads"] == {"traction": None, "axial_force_n": -500.0, "moment": None}


def test_one_body_is_the_typical_one_and_has_no_band(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "s.toml", tmp_path / "out.json"
    file.write_text(CUT + LOADED + 'axial_force = "-500 N"\n', "utf-8")
    for seed in ("1", "2"):
        assert main(["simulate", str(file), "--json", str(out), "--samples", "1", "--seed", seed]) == 0
        told = json.loads(out.read_text("utf-8"))
        height = told["stages"][0]["samples"][-1]["levels"]["L4-L5"]["height_mm"]["median"]
        assert height == pytest.approx(
            1e3 * middle(read_scenario(file, _none), np.array([30.0])).height[-1, 0], abs=1e-3
        )
        assert told["band"].startswith("none")
    assert main(["simulate", str(file), "--samples", "1"]) == 0
    said = capsys.readouterr().out
    assert "the typical body alone, so no band" in said
    assert " to -" not in said
    assert "-0.0" not in said
    assert main(["simulate", str(file), "--samples", "3"]) == 0
    assert "of so few the band is rough" in capsys.readouterr().out


def _none(_name: str, _who: object) -> NoReturn:
    raise AssertionError


@pytest.mark.parametrize("name", ["s.toml", "p.toml", "./s.toml", "link.toml"])
def test_what_is_read_is_never_written_over(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, recipe = tmp_path / "s.toml", tmp_path / "p.toml"
    file.write_text(WHO + STAGE + 'traction = { profile = "p.toml" }\n', "utf-8")
    recipe.write_text((ROOT / "examples/prescription.toml").read_text("utf-8"), "utf-8")
    (tmp_path / "link.toml").symlink_to(file)
    before = {one.name: one.read_text("utf-8") for one in tmp_path.iterdir()}
    assert main(["simulate", str(file), "--samples", "1", "--json", str(tmp_path / name)]) == 2
    assert "would be written over" in capsys.readouterr().err
    assert {one.name: one.read_text("utf-8") for one in tmp_path.iterdir()} == before


def test_a_file_called_part_beside_the_answer_stays(tmp_path: Path) -> None:
    file, out, beside = tmp_path / "s.toml", tmp_path / "w.json", tmp_path / "w.json.part"
    file.write_text(CUT + LOADED, "utf-8")
    beside.write_text("mine", "utf-8")
    assert main(["simulate", str(file), "--samples", "1", "--json", str(out)]) == 0
    assert beside.read_text("utf-8") == "mine"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["s.toml", "w.json", "w.json.part"]
    assert out.stat().st_mode & 0o777 == file.stat().st_mode & 0o777


def test_a_reader_who_leaves_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(CUT + LOADED, "utf-8")
    read, write = os.pipe()
    os.close(read)
    words = [sys.executable, "-m", "opentraction.app", "simulate", str(tmp_path / "s.toml"), "--samples", "1"]
    done = subprocess.run(words, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert done.stderr == b""
    assert done.returncode == 0


@pytest.mark.parametrize("at", ["soon", "5", "-3 s", "1 s,,2 s"])
def test_times_are_times(at: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", str(ROOT / "examples/scenario.toml"), "--at", at]) == 2
    assert "--at" in capsys.readouterr().err


def test_the_answer_holds_what_it_promises(tmp_path: Path) -> None:
    file, out = tmp_path / "s.toml", tmp_path / "out.json"
    file.write_text(WHO + STAGE + 'traction = { force = "40 %BW" }\n' + STAGE, "utf-8")
    words = ["simulate", str(file), "--json", str(out), "--samples", "3", "--at", "0s,30s,20min"]
    assert main(words) == 0
    stages = json.loads(out.read_text("utf-8"))["stages"]
    assert [(one["start"], one["end"]) for one in stages] == [(0.0, 600.0), (600.0, 1200.0)]
    assert [[one["t_s"] for one in stage["samples"]] for stage in stages] == [[0.0, 30.0, 600.0]] * 2
    numbers = {"stature_mm", "column_mm", "spine_force_n", "friction_n", "emg_percent", "table_travel_mm"}
    each = {
        "height_mm", "anterior_mm", "posterior_mm", "pressure_kpa", "volume_ml", "fluid_ml", "rotation_deg",
        "foramen_percent", "bulge_percent",
    }  # fmt: skip
    for sample in (one for stage in stages for one in stage["samples"]):
        assert numbers | {"t_s", "since_start_s", "levels"} == set(sample)
        assert list(sample["levels"]) == ["L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1"]
        for level in sample["levels"].values():
            assert set(level) == each
        for one in (*(sample[k] for k in numbers), *(v for level in sample["levels"].values() for v in level.values())):
            assert one["p5"] <= one["median"] <= one["p95"]
            assert all(math.isfinite(value) for value in one.values())
    first = stages[0]["samples"][0]
    assert first["stature_mm"]["median"] == 0.0
    again = tmp_path / "again.json"
    assert main([*words[:3], str(again), *words[4:]]) == 0
    assert again.read_bytes() == out.read_bytes()


def test_without_a_file_it_tells_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "s.toml"
    file.write_text(WHO + STAGE, "utf-8")
    assert main(["simulate", str(file), "--samples", "2", "--at", "0s"]) == 0
    told = capsys.readouterr().out
    assert "Modelled, never measured" in told
    assert "supine, 0 s to 10 min" in told


@pytest.mark.parametrize("out", ["gone/out.json", ".", "/dev/full"])
def test_an_answer_that_cannot_be_kept_is_refused_in_one_sentence(
    out: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "s.toml"
    file.write_text(CUT + LOADED, "utf-8")
    assert main(["simulate", str(file), "--samples", "1", "--json", str(tmp_path / out)]) == 2
    told = capsys.readouterr().err
    assert "--json" in told
    assert told.count("\n") == 1
    assert [one.name for one in tmp_path.iterdir()] == ["s.toml"]


def test_an_earlier_answer_is_replaced_whole(tmp_path: Path) -> None:
    file, out = tmp_path / "s.toml", tmp_path / "out.json"
    file.write_text(CUT + LOADED, "utf-8")
    out.write_text("old", "utf-8")
    assert main(["simulate", str(file), "--samples", "1", "--json", str(out)]) == 0
    assert json.loads(out.read_text("utf-8"))["bodies"] == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out.json", "s.toml"]


def test_the_belts_spread_as_people_and_belts_do(tmp_path: Path) -> None:
    """What a table travels has the harness's spread, not the column's alone."""
    file, out = tmp_path / "s.toml", tmp_path / "out.json"
    file.write_text(WHO + STAGE + 'traction = { force = "300 N" }\n', "utf-8")
    assert main(["simulate", str(file), "--json", str(out), "--samples", "12"]) == 0
    last = json.loads(out.read_text("utf-8"))["stages"][0]["samples"][-1]["table_travel_mm"]
    assert last["p95"] > 1.5 * last["p5"]
