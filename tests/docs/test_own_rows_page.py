"""The page on rows of one's own: its example is read, and it names every key."""

from __future__ import annotations

import re

from opentraction.body.column.validation import published, read_rows
from tests.table_client import ROOT

PAGE = (ROOT / "docs/researcher/own-rows.md").read_text("utf-8")


def test_the_example_is_read() -> None:
    (text,) = re.findall(r"```toml\n(.+?)```", PAGE, re.DOTALL)
    (row,) = read_rows(text, "own.toml")
    assert (row.since, row.at, row.measured, row.low, row.high) == (3600.0, 4200.0, -330.0, -420.0, -240.0)


def test_every_key_of_a_shipped_row_stands_on_the_page() -> None:
    shipped = (ROOT / "src/opentraction/body/column/measurements.toml").read_text("utf-8")
    keys = set(re.findall(r"^(\w+) = ", shipped, re.MULTILINE))
    assert len(published()) > 100
    assert {key for key in keys if f"`{key}`" not in PAGE} == set()
