"""A prescription as the profile of a pull: played as it is written, to its release."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from opentraction.app.cli import main
from opentraction.app.profiles import cut_short, profile_of
from opentraction.body.column.chosen import typical
from opentraction.body.column.file import read_scenario
from opentraction.body.column.play import play
from opentraction.body.column.scenario import PLAIN, SPLIT, Scenario, Somebody, Specimen, Stage, Traction
from tests.table_client import ROOT

PLAN = (ROOT / "examples" / "prescription.toml").read_text("utf-8")
PROTOCOLS = ROOT / "src" / "opentraction" / "prescription" / "protocols"


def pull_of(folder: Path, plan: str, pull: str = "", duration: str = "40 min", posture: str = "supine") -> Traction:
    (folder / "p.toml").write_text(plan, "utf-8")
    file = folder / "s.toml"
    stage = f'[[stage]]\nposture = "{posture}"\nduration = "{duration}"\ntraction = {{ profile = "p.toml"{pull} }}\n'
    file.write_text('[person]\nmass = "75 kg"\n' + stage, "utf-8")
    made = read_scenario(file, profile_of(file, [])).stages[0].traction
    assert made is not None
    return made


def test_a_prescription_lets_go_at_its_end(tmp_path: Path) -> None:
    pull = pull_of(tmp_path, PLAN)
    assert pull.times is not None
    assert pull.forces is not None
    assert pull.forces[-1] == 0.0
    assert np.all(np.diff(pull.forces[pull.times > pull.times[-1] - 5.0]) < 0.0)
    lying = Stage("supine", 2400.0, pull)
    seen = play(Scenario(Somebody(75.0), (lying,)), np.array([1660.0, 2399.0]), typical())
    assert seen.spine_force[0] > 50.0
    assert seen.spine_force[1] < -90.0


def test_couch_and_angle_are_the_prescriptions_unless_the_stage_says_otherwise(tmp_path: Path) -> None:
    pull = pull_of(tmp_path, PLAN)
    assert (pull.couch, pull.angle) == (SPLIT, pytest.approx(np.radians(15.0)))
    locked = PLAN.replace('couch = "split"', 'couch = "locked"')
    assert pull_of(tmp_path, locked).couch == PLAIN
    other = pull_of(tmp_path, locked, ', couch = "split", angle = "5 deg"')
    assert (other.couch, other.angle) == (SPLIT, pytest.approx(np.radians(5.0)))


def test_an_oscillation_is_seen_to_its_peaks(tmp_path: Path) -> None:
    plan = (PROTOCOLS / "idd-oscillation.toml").read_text("utf-8")
    start = plan.index("[oscillation]")
    calm = pull_of(tmp_path, plan[:start] + plan[plan.index("[fall]") :])
    moved = pull_of(tmp_path, plan)
    assert moved.force == pytest.approx(1.04 * calm.force, rel=0.005)


@pytest.mark.parametrize(
    ("plan", "posture", "said"),
    [
        (
            (PROTOCOLS / "cervical-supine.toml").read_text("utf-8"),
            "supine",
            "the modelled body ends at the lumbar spine",
        ),
        (PLAN, "prone", "as the prescription of the pull has it, supine"),
    ],
)
def test_a_prescription_for_another_body_part_or_side_is_refused(
    plan: str, posture: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p.toml").write_text(plan, "utf-8")
    file = tmp_path / "s.toml"
    stage = f'[[stage]]\nposture = "{posture}"\nduration = "5 min"\ntraction = {{ profile = "p.toml" }}\n'
    file.write_text('[person]\nmass = "75 kg"\n' + stage, "utf-8")
    assert main(["simulate", str(file), "--samples", "1"]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert not told.out


def test_a_stage_that_is_too_short_for_its_prescription_says_so(tmp_path: Path) -> None:
    short = Scenario(Somebody(75.0), (Stage("supine", 600.0, pull_of(tmp_path, PLAN)),))
    long = Scenario(Somebody(75.0), (Stage("supine", 2400.0, pull_of(tmp_path, PLAN)),))
    assert "stage 1 lasts 600 s" in cut_short(short)[0]
    assert not cut_short(long)


def test_a_rotation_is_told_in_the_direction_of_its_own_stage() -> None:
    """At the first moment of an extension a disc bent forwards is told as bent the other way."""
    bent = Stage("unloaded", 30.0, moment=5.0, direction="flexion")
    back = Stage("unloaded", 30.0, moment=5.0, direction="extension")
    seen = play(Scenario(Specimen("disc"), (bent, back)), np.array([30.0, 30.0, 60.0]), typical())
    assert seen.rotation[0, 0] > 0.0
    assert seen.rotation[1, 0] == pytest.approx(-seen.rotation[0, 0])
    assert seen.rotation[2, 0] > 0.0
