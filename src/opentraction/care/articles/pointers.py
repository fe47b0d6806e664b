"""Pointers into this project, and the proof that each holds.

A pointer is one of: `python` ("package.module:name"), `url` (the name of an address of the console), `rule` (one of
screening), `data` ("care/money/payers.toml#aetna"), `doc` ("docs/page.md#heading"), `test` (a file of tests).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

KINDS_OF_POINTER: Final = ("python", "url", "rule", "data", "doc", "test")
SOURCE: Final = Path(__file__).parents[2]
_NAMES: Final = ("id", "key", "name")


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where something is; `planned` while it is not there yet."""

    kind: str
    to: str
    planned: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.to}"


@dataclass(frozen=True, slots=True)
class Ground:
    """What pointers are held against: the project's root folder (docs and tests) and the console's address names."""

    root: Path
    url_names: Collection[str]


def resolve(pointer: Pointer, ground: Ground) -> str:
    """Empty if the pointer holds, else why it does not, in a few words."""
    holds = {"python": _python, "rule": _rule, "data": _data}
    if pointer.kind in holds:
        return holds[pointer.kind](pointer.to)
    if pointer.kind == "url":
        return "" if pointer.to in ground.url_names else "no address of that name"
    return _page(pointer.to, ground.root)


def _python(to: str) -> str:
    module, _, name = to.partition(":")
    try:
        found: Any = import_module(module)
        for part in filter(None, name.split(".")):
            found = getattr(found, part)
    except (ImportError, AttributeError) as problem:
        return str(problem)
    return ""


def _rule(to: str) -> str:
    files = sorted((SOURCE / "screening" / "rules").glob("*.toml"))
    return "" if any(to in _loaded(file) for file in files) else "no screening rule of that name"


def _data(to: str) -> str:
    name, _, key = to.partition("#")
    file = SOURCE / name
    if not file.is_file():
        return "no such file"
    return "" if not key or _holds_key(_loaded(file), key) else "no such key or id in it"


def _page(to: str, root: Path) -> str:
    name, _, heading = to.partition("#")
    file = root / name
    if not file.is_file():
        return "no such file"
    return "" if not heading or heading in _anchors(file.read_text("utf-8")) else "no such heading in it"


def _anchors(text: str) -> set[str]:
    """Headings as the anchors a code host makes of them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@cache
def _loaded(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8"))


def _holds_key(data: dict[str, Any], key: str) -> bool:
    """A dotted key, or the id, key or name of a table anywhere in it."""
    here: Any = data
    for part in key.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return here is not None or any(table.get(name) == key for table in _tables(data) for name in _NAMES)


def _tables(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inside in value.values():
            yield from _tables(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _tables(inside)
