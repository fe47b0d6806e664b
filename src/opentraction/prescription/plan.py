"""A plan: one prescription in newtons for one patient. Frozen, hashed, and checked again wherever it is loaded."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from opentraction.prescription.check import check_plan
from opentraction.prescription.waveform import COLUMNS, Array
from opentraction.quantities import BadInput

SCHEMA = 1
PLAIN = "linear"
_WORDS = ("name", "region", "position", "posture", "couch", "mode", "release_shape")
_LONGEST = 300_000
"""A row of twelve numbers of full length takes 240 characters."""


@dataclass(frozen=True)
class Plan:
    """The signed thing: what the table will pull, second by second, and inside which bounds. All SI.

    `rows` is the waveform (columns in `waveform.py`), `base` the force between pulls [N], `peak` the highest force with
    oscillation [N], `rise_limit` the steepest rise allowed [N/s], `total_time` everything prescribed from pretension to
    the last rest [s]. The final release comes after it: `release_rate` is its steepest rate [N/s], `release_shape` how
    it falls (`release.py`).
    """

    name: str
    region: str
    position: str
    posture: str
    couch: str
    mode: str
    angle: float
    mass: float
    ceiling: float
    pretension: float
    base: float
    peak: float
    rise_limit: float
    release_rate: float
    cycles: int
    total_time: float
    impulse: float
    rows: tuple[tuple[float, ...], ...]
    schema: int = SCHEMA
    release_shape: str = PLAIN

    def __post_init__(self) -> None:
        check_plan(self)

    @cached_property
    def segments(self) -> Array:
        """The waveform as data, float64 [n, 12], read only."""
        table = np.array(self.rows, dtype=np.float64)
        table.setflags(write=False)
        return table

    def canonical(self) -> str:
        """Canonical JSON: sorted keys, no spaces, shortest floats that read back the same.

        A linear release goes without saying: plans signed before there were other shapes keep their text and hash.
        """
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        if self.release_shape == PLAIN:
            del said["release_shape"]
        return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)

    @cached_property
    def sha256(self) -> str:
        """Hash of the canonical text, in hexadecimal."""
        return hashlib.sha256(self.canonical().encode("ascii")).hexdigest()

    @staticmethod
    def from_canonical(text: str) -> Plan:
        """The plan back from its canonical text, every bound checked again. Raises BadInput."""
        return Plan(**_typed(_parse(text)))


def _parse(text: object) -> dict[str, Any]:
    if not isinstance(text, str):
        raise BadInput("plan", text, "the canonical JSON of a plan, as text")
    if len(text) > _LONGEST:
        raise BadInput("plan", f"{len(text)} characters", f"canonical JSON text of at most {_LONGEST} characters")
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput("plan", text[:40], "the canonical JSON of a plan") from None
    names = sorted(field.name for field in fields(Plan) if field.name != "release_shape")
    given = sorted(set(raw) - {"release_shape"}) if isinstance(raw, dict) else raw
    if not isinstance(raw, dict) or given != names:
        raise BadInput("plan", given, f"an object with exactly the keys {', '.join(names)}")
    return raw


def _typed(raw: dict[str, Any]) -> dict[str, Any]:
    plan: dict[str, Any] = {}
    for key, value in raw.items():
        if key in _WORDS:
            plan[key] = _word(value, key)
        elif key in {"cycles", "schema"}:
            plan[key] = _whole(value, key)
        elif key == "rows":
            plan[key] = _rows(value)
        else:
            plan[key] = _number(value, f"plan.{key}")
    return plan


def _word(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise BadInput(f"plan.{key}", value, "text")
    return value


def _whole(value: object, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput(f"plan.{key}", value, "a whole number")
    return value


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e18:
        raise BadInput(where, value, "a finite number")
    return float(value)


def _rows(value: object) -> tuple[tuple[float, ...], ...]:
    if not isinstance(value, list) or not all(isinstance(row, list) and len(row) == COLUMNS for row in value):
        raise BadInput("plan.rows", value, f"a list of segments with {COLUMNS} numbers each")
    return tuple(tuple(_number(cell, f"plan.rows[{i}]") for cell in row) for i, row in enumerate(value))
