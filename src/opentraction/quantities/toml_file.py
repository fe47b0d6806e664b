"""The door for files people write: TOML in, checked values out, and one sentence for anything else.

A `Table` hands out its values by kind and remembers where it stands, so a refusal names the field as it is written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from opentraction.quantities.dictionary import quantity
from opentraction.quantities.refusal import BadInput, State

LARGEST = 256 * 1024
_LINE = re.compile(r"\(at (line \d+, column \d+|end of document)\)")


def read_text(path: str | Path) -> str:
    """The text of a file of at most 256 KiB in UTF-8. Raises BadInput, naming the file."""
    place = Path(path)
    try:
        if not place.is_file():
            raise BadInput("file", _no_file(place), "an existing TOML file", str(path))
        with place.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or "not a file name"
        if isinstance(problem, BadInput):
            raise
        raise BadInput("file", State(f"not readable ({why})"), "a TOML file that can be read", str(path)) from None
    if len(raw) > LARGEST:
        raise BadInput("file", State("too long"), f"at most {LARGEST // 1024} KiB", str(path))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        what = State(f"not text (byte {problem.start} is 0x{raw[problem.start]:02x})")
        raise BadInput("file", what, "text in UTF-8", str(path)) from None


def _no_file(place: Path) -> State:
    """Why there is nothing to read; something that only looks like a file may never end."""
    if place.is_dir():
        return State("a folder")
    return State("no ordinary file" if place.exists() else "not there")


def parse_toml(text: str, source: str) -> Table:
    """The top table of a TOML text. Raises BadInput with the line for what is not TOML, and for nothing at all."""
    try:
        data = tomllib.loads(text.replace("\r\n", "\n"))
    except RecursionError:
        raise BadInput("file", State("nested too deep"), "tables and lists a few levels deep", source) from None
    except ValueError as problem:
        raise _not_toml(str(problem), source) from None
    if not data:
        raise BadInput("file", State("empty"), "a TOML file with at least one key", source)
    return Table(data, source=source)


def _not_toml(message: str, source: str) -> BadInput:
    match = _LINE.search(message)
    place = match[1] if match else "file"
    what = _LINE.sub("", message).strip().rstrip(".") or "unreadable"
    return BadInput(
        place, State(f"not TOML ({what[:1].lower()}{what[1:]})"), 'TOML, such as high = "75 lb", each key once', source
    )


class Table:
    """One table of a file. Every read names the key; `only` refuses the keys nobody asked for. All raise BadInput."""

    def __init__(self, data: Mapping[str, Any], where: str = "", source: str = "") -> None:
        self.data = data
        self.where = where
        self.source = source

    def place(self, key: str) -> str:
        """The dotted name of a key."""
        return f"{self.where}.{key}" if self.where else key

    def refuse(self, key: str, value: object, allowed: str) -> BadInput:
        """A refusal of `key` in this file."""
        return BadInput(self.place(key), value, allowed, self.source)

    def holding(self, data: Mapping[str, Any]) -> Table:
        """Other values at the same place."""
        return type(self)(data, self.where, self.source)

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def __bool__(self) -> bool:
        return bool(self.data)

    def only(self, *keys: str) -> None:
        """Refuse a key that is not among `keys`."""
        for key in self.data:
            if key not in keys:
                name = key[:60] if key.isprintable() and key else repr(key[:60])
                raise self.refuse(name, State("not known"), ", ".join(keys))

    def need(self, key: str, example: str) -> Any:
        """The raw value of a key that must be there."""
        if key not in self.data:
            raise self.refuse(key, State("missing"), f"{key} = {example}")
        value = self.data[key]
        if isinstance(value, date | time):
            raise self.refuse(key, value.isoformat(), f"{key} = {example}, not a date or a time of day")
        return value

    def text(self, key: str, default: str | None = None, longest: int = 120, lines: bool = False) -> str:
        """Plain text, on one line unless `lines`."""
        value = default if key not in self.data and default is not None else self.need(key, '"text"')
        if not isinstance(value, str) or len(value) > longest:
            raise self.refuse(key, value, f"text of at most {longest} characters")
        if not lines and not value.isprintable():
            raise self.refuse(key, value, "printable text on one line")
        return value.strip()

    def word(self, key: str, words: Collection[str], default: str | None = None) -> str:
        """One of a few words."""
        value = (
            default
            if key not in self.data and default is not None
            else self.need(key, " or ".join(f'"{w}"' for w in words))
        )
        if not isinstance(value, str) or value not in words:
            raise self.refuse(key, value, "one of " + ", ".join(words))
        return value

    def count(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number; a bool is not one."""
        value = default if key not in self.data and default is not None else self.need(key, str(low))
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.refuse(key, value, f"a whole number from {low} to {high}")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false when it is not there."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.refuse(key, value, "true or false")
        return value

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """A plain number without a unit, for what has none."""
        value = default if key not in self.data and default is not None else self.need(key, str(low))
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.refuse(key, value, f"a number from {low:g} to {high:g}")
        return float(value)

    def texts(self, key: str, longest: int = 1000) -> tuple[str, ...]:
        """A list of texts, each on one line; empty when it is not there."""
        value = self.data.get(key, [])
        rule = f"a list of texts of at most {longest} characters each"
        if not isinstance(value, list) or not all(isinstance(one, str) and len(one) <= longest for one in value):
            raise self.refuse(key, value, rule)
        return tuple(one.strip() for one in value)

    def day(self, key: str, default: date | None = None) -> date:
        """A date such as 2026-11-22, without a time of day."""
        value = self.data.get(key, default)
        if isinstance(value, str):
            value = _as_day(value)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.refuse(key, self.data.get(key, State("missing")), f"{key} = 2026-11-22")
        return value

    def amount(self, key: str, name: str, default: str | None = None) -> float:
        """An amount of the quantity `name` with its unit, in SI, inside its absolute bounds."""
        value = (
            default
            if key not in self.data and default is not None
            else self.need(key, f'"{quantity(name).show(quantity(name).bounds.recommended_low)}"')
        )
        try:
            return quantity(name).read(value, self.place(key))
        except BadInput as refusal:
            raise refusal.within(self.source) from None

    def table(self, key: str) -> Table:
        """A table inside this one; empty when it is not there."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.refuse(key, value, f"a table, written [{self.place(key)}]")
        return Table(value, self.place(key), self.source)

    def tables(self, key: str) -> list[Table]:
        """A list of tables; empty when it is not there."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.refuse(key, value, f"a list of tables, each written [[{self.place(key)}]]")
        return [Table(item, f"{self.place(key)}[{i}]", self.source) for i, item in enumerate(value)]

    def counted(self, key: str, name: str = "") -> list[Table]:
        """As `tables`, told as a person counts: the second is `stage 2`, its force `stage 2, force`."""
        word = self.place(name or key)
        return [_Counted(one.data, f"{word} {n}", self.source) for n, one in enumerate(self.tables(key), start=1)]


class _Counted(Table):
    """One table of a list that people count."""

    def place(self, key: str) -> str:
        """`stage 2, force`."""
        return f"{self.where}, {key}"


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
