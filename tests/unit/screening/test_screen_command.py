"""`opentraction screen`: verdict in words or JSON, the letter, exit codes, and every refusal in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from opentraction.app.command_line import run
from opentraction.quantities import BadInput
from opentraction.screening import intake_questions, parse_intake, read_intake

EXAMPLE = Path(__file__).parents[3] / "examples" / "intake.toml"
TEXT = EXAMPLE.read_text("utf-8")
DAY = ["--today", "2026-03-31"]


def written(folder: Path, *changes: tuple[str, str]) -> str:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = folder / "intake.toml"
    file.write_text(text, "utf-8")
    return str(file)


def test_the_example_may_be_treated(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["screen", str(EXAMPLE), *DAY]) == 0
    assert capsys.readouterr().out.startswith("lumbar: OK. ")


def test_the_example_answers_questions_in_the_order_of_the_pages() -> None:
    answered = [key for key in read_intake(EXAMPLE).answers if key not in {"body_mass", "stature", "age", "sex"}]
    assert answered == [key for key in intake_questions().by_id if key in answered]


def test_json_says_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, ('foot_drop = "no"', 'foot_drop = "yes"'), ('fever = "no"\n', ""))
    assert run(["screen", file, "--json", *DAY]) == 4
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "REFER_URGENT"
    assert told["may_treat"] is False
    assert (told["reasons"][0]["rule"], told["reasons"][0]["source"]) == ("R02", "AHCPR red-flag table")
    assert [one["question"] for one in told["missing"]] == ["fever"]
    assert told["next_steps"][0].startswith("Send to a spine surgeon the same day")
    assert {"limits", "indications", "rules_version", "intake_sha256", "decided", "valid_until"} <= told.keys()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('compensation = "no"', 'compensation = "yes"', 0),
        ('fever = "no"', 'fever = "unknown"', 4),
        ("systolic = 128", "systolic = 185", 4),
        ('can_use_stop = "yes"', 'can_use_stop = "no"', 4),
        ('unloading_test = "eases"', 'unloading_test = "worse"', 4),
        ('saddle_numb = "no"', 'saddle_numb = "yes"', 4),
    ],
)
def test_exit_codes(tmp_path: Path, old: str, new: str, code: int) -> None:
    assert run(["screen", written(tmp_path, (old, new)), *DAY]) == code


def test_an_intake_grows_old(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["screen", str(EXAMPLE), "--today", "2027-03-31"]) == 0
    assert "R42.old" in capsys.readouterr().out


def test_the_letter_is_written(tmp_path: Path) -> None:
    out = tmp_path / "letter.pdf"
    assert run(["screen", str(EXAMPLE), "--letter", str(out), *DAY]) == 0
    assert out.read_bytes().startswith(b"%PDF-")
    assert run(["screen", str(EXAMPLE), "--letter", str(tmp_path / "no" / "letter.pdf"), *DAY]) == 2


REFUSED = [
    ('fever = "no"', 'fewer = "no"', ("answers.fewer", "the id of a question")),
    ('fever = "no"', 'fever = "perhaps"', ("answers.fever", "yes, no or unknown")),
    ("systolic = 128", "systolic = 1280", ("answers.systolic", "from 50 to 300 mmHg")),
    ("systolic = 128", 'systolic = "128 lb"', ("answers.systolic", "mmHg")),
    ('mass = "70 kg"', "mass = 70", ("body.mass", "in quotes")),
    ('mass = "70 kg"', 'mass = "70 kg"\nbmi = 22', ("body.bmi", "mass, stature, age, sex")),
    ('region = "lumbar"', 'region = "thoracic"', ("region", "lumbar, cervical")),
    ('region = "lumbar"', 'region = "cervical"', ("answers.chest_belly is answered", "lumbar only")),
    ('pseudonym = "017"', 'pseudonym = "Jo Doe"', ("patient.pseudonym", "never a name")),
    ('pseudonym = "017"', "", ("patient.pseudonym", "missing")),
    ('cancer = "no"', 'cancer = "no"\ncancer_imaged = "no"', ("answers.cancer_imaged", "only when `cancer` is yes")),
    ("[answers]", "[answers]\nage = 50", ("answers.age", "body has it already")),
    ("[answers]", "[extra]\na = 1\n[answers]", ("extra", "region, patient, body, answers")),
    ("imaging_date = 2026-02-10", "imaging_date = 2026-04-10", ("imaging_date", "up to 2026-03-31")),
    ('devices = []', 'devices = ["hip"]', ("answers.devices", "spinal_hardware")),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), REFUSED, ids=[new[:40] for _, new, _ in REFUSED])
def test_bad_input_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, says: tuple[str, ...]
) -> None:
    assert run(["screen", written(tmp_path, (old, new)), *DAY]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "intake.toml" in told
    for words in says:
        assert words in told


def test_bad_days_and_files_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["screen", str(EXAMPLE), "--today", "tomorrow"]) == 2
    assert "--today" in capsys.readouterr().err
    assert run(["screen", str(tmp_path / "none.toml")]) == 2
    assert run(["screen", str(tmp_path)]) == 2
    with pytest.raises(BadInput):
        parse_intake("")
