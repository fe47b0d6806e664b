"""What an examination found: felt symptoms by dermatome, leg raise, motion, strength, reflexes, sensation, walking.

Readings are kept as they are read: degrees off the goniometer, centimetres off the tape, metres walked. None means not
examined; it is never 0.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from opentraction.care.outcomes.roots import SIDES, roots
from opentraction.quantities import BadInput, State, check_line

QUALITIES = ("numbness", "tingling", "weakness", "pain")
# Each motion with its lowest and highest reading that can be, and its unit.
MOTIONS = {
    "fingertip_floor_cm": (-30.0, 100.0, "cm"),
    "schober_modified_modified_cm": (0.0, 15.0, "cm"),
    "flexion_deg": (0.0, 130.0, "°"),
    "extension_deg": (0.0, 90.0, "°"),
    "side_bend_left_deg": (0.0, 70.0, "°"),
    "side_bend_right_deg": (0.0, 70.0, "°"),
    "rotation_left_deg": (0.0, 110.0, "°"),
    "rotation_right_deg": (0.0, 110.0, "°"),
}
SLR_POSITIVE = (30.0, 70.0)  # degrees; the project's clinical notes, section 4

Place = str
"""A root and a side, such as "L5-left"."""


@dataclass(frozen=True, slots=True)
class Felt:
    """What the patient feels in one dermatome, 0 none to 10 worst; None: not asked."""

    numbness: int | None = None
    tingling: int | None = None
    weakness: int | None = None
    pain: int | None = None

    def of(self, quality: str) -> int | None:
        """One of the four by name."""
        value: int | None = getattr(self, quality)
        return value


@dataclass(frozen=True, slots=True)
class Raise:
    """A straight-leg raise: the angle at which it hurt or stopped [degrees], and whether it hurt as the leg pain does.

    None for `familiar`: not asked.
    """

    degrees: float | None = None
    familiar: bool | None = None

    @property
    def positive(self) -> bool | None:
        """Familiar pain from 30 to 70 degrees; None where either is not known."""
        if self.familiar is None or (self.familiar and self.degrees is None):
            return None
        return bool(self.familiar) and SLR_POSITIVE[0] <= (self.degrees or 0.0) <= SLR_POSITIVE[1]


@dataclass(frozen=True, slots=True)
class Examination:
    """One examination. Keys of `felt`, `light_touch` and `pin` are places ("L5-left"); of `strength` and `reflexes`
    a muscle or reflex and a side ("ankle_dorsiflexors-left"); of `raises` "left", "right", "crossed-left",
    "crossed-right" (the leg that was raised); of `motion` as in `MOTIONS`. Raises BadInput."""

    taken: date
    by: str = ""
    felt: Mapping[Place, Felt] = field(default_factory=dict)
    raises: Mapping[str, Raise] = field(default_factory=dict)
    motion: Mapping[str, float] = field(default_factory=dict)
    strength: Mapping[str, int] = field(default_factory=dict)
    reflexes: Mapping[str, int] = field(default_factory=dict)
    light_touch: Mapping[Place, int] = field(default_factory=dict)
    pin: Mapping[Place, int] = field(default_factory=dict)
    walking_m: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        check_line(self.by, "examination.by", 150)
        known = roots()
        for place, felt in self.felt.items():
            _placed("felt", place, known.dermatomes)
            for quality in QUALITIES:
                _whole(f"felt.{place}.{quality}", felt.of(quality), 10)
        for name, book, top in (("strength", known.muscles, 5), ("reflexes", known.reflexes, 4)):
            for place, grade in getattr(self, name).items():
                _placed(name, place, book)
                _whole(f"{name}.{place}", grade, top)
        for name in ("light_touch", "pin"):
            for place, grade in getattr(self, name).items():
                _placed(name, place, known.dermatomes)
                _whole(f"{name}.{place}", grade, 2)
        self._check_readings()

    def _check_readings(self) -> None:
        for leg, found in self.raises.items():
            if leg not in {"left", "right", "crossed-left", "crossed-right"}:
                raise BadInput(f"raises.{leg}", State("not known"), "left, right, crossed-left, crossed-right")
            _reading(f"raises.{leg}", found.degrees, 0.0, 120.0, "°")
        for name, value in self.motion.items():
            if name not in MOTIONS:
                raise BadInput(f"motion.{name}", State("not known"), ", ".join(MOTIONS))
            _reading(f"motion.{name}", value, *MOTIONS[name])
        _reading("walking_m", self.walking_m, 0.0, 50_000.0, "m")
        if len(self.note) > 4000:
            raise BadInput("examination.note", State("too long"), "at most 4000 characters")

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        told: dict[str, Any] = {"doc": "examination", "schema": 1, "taken": self.taken.isoformat()}
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name == "felt":
                told["felt"] = {place: {q: felt.of(q) for q in QUALITIES} for place, felt in value.items()}
            elif one.name == "raises":
                told["raises"] = {k: {"degrees": v.degrees, "familiar": v.familiar} for k, v in value.items()}
            elif one.name != "taken":
                told[one.name] = dict(value) if isinstance(value, Mapping) else value
        return told

    def canonical(self) -> str:
        """The document as one text that is always the same."""
        return json.dumps(self.document(), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    @property
    def sha256(self) -> str:
        """Of the canonical text."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    @classmethod
    def from_document(cls, doc: Mapping[str, Any]) -> Examination:
        """The examination a document tells of. Raises BadInput."""
        if doc.get("doc") != "examination" or doc.get("schema") != 1:
            raise BadInput("examination.doc", doc.get("doc"), "examination, schema 1")
        try:
            plain = {one.name: doc[one.name] for one in fields(cls) if one.name not in {"taken", "felt", "raises"}}
            felt = {place: Felt(**one) for place, one in doc["felt"].items()}
            raises = {leg: Raise(**one) for leg, one in doc["raises"].items()}
            return cls(taken=date.fromisoformat(doc["taken"]), felt=felt, raises=raises, **plain)
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            if isinstance(problem, BadInput):
                raise
            raise BadInput("examination", str(problem), "a document as `document()` writes it") from None


def _placed(name: str, place: str, book: Mapping[str, Any]) -> None:
    root, _, side = place.rpartition("-")
    if root not in book or side not in SIDES:
        first = next(iter(book))
        raise BadInput(f"{name}.{place[:60]}", State("not known"), f"a name and a side, such as {first}-left")


def _whole(where: str, value: object, top: int) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= top:
        raise BadInput(where, value, f"a whole number from 0 to {top}, or left out where it was not examined")


def _reading(where: str, value: object, low: float, high: float, unit: str) -> None:
    if value is None:
        return
    ok = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not ok or not low <= value <= high:  # type: ignore[operator]
        raise BadInput(where, value, f"{low:g} to {high:g} {unit}, or left out where it was not measured")
