"""A refusal said to the person at the form: the field by its label, one sentence, ranges in the unit they used."""

from __future__ import annotations

import re

from opentraction.clinic.templatetags.amounts import forces_in
from opentraction.quantities import BadInput, display, quantity
from opentraction.quantities.units import FACTORS

_FORCE = re.compile(r"[-\u2212]?\d")
_UNIT = re.compile(r"([A-Za-z]+)\s*$")


def plain(label: str, written: str, refusal: BadInput) -> str:
    """`"Body mass: “92” cannot be used. Allowed: a mass in kg, lb, such as '70 kg'."`"""
    if not written:
        return f"{label} is empty. Write {refusal.allowed}."
    return f"{label}: “{_short(written)}” cannot be used. Allowed: {refusal.allowed}."


def said_in(refusal: BadInput, unit: str) -> str:
    """The whole refusal as one sentence, its forces in both units, the reader's first."""
    if type(refusal) is not BadInput:  # one that has a sentence of its own
        return forces_in(str(refusal), unit)
    force = isinstance(refusal.value, str) and _FORCE.match(refusal.value)  # a name that tells a force is no force
    value = forces_in(str(refusal.value), unit) if force else refusal.value
    return str(BadInput(refusal.where, value, forces_in(refusal.allowed, unit), refusal.source))


def in_their_unit(key: str, written: str, refusal: BadInput) -> BadInput:
    """The same refusal, its absolute range in the unit that was written."""
    one, found = quantity(key), _UNIT.search(written)
    unit = found[1] if found else one.display_unit
    if refusal.allowed != one.allowed() or unit == one.display_unit or unit not in FACTORS[one.kind]:
        return refusal
    low, high = (display(end, one.kind, unit, 1) for end in (one.bounds.low, one.bounds.high))
    return BadInput(refusal.where, refusal.value, f"{one.name} from {low} to {high}")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
