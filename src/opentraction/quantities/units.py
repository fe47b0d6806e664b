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
    "time": {"s": 1.0, "min": 60.0, "h": 3600.0, "ms": 0.001},
    "angle": {"deg": math.pi / 180.0, "rad": 1.0},
    "speed": {"m/s": 1.0, "mm/s": 0.001, "cm/s": 0.01},
    "force rate": {"N/s": 1.0, "lb/s": POUND_KG * GRAVITY, "kgf/s": GRAVITY},
    "frequency": {"Hz": 1.0},
    "fraction": {"%": 0.01},
    "impulse": {"N s": 1.0},
    "stiffness": {"N/m": 1.0, "N/mm": 1000.0},
    "power": {"W": 1.0},
    "score": {"": 1.0},
    "count": {"": 1.0},
}

NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_WRITTEN = re.compile(rf"^\s*({NUMBER})\s*([A-Za-z%°][A-Za-z%°/ ]*?)?\s*$")
_ALIASES = {"lbs": "lb", "pounds": "lb", "newton": "N", "newtons": "N", "sec": "s", "°": "deg", "years": "y"}


def parse_quantity(text: object, kind: str, where: str) -> float:
    """`"300 N"` -> 300.0: a written amount of `kind` in its SI unit.

    A bare number is refused unless the kind has no unit: a pound taken for a kilogram is how people get hurt.
    Raises BadInput.
    """
    units = FACTORS[kind]
    example = _example(kind)
    if not isinstance(text, str):
        raise BadInput(where, text, f"a number with its unit in quotes, such as {example}")
    match = _WRITTEN.match(text)
    if match is None:
        raise BadInput(where, text, f"a number with its unit, such as {example}")
    unit = _ALIASES.get(match[2] or "", match[2] or "")
    if unit not in units:
        said = f"a {kind} in {', '.join(u for u in units if u)}" if unit else "a number with its unit"
        raise BadInput(where, text, f"{said}, such as {example}")
    value = float(match[1]) * units[unit]
    if not math.isfinite(value):
        raise BadInput(where, text, f"a finite {kind}, such as {example}")
    return value


def display(value: float, kind: str, unit: str, decimals: int = 1) -> str:
    """A value in SI as a person's text, `"67.4 lb"`; what is not known is a dash, never a zero."""
    if not math.isfinite(value):
        return f"– {unit}".strip()
    return f"{value / FACTORS[kind][unit]:.{decimals}f} {unit}".strip()


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
    }
    return examples.get(kind, "'1'")
