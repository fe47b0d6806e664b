"""`treat --intake`: whoever must not be treated is not pulled by the command line either."""

from __future__ import annotations

from pathlib import Path

import pytest

from opentraction.app.command_line import run

EXAMPLES = Path(__file__).parents[2] / "examples"
PLAN = EXAMPLES / "prescription.toml"


def treat(tmp_path: Path, intake: Path, plan: Path | str = PLAN) -> tuple[int, Path]:
    out = tmp_path / "out"
    words = ["treat", str(plan), "--patient", str(EXAMPLES / "patient.toml"), "--out", str(out), "--no-report"]
    return run([*words, "--intake", str(intake)]), out


def answered(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = (EXAMPLES / "intake.toml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "intake.toml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('bladder_bowel = "no"', 'bladder_bowel = "yes"'),
        ('fever = "no"', 'fever = "unknown"'),
    ],
)
def test_who_must_not_be_treated_is_not_pulled(
    tmp_path: Path, old: str, new: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = treat(tmp_path, answered(tmp_path, (old, new)))
    assert code == 4
    assert not out.exists()
    assert "Nothing was pulled and nothing was written." in capsys.readouterr().err


def test_who_may_be_treated_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = treat(tmp_path, EXAMPLES / "intake.toml")
    assert code == 0
    assert (out / "session.edf").exists()


def test_a_screening_of_the_neck_permits_no_pull_at_the_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = treat(tmp_path, EXAMPLES / "intake.toml", "cervical-supine")
    assert code == 2
    assert "cervical, which this prescription pulls" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('pseudonym = "017"', 'pseudonym = "someone-else"', "patient.pseudonym"),
        ('mass = "70 kg"', 'mass = "130 kg"', "body.mass"),
        ('mass = "70 kg"', 'mass = "72.1 kg"', "body.mass"),
        ('stature = "1.76 m"', 'stature = "1.79 m"', "body.stature"),
        ('age = "54 y"', 'age = "65 y"', "body.age"),
        ('sex = "male"', 'sex = "female"\n', "body.sex"),
    ],
)
def test_the_screening_of_somebody_else_permits_no_pull(
    tmp_path: Path, old: str, new: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = treat(tmp_path, answered(tmp_path, (old, new)))
    assert code == 2
    told = capsys.readouterr().err
    assert said in told
    assert "patient" in told
    assert not out.exists()


def test_a_scale_that_differs_by_two_kilograms_is_still_the_same_person(tmp_path: Path) -> None:
    code, _ = treat(tmp_path, answered(tmp_path, ('mass = "70 kg"', 'mass = "71.9 kg"')))
    assert code == 0
