"""The instruments that ship, read once from their files and checked on the way."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from opentraction.care.outcomes.instrument import Fact, Instrument, Item, Thresholds
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml, read_text

FOLDER = Path(__file__).parent / "questionnaires"
CERTAINTIES = ("read", "memory", "design")
_RULES = ("primary", "mean", "proportion", "start_back", "eq5d")
_REGIONS = ("lumbar", "cervical", "any")
_TOP = (
    "id", "name", "short", "measures", "region", "rule", "primary", "low", "high", "unit", "better", "decimals", "ask",
    "answers", "own", "total", "caveat", "note", "source", "certainty", "variants", "licence", "missing", "change",
    "anchor", "recovered", "bands", "items",
)  # fmt: skip


@cache
def instruments() -> dict[str, Instrument]:
    """All of them by id."""
    found: dict[str, Instrument] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        found.update({one.id: one for one in instruments_from(parse_toml(read_text(path), path.name))})
    return found


def instrument(name: str) -> Instrument:
    """The instrument of that id. Raises BadInput."""
    if name not in instruments():
        raise BadInput("instrument", name, "one of " + ", ".join(instruments()))
    return instruments()[name]


def instruments_from(top: Table) -> list[Instrument]:
    """What one file describes: an instrument, or its variants (one a place, one a domain). Raises BadInput."""
    top.only(*_TOP)
    variants = top.tables("variants")
    if not variants:
        return [_read(top, top)]
    for one in variants:
        one.only("id", "name", "short", "region", "better", "ask")
    return [_read(top, one) for one in variants]


def _read(top: Table, variant: Table) -> Instrument:
    items = tuple(_item(one) for one in top.tables("items"))
    low, high = top.number("low", -100, 100), top.number("high", -100, 1000)
    return Instrument(
        family=top.text("id"),
        measures=top.text("measures"),
        rule=top.word("rule", _RULES),  # type: ignore[arg-type]  # checked against the same words
        primary=_primary(top, items),
        low=low,
        high=high,
        unit=top.text("unit", ""),
        decimals=top.count("decimals", 0, 3),
        tick=top.word("answers", ("number", "tick"), "number") == "tick",
        own=top.flag("own"),
        total=top.flag("total"),
        item_text=_may_ship(top, items),
        thresholds=_thresholds(top),
        bands=tuple((one.number("to", low, high), one.text("words")) for one in top.tables("bands")),
        items=items,
        **_of_variant(top, variant),
        **_fine_print(top, items),
    )


def _of_variant(top: Table, variant: Table) -> dict[str, Any]:
    """What a variant may say by itself; else what the file says for all of them."""

    def said(key: str, default: str | None = None) -> str:
        return variant.text(key, longest=400) if key in variant else top.text(key, default, longest=400)

    return {
        "id": said("id"),
        "name": said("name"),
        "short": said("short"),
        "region": (variant if "region" in variant else top).word("region", _REGIONS, "any"),
        "better": (variant if "better" in variant else top).word("better", ("lower", "higher")),
        "ask": said("ask", ""),
    }


def _fine_print(top: Table, items: tuple[Item, ...]) -> dict[str, Any]:
    """Where it comes from, under which licence, what it cannot say, and what a gap does to it."""
    missing = top.table("missing")
    return {
        "caveat": top.text("caveat", "", longest=200),
        "note": top.text("note", "", longest=300),
        "about": Fact("", top.text("source", longest=300), top.word("certainty", CERTAINTIES)),
        "licence": _fact(top.table("licence")),
        "missing": _fact(missing),
        "missing_allowed": missing.count("allowed", 0, len(items)),
    }


def _item(one: Table) -> Item:
    one.only("id", "text", "low", "high", "whole", "ends", "one_from")
    return Item(
        one.text("id"),
        one.number("low", -100, 100),
        one.number("high", -100, 100),
        one.flag("whole") if "whole" in one else True,
        one.text("text", ""),
        tuple(one.data.get("ends", ())),
        one.count("one_from", 1, 10) if "one_from" in one else None,
    )


def _primary(top: Table, items: tuple[Item, ...]) -> str:
    if "primary" not in top:
        return ""
    return top.word("primary", [one.id for one in items])


def _may_ship(top: Table, items: tuple[Item, ...]) -> bool:
    """A licence that keeps the words to itself is kept: not one item may carry any."""
    allowed = top.table("licence").flag("item_text")
    if not allowed and any(one.text or one.ends for one in items):
        raise top.refuse("items", "item text", "answers without words, for the licence does not let us ship them")
    return allowed


def _fact(table: Table) -> Fact:
    return Fact(
        table.text("words", longest=600), table.text("source", longest=300), table.word("certainty", CERTAINTIES)
    )


def _thresholds(top: Table) -> Thresholds:
    change, anchor, recovered = top.table("change"), top.table("anchor"), top.table("recovered")
    change.only("points", "percent", "mdc", "source", "certainty", "mdc_certainty")
    anchor.only("middle", "worthwhile", "source", "certainty")
    recovered.only("at", "source", "certainty")
    return Thresholds(
        points=_maybe(change, "points"),
        percent=_maybe(change, "percent"),
        mdc=_maybe(change, "mdc"),
        middle=_maybe(anchor, "middle"),
        worthwhile=_maybe(anchor, "worthwhile"),
        recovered=_maybe(recovered, "at"),
        fact=_source(change or anchor),
        mdc_certainty=change.word("mdc_certainty", CERTAINTIES, "read"),
        recovered_fact=_source(recovered),
    )


def _source(table: Table) -> Fact:
    if not table:
        return Fact("", "no threshold known", "design")
    return Fact("", table.text("source", longest=300), table.word("certainty", CERTAINTIES))


def _maybe(table: Table, key: str) -> float | None:
    return table.number(key, -100, 100) if key in table else None
