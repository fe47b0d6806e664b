"""The examination as a form: every field by its name, what was written, what it means.

Names: `felt.pain.L5-left`, `strength.hip_flexors-left`, `reflexes.achilles-right`, `light_touch.L5-left`,
`pin.L5-left`, `raise.left`, `familiar.left`, `motion.flexion_deg`, `walking_m`, `note`, `taken`.
What is empty was not examined.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from opentraction.care.outcomes import MOTIONS, QUALITIES, Examination, Felt, Raise, roots
from opentraction.care.outcomes.roots import SIDES
from opentraction.clinic.outcomes.forms.answers import number
from opentraction.quantities import BadInput

LEGS: Final = ("left", "right", "crossed-left", "crossed-right")
GRADES: Final = ("strength", "reflexes", "light_touch", "pin")
YES_NO: Final = {"yes": True, "no": False}


def names() -> list[str]:
    """Every field of the form."""
    known = roots()
    books: dict[str, Collection[str]] = {
        "strength": known.muscles,
        "reflexes": known.reflexes,
        "light_touch": known.dermatomes,
        "pin": known.dermatomes,
    }
    return [
        "taken", "note", "walking_m",
        *(f"felt.{quality}.{root}-{side}" for quality in QUALITIES for root in known.dermatomes for side in SIDES),
        *(f"{kind}.{one}-{side}" for kind, book in books.items() for one in book for side in SIDES),
        *(f"{kind}.{leg}" for kind in ("raise", "familiar") for leg in LEGS),
        *(f"motion.{one}" for one in MOTIONS),
    ]  # fmt: skip


@dataclass
class ExaminationForm:
    """What was written (empty fields left out), and what cannot be used."""

    written: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, post: Mapping[str, str]) -> ExaminationForm:
        """What was posted; fields it does not know are left alone."""
        kept = {name: post[name].strip()[:4001] for name in names() if post.get(name, "").strip()}
        return cls(kept)

    @classmethod
    def of(cls, one: Examination) -> ExaminationForm:
        """As written before, to be corrected."""
        kept = {"taken": one.taken.isoformat(), "note": one.note, "walking_m": _text(one.walking_m)}
        for place, felt in one.felt.items():
            kept |= {f"felt.{quality}.{place}": _text(felt.of(quality)) for quality in QUALITIES}
        for kind in GRADES:
            kept |= {f"{kind}.{place}": _text(grade) for place, grade in getattr(one, kind).items()}
        kept |= {f"motion.{name}": _text(value) for name, value in one.motion.items()}
        for leg, found in one.raises.items():
            kept[f"raise.{leg}"] = _text(found.degrees)
            kept[f"familiar.{leg}"] = "" if found.familiar is None else "yes" if found.familiar else "no"
        return cls({name: value for name, value in kept.items() if value})

    def examination(self, by: str) -> Examination | None:
        """What it means; None with `refusals` where something cannot be used."""
        numbers = {name: self._number(name) for name in self.written if name not in {"taken", "note"}}
        taken = self._day()
        if self.refusals or taken is None:
            return None
        try:
            return Examination(taken, by, note=self.written.get("note", ""), **_values(numbers))
        except BadInput as refusal:
            self.refusals[_field(refusal.where)] = str(refusal)
            return None

    def _number(self, name: str) -> Any:
        written = self.written[name]
        if name.startswith("familiar."):
            if written in YES_NO:
                return YES_NO[written]
            self.refusals[name] = f"“{written[:40]}” cannot be used. Choose yes or no, or leave it open."
            return None
        try:
            return number(written)
        except ValueError:
            self.refusals[name] = f"“{written[:40]}” cannot be used. Write a number, or nothing."
            return None

    def _day(self) -> date | None:
        written = self.written.get("taken", "")
        try:
            return date.fromisoformat(written)
        except ValueError:
            self.refusals["taken"] = f"“{written[:40]}” cannot be used. Write a day such as 2026-03-04."
            return None


def _values(numbers: Mapping[str, Any]) -> dict[str, Any]:
    felt: dict[str, dict[str, Any]] = {}
    raises: dict[str, dict[str, Any]] = {}
    found: dict[str, Any] = {kind: {} for kind in (*GRADES, "motion")}
    for name, value in numbers.items():
        kind, _, rest = name.partition(".")
        if kind == "felt":
            quality, _, place = rest.partition(".")
            felt.setdefault(place, {})[quality] = value
        elif kind in {"raise", "familiar"}:
            raises.setdefault(rest, {})["degrees" if kind == "raise" else kind] = value
        elif kind == "walking_m":
            found[kind] = value
        else:
            found[kind][rest] = value
    return found | {
        "felt": {place: Felt(**one) for place, one in felt.items()},
        "raises": {leg: Raise(**one) for leg, one in raises.items()},
    }


def _field(where: str) -> str:
    """The field a refusal of the domain means: it says `felt.L5-left.pain` and `raises.left`."""
    kind, _, rest = where.partition(".")
    if kind == "felt":
        place, _, quality = rest.rpartition(".")
        return f"felt.{quality}.{place}"
    return {"raises": f"raise.{rest}", "examination": rest}.get(kind, where)


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
