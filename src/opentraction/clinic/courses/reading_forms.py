"""What is written on the course's forms, read into values. All raise BadInput with the field's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from opentraction.clinic.courses.models import Terms
from opentraction.patient.patient import REGIONS
from opentraction.quantities import BadInput, State, display, parse_force, parse_quantity
from opentraction.quantities.units import FACTORS

FIELDS: Final = (
    "region", "template", "weeks", "start", "length", "unit", "cap", "above_planned", "watch_pressure",
    "justification", "maintenance_from", "onset", "imaging_fits", "asks_surgeon",
)  # fmt: skip
ANSWERS: Final = {"": None, "yes": True, "no": False}
CHECKS: Final = {"spine": 10, "limb": 10, "strength_drop": 5, "weakest_muscle": 5, "systolic": 300, "diastolic": 250}


@dataclass
class CourseForm:
    """What was written, what it means, and what cannot be used, field by field."""

    written: dict[str, str]
    mass: float
    terms: Terms | None = None
    refusals: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, terms: Terms, mass: float) -> CourseForm:
        """The form as first shown."""
        cap = terms.clinician_cap_n
        return cls(
            {
                "region": terms.region,
                "template": terms.template,
                "weeks": ", ".join(map(str, terms.weeks)),
                "start": terms.start.isoformat(),
                "length": display(terms.length_s, "time", "min", 0),
                "unit": terms.unit,
                "cap": "" if cap is None else f"{cap / FACTORS['force'][terms.unit]:.1f} {terms.unit}",
                "above_planned": "yes" if terms.above_planned else "",
                "watch_pressure": "yes" if terms.watch_pressure else "",
                "justification": terms.justification,
                "maintenance_from": terms.maintenance_from.isoformat() if terms.maintenance_from else "",
                "onset": terms.onset.isoformat() if terms.onset else "",
                "imaging_fits": {None: "", True: "yes", False: "no"}[terms.imaging_fits],
                "asks_surgeon": "yes" if terms.asks_surgeon else "",
            },
            mass,
            terms,
        )

    @classmethod
    def read(cls, post: Mapping[str, str], mass: float) -> CourseForm:
        """Everything that was posted, read and checked."""
        form = cls({name: post.get(name, "").replace("\0", "").strip()[:1200] for name in FIELDS}, mass)
        values = {key: form._take(name, reader) for name, (key, reader) in _READERS.items()}
        if not form.refusals:
            try:
                form.terms = Terms(**values)
            except BadInput as refusal:
                form.refusals[refusal.where if refusal.where in FIELDS else "template"] = str(refusal)
        return form

    def _take(self, name: str, reader: Callable[[CourseForm, str], Any]) -> Any:
        try:
            return reader(self, self.written[name])
        except BadInput as refusal:
            self.refusals[name] = str(BadInput(name, refusal.value, refusal.allowed))
            return None

    def refuse(self, refusal: BadInput) -> None:
        """What the rules of the course refused afterwards."""
        self.refusals[refusal.where if refusal.where in FIELDS else "template"] = str(refusal)


def check_found(post: Mapping[str, str]) -> dict[str, Any]:
    """What was found before a pull; an empty field is not asked."""
    found: dict[str, Any] = {name: _count(post, name, most) for name, most in CHECKS.items()}
    found["new_distal"] = _answer(post.get("new_distal", ""))
    if not any(value is not None for value in found.values()):
        raise BadInput("check", State("empty"), "at least one answer")
    return found


def amount(post: Mapping[str, str], mass: float) -> tuple[float | None, float | None]:
    """Force [N] and length [s] that are to be less than advised; empty is as advised."""
    force, length = post.get("force", "").strip()[:40], post.get("length", "").strip()[:40]
    newtons = parse_force(force, "force").newtons(mass) if force else None
    return newtons, parse_quantity(length, "time", "length") if length else None


def _count(post: Mapping[str, str], name: str, most: int) -> int | None:
    text = post.get(name, "").strip()[:20]
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) <= most):
        raise BadInput(name, text, f"a whole number from 0 to {most}, or nothing when it was not asked")
    return int(text)


def _answer(text: str) -> bool | None:
    if text not in ANSWERS:
        raise BadInput("answer", text, "yes, no or nothing")
    return ANSWERS[text]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("day", text or State("missing"), "a date such as 2026-05-23") from None


def _weeks(form: CourseForm, text: str) -> tuple[int, ...]:
    if form.written["template"] != "own":
        return ()
    parts = text.replace(",", " ").split()
    if not parts or not all(part.isascii() and part.isdigit() and len(part) == 1 for part in parts):
        raise BadInput("weeks", text, "sessions in each week, such as 3, 3, 2, 1")
    return tuple(map(int, parts))


def _word(*words: str) -> Callable[[CourseForm, str], str]:
    def read(form: CourseForm, text: str) -> str:
        if text not in words:
            raise BadInput("word", text, "one of " + ", ".join(words))
        return text

    return read


def _text(form: CourseForm, text: str) -> str:
    if not text.isprintable():
        raise BadInput("text", text, "printable text on one line")
    return text


_READERS: Final[dict[str, tuple[str, Callable[[CourseForm, str], Any]]]] = {
    "region": ("region", _word(*REGIONS)),
    "template": ("template", _word("A", "B", "C", "own")),
    "weeks": ("weeks", _weeks),
    "start": ("start", lambda form, text: _day(text)),
    "length": ("length_s", lambda form, text: parse_quantity(text, "time", "length")),
    "unit": ("unit", _word(*FACTORS["force"])),
    "cap": ("clinician_cap_n", lambda form, text: parse_force(text, "cap").newtons(form.mass) if text else None),
    "above_planned": ("above_planned", lambda form, text: bool(_answer(text))),
    "watch_pressure": ("watch_pressure", lambda form, text: bool(_answer(text))),
    "justification": ("justification", _text),
    "maintenance_from": ("maintenance_from", lambda form, text: _day(text) if text else None),
    "onset": ("onset", lambda form, text: _day(text) if text else None),
    "imaging_fits": ("imaging_fits", lambda form, text: _answer(text)),
    "asks_surgeon": ("asks_surgeon", lambda form, text: bool(_answer(text))),
}
"""Field -> (what it is of the terms, how it is read)."""
