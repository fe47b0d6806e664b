"""The scorers against tables worked out by hand; change a rule or a threshold in the data and a row here fails."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from opentraction.care.outcomes import Score, change, instrument, instruments, score
from opentraction.quantities import BadInput

HERE = Path(__file__).parent
BOOKS = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in HERE.glob("*.toml")}
CHANGES = BOOKS.pop("changes")["rows"]
ROWS = [(name, *row) for name, book in sorted(BOOKS.items()) for row in book["rows"]]
TOTALS = [(name, *row) for name, book in sorted(BOOKS.items()) for row in book.get("totals", ())]


def answers(name: str, text: str) -> dict[str, object]:
    """`1 - 0` by item, in order."""
    items = [one.id for one in instrument(name).items]
    given = text.split()
    assert len(given) == len(items), (name, text)
    return {key: number(word) for key, word in zip(items, given, strict=True) if word != "-"}


def number(word: str) -> float | int:
    return float(word) if "." in word else int(word)


def test_every_instrument_has_a_table_of_ten_rows() -> None:
    assert set(BOOKS) == set(instruments())
    assert {name: len(book["rows"]) for name, book in BOOKS.items() if len(book["rows"]) < 10} == {}


@pytest.mark.parametrize(("name", "given", "expected", "why"), ROWS)
def test_score(name: str, given: str, expected: str, why: str) -> None:
    if expected == "refused":
        with pytest.raises(BadInput):
            score(name, answers(name, given))
        return
    told = score(name, answers(name, given))
    assert told.value == (None if expected == "-" else pytest.approx(float(expected), abs=1e-12)), why
    assert told.valid is (expected != "-")
    if name == "start_back" and why:
        group, psychosocial = why.split()
        assert f"{group} risk" in told.words
        assert told.subscores["psychosocial"] == int(psychosocial)
    if name == "eq5d" and why:
        assert f"profile {why}" in told.words


@pytest.mark.parametrize(("name", "total", "expected"), TOTALS)
def test_total_entered_in_place_of_the_items(name: str, total: str, expected: str) -> None:
    if expected == "refused":
        with pytest.raises(BadInput):
            score(name, {"total": number(total)})
        return
    assert score(name, {"total": number(total)}).value == float(expected)


def single(name: str, value: str) -> Score | None:
    about = instrument(name)
    if value == "-":
        return None
    if about.total:
        return score(name, {"total": number(value)})
    keys = [about.primary] if about.primary else [one.id for one in about.items]
    return score(name, {key: number(value) for key in keys})


@pytest.mark.parametrize(
    ("name", "before", "after", "direction", "worthwhile", "beyond", "worse", "recovered"), CHANGES
)
def test_change(
    name: str, before: str, after: str, direction: str, worthwhile: str, beyond: str, worse: str, recovered: str
) -> None:
    told = change(single(name, before), single(name, after))
    word = {"?": "unknown"}
    assert told.direction == direction
    assert told.worthwhile == word.get(worthwhile, worthwhile)
    assert told.beyond_mdc == {"yes": True, "no": False, "?": None}[beyond]
    assert told.clearly_worse == word.get(worse, worse)
    assert told.recovered == word.get(recovered, recovered)
