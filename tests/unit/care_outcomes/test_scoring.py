"""What surrounds a score: words, own activities, documents, files, the command."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from opentraction.app.command_line import run
from opentraction.care.outcomes import Form, change, changes, read_forms, score
from opentraction.quantities import BadInput


def test_ticks_may_be_said_in_words_and_nothing_is_nothing() -> None:
    assert score("rmdq", {f"q{i}": "yes" if i <= 3 else "no" for i in range(1, 25)}).value == 3
    assert score("rmdq", {f"q{i}": i <= 3 for i in range(1, 25)}).value == 3
    assert score("rmdq", {f"q{i}": "" for i in range(1, 25)}).value is None


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("rmdq", {"q25": 1}),
        ("rmdq", {"total": 3, "q1": 1}),
        ("nprs_back", {"total": 3}),
        ("nprs_back", {"average": True}),
        ("nprs_back", {"average": float("nan")}),
        ("nprs_back", {"average": "lots"}),
        ("start_back", {"total": 9, "psychosocial": 1}),
        ("odi", {"total": 30, "psychosocial": 2}),
        ("nothing", {"q1": 1}),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(name: str, answers: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="allowed"):
        score(name, answers)


def test_a_total_of_start_back_without_its_part_leaves_the_group_open() -> None:
    assert score("start_back", {"total": 3}).words.endswith("low risk")
    assert score("start_back", {"total": 6}).words.endswith("medium or high risk")
    assert score("start_back", {"total": 6, "psychosocial": 4}).words.endswith("high risk")


def test_estimated_says_so() -> None:
    told = score("odi", {f"section_{i}": 2 for i in range(1, 10)})
    assert told.estimated
    assert told.missing == ("section_10",)
    assert "estimated, 1 of 10 answers missing" in told.words


def test_own_activities_change_only_by_those_rated_both_times() -> None:
    own = {f"activity_{i}": w for i, w in enumerate(("walk", "sit", "lift", "sleep"), 1)}
    before = score("psfs", {"activity_1": 1, "activity_2": 2, "activity_3": 3, "activity_4": 10}, own)
    after = score("psfs", {"activity_1": 4, "activity_2": 5, "activity_3": 6}, own)
    assert after.missing == ("activity_4",)
    told = change(before, after)
    assert told.gain == pytest.approx(3.0)  # not 5 - 4 = 1
    renamed = score("psfs", {"activity_1": 4, "activity_2": 5, "activity_3": 6}, own | {"activity_1": "swim"})
    assert change(before, renamed).direction == "unknown"


def test_two_instruments_do_not_make_a_change() -> None:
    with pytest.raises(BadInput):
        change(score("nprs_back", {"average": 3}), score("nprs_leg", {"average": 3}))


def test_a_form_comes_back_from_its_document_with_the_same_hash() -> None:
    form = Form("psfs", date(2026, 2, 28), {"activity_1": 1, "activity_2": 2, "activity_3": 3}, {"activity_1": "walk"})
    again = Form.from_document(json.loads(form.canonical()))
    assert again == form
    assert again.sha256 == form.sha256
    with pytest.raises(BadInput):
        Form.from_document({"doc": "outcome_form", "schema": 1})
    with pytest.raises(BadInput):
        Form("rmdq", date(2026, 2, 28), {"q1": 7})


FILE = """
[[forms]]
instrument = "rmdq"
on = "2026-11-22"
answers = { total = 8 }
[[forms]]
instrument = "rmdq"
on = "2026-11-02"
answers = { total = 14 }
[[forms]]
instrument = "pgic"
on = "2026-11-22"
answers = { change = 2 }
"""


def test_the_command_scores_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "forms.toml"
    path.write_text(FILE)
    assert run(["score", str(path)]) == 0
    said = capsys.readouterr().out
    assert "RMDQ-24 went from 14 to 8, better by 6: a worthwhile change (5 points)." in said
    assert "from memory, unverified" in said
    assert "check it against the original" in said
    assert run(["score", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["worthwhile"] for one in told["changes"]] == ["yes", "yes"]
    assert told["forms"][0]["score"]["licence"]


@pytest.mark.parametrize(
    "broken", ["", "[[forms]]\n", FILE.replace('"pgic"', '"pg"'), FILE.replace("2026-11-02", "2 Nov")]
)
def test_the_command_refuses_a_broken_file(broken: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "forms.toml"
    path.write_text(broken)
    assert run(["score", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_changes_go_from_the_first_to_the_last(tmp_path: Path) -> None:
    path = tmp_path / "forms.toml"
    path.write_text(FILE)
    assert changes(read_forms(path))[0].amount == -6
