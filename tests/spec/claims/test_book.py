"""The book of claims: every sentence is flagged by exactly the rules it names, or is clean."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from opentraction.care.claims import check, rules

BOOKS = sorted(Path(__file__).parent.glob("*.toml"))
SENTENCES = [
    pytest.param(one, id=f"{book.stem}-{k}: {one['text'][:50]!r}")
    for book in BOOKS
    for k, one in enumerate(tomllib.loads(book.read_text("utf-8"))["sentence"])
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_judged_as_the_book_says(sentence: dict[str, Any]) -> None:
    found = {one.rule for one in check(sentence["text"], sentence.get("kind", "text"))}
    assert found == set(sentence.get("flagged", []))


def test_the_book_is_long_enough_and_knows_every_rule() -> None:
    flagged = {rule for one in SENTENCES for rule in one.values[0].get("flagged", [])}  # type: ignore[union-attr]
    assert len(SENTENCES) >= 120
    assert flagged == {rule.id for rule in rules()}
