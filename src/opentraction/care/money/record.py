"""Values that are signed or stored: frozen dataclasses that become JSON and come back, with one text and its hash."""

from __future__ import annotations

import types
import typing
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Self

from opentraction.quantities import BadInput, State
from opentraction.quantities.canonical import Canonical


class Record(Canonical):
    """A frozen dataclass made of texts, whole numbers, money, dates, shares, and tuples and records of them."""

    __slots__ = ()

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        kept = _kept(self)
        assert isinstance(kept, dict)
        return kept

    @classmethod
    def from_document(cls, document: Any, where: str = "") -> Self:
        """The record a document holds. Raises BadInput where it holds anything else."""
        read = _record(cls, document, where or cls.__name__)
        assert isinstance(read, cls)
        return read


def _kept(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _kept(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_kept(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return f"{value.numerator}/{value.denominator}" if isinstance(value, Fraction) else value


def _record(kind: Any, document: Any, where: str) -> Any:
    if not isinstance(document, dict):
        raise BadInput(where, document, f"the fields of {kind.__name__}")
    hints = typing.get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    for name in names:
        if name not in document:
            raise BadInput(f"{where}.{name}", State("missing"), "all of " + ", ".join(names))
    for name in document:
        if name not in names:
            raise BadInput(f"{where}.{name!s:.60}", State("not known"), "only " + ", ".join(names))
    return kind(**{name: _value(hints[name], document[name], f"{where}.{name}") for name in names})


def _value(kind: Any, value: Any, where: str) -> Any:
    if isinstance(kind, types.UnionType):
        inner = next(one for one in kind.__args__ if one is not types.NoneType)
        return None if value is None else _value(inner, value, where)
    if typing.get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise BadInput(where, value, "a list")
        inner = typing.get_args(kind)[0]
        return tuple(_value(inner, item, f"{where}[{i}]") for i, item in enumerate(value))
    if is_dataclass(kind):
        return _record(kind, value, where)
    return _plain(kind, value, where)


def _plain(kind: Any, value: Any, where: str) -> Any:
    if kind in {date, Fraction}:
        try:
            return date.fromisoformat(value) if kind is date else Fraction(value)
        except (TypeError, ValueError, ZeroDivisionError):
            raise BadInput(where, value, "a date" if kind is date else "a fraction, such as 33/400") from None
    if type(value) is not kind:  # a bool is no whole number here, nor the other way round
        raise BadInput(where, value, {str: "text", int: "a whole number", bool: "true or false"}[kind])
    return value
