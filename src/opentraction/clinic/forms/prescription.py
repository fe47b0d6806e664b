"""The prescription editor's fields, and the way from fields to the document (TOML) and back.

Field names are the dotted keys of the document, so a refusal names the field it belongs beside.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opentraction.clinic.forms.saying import plain, said_in
from opentraction.clinic.templatetags.amounts import forces_in
from opentraction.prescription.check import COUCHES, MODES, POSITIONS, REGIONS
from opentraction.prescription.recipe import CHANGES, FALL_SHAPES, RAMP_SHAPES
from opentraction.prescription.release import NAMES as RELEASE_SHAPES
from opentraction.quantities import BadInput

CYCLES = "cycle"
LONGEST = 4000


@dataclass(frozen=True)
class Field:
    """One line of the form. `kind` is "amount", "text", "long" (several lines), "count" or "number".

    `default` is what the field means when it is left empty (a test compares); an `example` is only one way to fill it.
    """

    key: str
    label: str
    example: str = ""
    kind: str = "amount"
    choices: tuple[str, ...] = ()
    hint: str = ""
    wide: bool = False
    default: str = ""
    nothing: str = ""
    """What the first of the `choices` says, where leaving it means that there is none."""

    @property
    def long(self) -> bool:
        return self.kind == "long"

    @property
    def placeholder(self) -> str:
        """What stands in the empty field: the value it then has, or an example that says that it is one."""
        return self.default or self.nothing or (f"e.g. {self.example}" if self.example else "")


@dataclass(frozen=True)
class Group:
    """One question. A `folded` group opens when something is written in it."""

    title: str
    fields: tuple[Field, ...]
    folded: bool = False


def _choice(key: str, label: str, choices: tuple[str, ...], default: str = "", nothing: str = "") -> Field:
    """One of a few words; with a `default`, or words for `nothing`, it may be left as it is, and then says so."""
    every = ("", *choices) if default or nothing else choices
    return Field(key, label, kind="text", choices=every, default=default, nothing=nothing)


GROUPS = (
    Group(
        "Where to pull",
        (
            Field("name", "Name of this prescription", "Lumbar, intermittent", kind="text", wide=True),
            _choice("region", "Region", tuple(REGIONS)),
            _choice("position", "Position", tuple(POSITIONS)),
            _choice("couch", "Couch", tuple(COUCHES)),
            Field("angle", "Angle of pull", default="0 deg"),
            Field("posture", "Posture", "knees on a bolster", kind="text", wide=True),
        ),
    ),
    Group(
        "How hard",
        (
            Field("forces.high", "High force", "75 lb", hint="With its unit: lb, kgf, N, %BW."),
            Field("forces.low", "Low force", "50 % high", hint="Empty: pretension."),
            Field("pretension.force", "Pretension", default="25 N"),
        ),
    ),
    Group(
        "How long",
        (
            _choice("session.mode", "Mode", tuple(MODES)),
            Field("session.length", "Session", "30 min", hint="Empty: as long as the cycles."),
            Field("session.cycles", "Cycles", "15", kind="count", hint="Empty: as many as fit."),
            Field("hold.time", "Hold", "60 s"),
            Field("rest.time", "Rest", "30 s"),
        ),
    ),
    Group(
        "How it rises and falls",
        (
            _choice("rise.shape", "Rise", RAMP_SHAPES, "linear"),
            Field("rise.time", "Rise time", "30 s", hint="A time or a rate."),
            Field("rise.rate", "Rise rate", default="20 N/s", hint="When no time is given."),
            _choice("fall.shape", "Fall", FALL_SHAPES, "linear"),
            Field("fall.time", "Fall time", "10 s", hint="A time or a rate."),
            Field("fall.rate", "Fall rate", default="20 N/s", hint="When no time is given."),
            Field("release.rate", "Final release", default="40 N/s", hint="Its steepest rate."),
            _choice("release.shape", "Final release shape", RELEASE_SHAPES, "linear"),
        ),
    ),
    Group(
        "Fine points of the rise",
        (
            Field("rise.curvature", "Curvature (logarithmic)", default="9", kind="number"),
            Field("rise.steps", "Steps (stepped)", "4", kind="count"),
            Field("rise.step_hold", "Hold on each step", default="10 s"),
            Field("rise.limit", "Steepest rise allowed", default="60 N/s"),
            Field("pretension.rate", "Pretension rate", default="5 N/s"),
            Field("pretension.hold", "Pretension hold", default="10 s"),
        ),
        folded=True,
    ),
    Group(
        "Second level in each hold",
        (
            Field("second_hold.force", "Force", "80 % high"),
            Field("second_hold.time", "Time", "20 s"),
            Field("second_hold.move", "Time to get there", default="5 s"),
        ),
        folded=True,
    ),
    Group(
        "Oscillation on the hold",
        (
            Field("oscillation.amplitude", "Amplitude", "5 % high"),
            Field("oscillation.frequency", "Frequency", "0.2 Hz"),
            Field("oscillation.fade", "Fade in and out", default="5 s"),
        ),
        folded=True,
    ),
    Group(
        "Progressive or regressive steps",
        (
            Field("steps.count", "Steps", "4", kind="count"),
            Field("steps.first", "First step", "25 % high", hint="Empty: an equal share."),
            Field("steps.fall_to", "Fall to", default="50 %"),
        ),
        folded=True,
    ),
    Group(
        "Change from cycle to cycle",
        (
            _choice("change.kind", "Kind", CHANGES, nothing="none"),
            Field("change.high", "High starts at", "40 lb"),
            Field("change.low", "Low starts at", "20 lb"),
            Field("change.hold", "Hold starts at", "20 s"),
            Field("change.rest", "Rest starts at", "60 s"),
        ),
        folded=True,
    ),
    Group(
        "Course of sessions",
        (
            Field("course.sessions", "Sessions", "20", kind="count"),
            Field("course.high_last", "High force at the last", "110 lb"),
            Field("course.step", "In steps of", "5 lb", hint="Empty: an equal share each time."),
        ),
        folded=True,
    ),
    Group(
        "Source and notes",
        (
            Field("source", "Source", kind="text", wide=True),
            Field("notes", "Notes", kind="long", wide=True),
        ),
        folded=True,
    ),
)
FIELDS = {one.key: one for group in GROUPS for one in group.fields}
NEW = {
    "name": "Lumbar, intermittent",
    "region": "lumbar",
    "position": "supine",
    "couch": "split",
    "session.mode": "intermittent",
    "session.length": "30 min",
    "hold.time": "60 s",
    "rest.time": "30 s",
}


@dataclass
class PrescriptionForm:
    """What was written, by dotted key, and what cannot be used."""

    written: dict[str, str]
    refusals: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, post: Mapping[str, str]) -> PrescriptionForm:
        """Everything that was posted."""
        return cls({key: _clean(post.get(key, "")) for key in (*FIELDS, CYCLES)})

    @classmethod
    def of(cls, document: str) -> PrescriptionForm:
        """The fields of a stored document."""
        data = tomllib.loads(document)
        cycles = data.pop(CYCLES, [])
        return cls(dict.fromkeys(FIELDS, "") | _flat(data) | {CYCLES: "\n".join(map(_cycle, cycles))})

    @classmethod
    def new(cls) -> PrescriptionForm:
        """A plain start."""
        return cls(dict.fromkeys((*FIELDS, CYCLES), "") | NEW)

    @property
    def document(self) -> str:
        """The document in TOML; a field left empty is left out."""
        tables: dict[str, list[str]] = {"": []}
        for key, text in self.written.items():
            if text and key in FIELDS:
                table, _, name = key.rpartition(".")
                tables.setdefault(table, []).append(f"{name} = {_value(FIELDS[key], text)}")
        parts = ["\n".join(([f"[{name}]"] if name else []) + lines) for name, lines in tables.items() if lines]
        cycles = self.written.get(CYCLES, "")
        return "\n\n".join([*parts, cycles] if cycles else parts) + "\n"

    @property
    def groups(self) -> list[tuple[Group, bool, list[tuple[Field, str, str]]]]:
        """For the page: each group, whether it stands open, and its fields with what is written and refused."""
        out = []
        for group in GROUPS:
            lines = [(one, self.written.get(one.key, ""), self.refusals.get(one.key, "")) for one in group.fields]
            out.append((group, not group.folded or any(text for _, text, _ in lines), lines))
        return out

    def refuse(self, refusal: BadInput, unit: str = "N") -> None:
        """Put the sentence beside its field, or on top when it belongs to none."""
        self.refusals[place(refusal)] = self.says(refusal, unit)

    def says(self, refusal: BadInput, unit: str = "N") -> str:
        """The refusal for a person: the field's label, not its key; forces in both, theirs first."""
        where = place(refusal)
        if where not in FIELDS:
            return said_in(refusal, unit)
        written = self.written.get(where, "")
        value = str(refusal.value) if written else ""
        said = value if value.startswith(written) else forces_in(value, unit)
        allowed = BadInput(where, said, forces_in(refusal.allowed, unit))
        return plain(FIELDS[where].label, said, allowed)


def _clean(text: object) -> str:
    return str(text).replace("\r\n", "\n").strip()[:LONGEST]


def place(refusal: BadInput) -> str:
    """The field a refusal belongs to; empty for the whole form."""
    where = refusal.where
    if where in FIELDS:
        return where
    return CYCLES if where.startswith(CYCLES) else ""


def _value(one: Field, text: str) -> str:
    """A TOML value; what is no number stays text, and the reader says what it wants."""
    if one.kind == "count" and text.isascii() and text.isdigit():
        return str(int(text))
    if one.kind == "number":
        try:
            return repr(float(text))
        except ValueError:
            pass
    return _string(text)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _flat(data: Mapping[str, Any], before: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for key, value in data.items():
        out |= _flat(value, f"{before}{key}.") if isinstance(value, dict) else {f"{before}{key}": str(value)}
    return out


def _cycle(cycle: Mapping[str, Any]) -> str:
    lines = [f"{key} = {value if isinstance(value, int) else _string(str(value))}" for key, value in cycle.items()]
    return "\n".join(["[[cycle]]", *lines, ""])
