"""Payers and their policies, as read from payers.toml."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from opentraction.care.money.criteria import Criterion, criterion_of
from opentraction.care.money.sources import Source, read_day, read_source, read_texts
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml, read_text

_FILE: Final = Path(__file__).parent / "payers.toml"
SERVICES: Final = ("decompression", "traction", "home")
REGIONS: Final = ("lumbar", "cervical", "thoracic")
STATUSES: Final = ("not covered", "narrow path", "verify")


@dataclass(frozen=True, slots=True)
class Policy:
    """What one payer says of some services, in one region or (empty) everywhere."""

    policy: str
    service: tuple[str, ...]
    region: str
    status: str
    words: str
    todo: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    policy_date: date | None
    read_on: date
    source: Source


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer by its key; `policies` in the order of the file."""

    key: str
    name: str
    policies: tuple[Policy, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A text with a key, for what is said of all payers together."""

    key: str
    words: str
    todo: tuple[str, ...]
    source: Source


@functools.cache
def payers() -> dict[str, Payer]:
    """Every payer we have read about, by key."""
    found: dict[str, Payer] = {}
    for table in _top().tables("payer"):
        table.only("key", "name", "plans", "policy")
        policies = tuple(_policy(one) for one in table.tables("policy"))
        for key, name in _names(table):
            if key in found:
                raise table.refuse("key", key, "each payer once")
            found[key] = Payer(key, name, policies)
    return found


@functools.cache
def default_words() -> Told:
    """What holds where nothing better is known: people pay themselves."""
    table = _top().table("default")
    return Told(table.text("key"), table.text("words", longest=300), read_texts(table, "todo"), read_source(table))


@functools.cache
def correction() -> Told:
    """What an article says of five insurers, put right."""
    table = _top().table("correction")
    return Told(table.text("key"), table.text("text", longest=800), (), read_source(table))


def _top() -> Table:
    return parse_toml(read_text(_FILE), _FILE.name)


def _names(table: Table) -> list[tuple[str, str]]:
    plans = table.table("plans")
    return [(key, plans.text(key)) for key in plans.data] if plans else [(table.text("key"), table.text("name"))]


def _policy(table: Table) -> Policy:
    table.only(
        *("policy", "service", "region", "status", "words", "todo", "criterion", "policy_date", "read_on"),
        *("source", "certainty", "reviewed_by"),
    )
    criteria = tuple(criterion_of(one) for one in table.tables("criterion"))
    status = table.word("status", STATUSES)
    if (status == "narrow path") != bool(criteria):
        raise BadInput(
            table.place("status"), status, "narrow path with criteria, or another status without", _FILE.name
        )
    return Policy(
        policy=table.text("policy"),
        service=tuple(one for one in SERVICES if one in read_texts(table, "service")),
        region=table.word("region", ("", *REGIONS), ""),
        status=status,
        words=table.text("words", longest=300),
        todo=read_texts(table, "todo"),
        criteria=criteria,
        policy_date=read_day(table, "policy_date") if "policy_date" in table else None,
        read_on=read_day(table, "read_on"),
        source=read_source(table),
    )
