"""`opentraction explore`: what it prints, its exit codes, its file, and that the page tells the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from opentraction.app.cli import main
from opentraction.twin.exploring.choices import FAULTS
from opentraction.twin.exploring.design import WORDS
from opentraction.twin.exploring.laws import LAWS
from opentraction.twin.exploring.search import explore

PAGE = (Path(__file__).parents[2] / "docs" / "engineer" / "explored.md").read_text("utf-8")


def test_every_law_is_told_to_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explore", "--faults", "1"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"Walked all of it: up to 1 of {len(FAULTS)} kinds of faults, 149,669 moments")
    assert all(re.search(rf"^{law} +holds +{re.escape(words)}$", said, re.M) for law, words in LAWS.items())


def test_without_a_safeguard_a_shortest_way_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "explored.json"
    assert main(["explore", "--faults", "1", "--without", "latch", "--json", str(out)]) == 4
    said = capsys.readouterr().out
    assert "P3 is broken, at the soonest so:" in said
    assert "control pulls, whatever it is told" in said
    told = json.loads(out.read_text("utf-8"))
    way = told["laws"]["P3"]["way"]
    assert told["left_out"] == ["latch"]
    assert said.count("\n", said.index("at the soonest so:")) >= len(way)
    assert way[-1]["happens"] == "control pulls, whatever it is told"


def test_with_all_it_goes_on_after_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explore", "--faults", "1", "--without", "gear", "--all"]) == 4
    said = capsys.readouterr().out
    assert {"P1", "P6"} <= set(re.findall(r"^(P\d+) is broken", said, re.M))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--without", "luck"], "one of latch, pulse, beat"),
        (["--faults", "4"], "a whole number from 0 to 3"),
        (["--json", "/nowhere/out.json"], "a file in a folder that is there"),
    ],
)
def test_what_cannot_be_is_refused(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main(["explore", *arguments])
    except SystemExit as ended:
        code = int(str(ended.code))
    assert code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("faults", [0, 1])
def test_the_page_tells_what_is_found(faults: int) -> None:
    made = explore(faults)
    assert f"| {faults} | {len(made.found):,} | {made.transitions:,} | {made.ticks} | none |" in PAGE


def test_the_page_tells_every_law_and_every_safeguard() -> None:
    assert all(f"| {law} | {words} |" in PAGE for law, words in LAWS.items())
    assert all(f"| {name} | {words} |" in PAGE for name, words in WORDS.items())
    assert f"{len(FAULTS)} kinds of faults" in PAGE
