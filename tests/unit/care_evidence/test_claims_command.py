"""`opentraction claims`: what it prints and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from opentraction.app.cli import main


def test_a_clean_text_exits_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "leaflet.md"
    page.write_text("Nobody can promise that this will help you.", "utf-8")
    assert main(["claims", str(page)]) == 0
    assert capsys.readouterr().out == "No claims in 1 file.\n"


def test_a_claim_exits_4_and_says_what_to_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "leaflet.md"
    page.write_text("# Our table\n\nIt is FDA approved.", "utf-8")
    assert main(["claims", str(page)]) == 4
    out = capsys.readouterr().out
    assert f'{page}:3:7: "FDA approved" [fda-approved, false]' in out
    assert "Say instead: " in out
    assert out.endswith("1 claim in 1 file.\n")


def test_json_says_the_same_of_several_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = tmp_path / "one.txt", tmp_path / "two.html"
    one.write_text("Fine.", "utf-8")
    two.write_text("<p>It cures.</p>", "utf-8")
    assert main(["claims", str(one), str(two), "--json"]) == 4
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == [str(one), str(two)]
    (claim,) = told["claims"]
    assert (claim["file"], claim["line"], claim["column"], claim["rule"]) == (str(two), 1, 7, "cure")
    assert claim["instead"]


def test_bad_input_exits_2_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", str(tmp_path / "nothing.md")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "is not there" in said.err


def test_a_terminal_is_not_written_to_by_the_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "leaflet.txt"
    page.write_text("It is no \x1b[31m risk.", "utf-8")
    main(["claims", str(page)])
    assert "\x1b" not in capsys.readouterr().out


def test_spanish_advice_is_introduced_in_spanish(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "pagina.md"
    page.write_text("El tratamiento es sin riesgo. It is risk-free.", "utf-8")
    assert main(["claims", str(page)]) == 4
    said = capsys.readouterr().out
    assert "Diga en su lugar: Los" in said
    assert "Say instead: Los" not in said
    assert said.count("Say instead: ") == 1
