"""Units at the door: people write pounds, kilograms or newtons; inside there is only SI.

Factors are exact by definition: the international pound (0.45359237 kg, 1959) and standard gravity
(9.80665 m/s^2, CGPM 1901).
"""

from __future__ import annotations

import math
import re

from opentraction.quantities.refusal import BadInput

GRAVITY = 9.80665
POUND_KG = 0.45359237
INCH_M = 0.0254

FACTORS: dict[str, dict[str, float]] = {
    "force": {
        "N": 1.0,
        "kN": 1000.0,
        "lb": POUND_KG * GRAVITY,
        "lbf": POUND_KG * GRAVITY,
        "kgf": GRAVITY,
        "daN": 10.0,
    },
    "mass": {"kg": 1.0, "lb": POUND_KG, "g": 0.001, "st": 14 * POUND_KG},
    "length": {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": INCH_M, "ft": 12 * INCH_M},
    "time": {"s": 1.0, "min": 60.0, "h": 3600.0, "ms": 0.001, "d": 86400.0, "week": 604800.0},
    "angle": {"deg": math.pi / 180.0, "rad": 1.0},
    "speed": {"m/s": 1.0, "mm/s": 0.001, "cm/s": 0.01},
    "force rate": {"N/s": 1.0, "lb/s": POUND_KG * GRAVITY, "kgf/s": GRAVITY},
    "frequency": {"Hz": 1.0},
    "fraction": {"%": 0.01},
    "impulse": {"N s": 1.0},
    "moment": {"N m": 1.0},
    "stiffness": {"N/m": 1.0, "N/mm": 1000.0},
    "power": {"W": 1.0},
    "score": {"": 1.0},
    "count": {"": 1.0},
}

UNSIGNED = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
NUMBER = rf"[+-]?{UNSIGNED}"
LONGEST = 200  # characters in a written amount; a longer one is a mistake or an attack
_WRITTEN = re.compile(rf"^\s*({NUMBER})\s*([A-Za-z%°][A-Za-z%°/ ]*?)?\s*$")
_ALIASES = {
    **{"lbs": "lb", "pounds": "lb", "newton": "N", "newtons": "N", "sec": "s", "°": "deg"},
    **{"Nm": "N m", "day": "d", "days": "d", "weeks": "week"},
    **{"hour": "h", "hours": "h", "minute": "min", "minutes": "min", "second": "s", "seconds": "s"},
}


def parse_quantity(text: object, kind: str, where: str) -> float:
    """`"300 N"` -> 300.0: a written amount of `kind` in its SI unit.

    A bare number is refused unless the kind has no unit: a pound taken for a kilogram is how people get hurt.
    Raises BadInput.
    """
    number, unit = _split(text, kind, where)
    units = FACTORS[kind]
    if unit not in units:
        raise BadInput(where, text, f"{_units_of(kind)}, such as {_example(kind)}{hint(text, kind)}")
    value = number * units[unit]
    if not math.isfinite(value):
        raise BadInput(where, text, f"a finite {kind}, such as {_example(kind)}")
    return value


def _split(text: object, kind: str, where: str) -> tuple[float, str]:
    if "" in FACTORS[kind] and isinstance(text, int | float) and not isinstance(text, bool):
        return (float(text) if abs(text) < 1e300 else math.inf), ""
    if not isinstance(text, str):
        raise BadInput(where, text, f"{_units_of(kind)} in quotes, such as {_example(kind)}")
    match = _WRITTEN.match(text) if len(text) <= LONGEST else None
    if match is None:
        raise BadInput(where, text, f"{_units_of(kind)}, such as {_example(kind)}{hint(text, kind)}")
    unit = match[2] or ""
    return float(match[1]), _ALIASES.get(unit, unit)


_KILOGRAMS = re.compile(rf"({UNSIGNED})\s*kg(/s)?(?![A-Za-z])")
_COMMA = re.compile(r"[0-9]+,[0-9]+")
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]+")
_FORCE_UNITS = {
    **dict.fromkeys(("lb", "lbs", "lbf", "lbsf", "pound", "pounds"), "lb"),
    **dict.fromkeys(("kgf", "kp"), "kgf"),
    **dict.fromkeys(("n", "newton", "newtons"), "N"),
    "bw": "BW",
}


def hint(text: object, kind: str = "force") -> str:
    """What a refusal adds where a common slip shows what was meant: a comma, kilograms for a force, `lbs`; or empty."""
    if not isinstance(text, str) or len(text) > LONGEST:
        return ""
    if comma := _COMMA.search(text):
        return f"; in {comma[0]} use a point for decimals, and nothing between thousands"
    if kind not in {"force", "force rate"}:
        return ""
    if found := _KILOGRAMS.search(text):
        return f"; kg is a mass, write {found[1]} kgf{found[2] or ''} for a {kind}"
    return _unit_hint(text)


def _unit_hint(text: str) -> str:
    """The first unit of force that is nearly one of ours, with the one to write."""
    for word in _WORD.findall(text):
        unit = _FORCE_UNITS.get(word.lower(), word)
        if word not in {unit, "lbf"}:
            return f"; write {unit}, not {word}"
    return ""


def _units_of(kind: str) -> str:
    named, article = [unit for unit in FACTORS[kind] if unit], "an" if kind[0] in "aeiou" else "a"
    return f"{article} {kind} in {', '.join(named)}" if named else f"{article} {kind}, a plain number"


def display(value: float, kind: str, unit: str, decimals: int = 1) -> str:
    """A value in SI as a person's text, `"67.4 lb"`; what is not known is a dash, never a zero."""
    if not math.isfinite(value):
        return f"– {unit}".strip()
    return f"{value / FACTORS[kind][unit]:z.{decimals}f} {unit}".strip()


def _example(kind: str) -> str:
    examples = {
        "force": "'300 N', '75 lb' or '34 kgf'",
        "mass": "'70 kg' or '154 lb'",
        "length": "'1.76 m'",
        "time": "'30 min' or '45 s'",
        "angle": "'15 deg'",
        "speed": "'10 mm/s'",
        "force rate": "'20 N/s'",
        "frequency": "'0.5 Hz'",
        "fraction": "'40 %'",
        "moment": "'5 N m'",
        "impulse": "'40 N s'",
        "stiffness": "'20 N/mm'",
        "power": "'200 W'",
    }
    return examples.get(kind, "'1'")
