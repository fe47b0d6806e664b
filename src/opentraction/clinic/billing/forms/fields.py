"""A form as a page shows it: its fields with what was typed in them, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from opentraction.clinic.forms.saying import plain
from opentraction.quantities import BadInput

Value = TypeVar("Value")
Choices = tuple[tuple[str, str], ...]
LONGEST = 400


@dataclass
class Field:
    """One input. `kind` is that of the HTML input, or `choice`, `tick`, `long`; `min` and `max` bound a number."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    example: str = ""
    kind: str = "text"
    choices: Choices = ()
    wide: bool = False
    refusal: str = ""


@dataclass
class Form:
    """Its fields by name; `wrong` is what is wrong with them together."""

    fields: dict[str, Field]
    wrong: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, fields: Iterable[Field], posted: Mapping[str, str] | None = None) -> Form:
        """The fields as first shown, or with what was posted."""
        form = cls({one.name: one for one in fields})
        for one in form.fields.values() if posted is not None else ():
            one.value = _typed(one, str((posted or {}).get(one.name, "")))
            if not _clean(one, one.value):
                one.value, one.refusal = "", f"{one.label}: write plain text of at most {LONGEST} characters."
        return form

    def __getitem__(self, name: str) -> Field:
        return self.fields[name]

    def read(self, name: str, reader: Callable[[str], Value]) -> Value | None:
        """What the field means; None where it cannot be used, which is then said beside it."""
        one = self.fields[name]
        if one.refusal:
            return None
        try:
            return reader(one.value)
        except BadInput as refusal:
            one.refusal = plain(one.label, one.value, refusal)
            return None

    def refuse(self, refusal: BadInput, where: Mapping[str, str]) -> None:
        """What the domain refuses: at the field it means, if `where` knows it, else above the form."""
        name = where.get(refusal.where)
        if name is None:
            self.wrong.append(str(refusal))
        else:
            self.fields[name].refusal = plain(self.fields[name].label, self.fields[name].value, refusal)

    @property
    def bad(self) -> bool:
        """Whether anything cannot be used."""
        return bool(self.wrong or self.refused)

    @property
    def refused(self) -> int:
        """How many fields cannot be used."""
        return sum(bool(one.refusal) for one in self.fields.values())


def _typed(one: Field, text: str) -> str:
    return text.strip() if one.kind != "tick" else "yes" if text else ""


def _clean(one: Field, text: str) -> bool:
    shown = text.replace("\r", "").replace("\n", "") if one.kind == "long" else text
    return len(text) <= LONGEST and (shown.isprintable() or not shown)


def number(low: int, high: int, empty: int | None = None) -> Callable[[str], int]:
    """A reader of whole numbers; an empty field means `empty`, where that is given."""

    def read(text: str) -> int:
        if not text and empty is not None:
            return empty
        if not text.isascii() or not text.isdecimal() or len(text) > 9 or not low <= int(text) <= high:
            raise BadInput("number", text, f"a whole number from {low} to {high}")
        return int(text)

    return read


def one_of(choices: Choices) -> Callable[[str], str]:
    """A reader of a choice, by its key."""

    def read(text: str) -> str:
        if text not in dict(choices):
            raise BadInput("choice", text, "one of " + ", ".join(words for _, words in choices))
        return text

    return read


def words(longest: int, least: int = 0) -> Callable[[str], str]:
    """A reader of text on one line or more."""

    def read(text: str) -> str:
        if not least <= len(text) <= longest:
            raise BadInput("text", text, f"{least or 'none'} to {longest} characters")
        return text

    return read


def optional(reader: Callable[[str], Value]) -> Callable[[str], Value | None]:
    """None where nothing was typed."""

    def read(text: str) -> Value | None:
        return reader(text) if text else None

    return read
