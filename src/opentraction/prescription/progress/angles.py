"""The angle of pull by level: a convention of vendors, shown with the words that nothing proves it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from opentraction.patient import LEVELS
from opentraction.prescription.progress.rules import CAVEAT, CERTAINTIES
from opentraction.quantities import BadInput, display
from opentraction.quantities.toml_file import Table, parse_toml


@dataclass(frozen=True, slots=True)
class LevelAngle:
    """The angle [rad] that custom gives to a level, and who says so."""

    level: str
    angle: float
    source: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Device:
    """A device's range of angles [rad]."""

    name: str
    low: float
    high: float
    source: str
    certainty: str


@dataclass(frozen=True, slots=True)
class AngleTable:
    """The convention, by level, and the devices' ranges, by name."""

    caveat: str
    levels: dict[str, LevelAngle]
    devices: dict[str, Device]


@dataclass(frozen=True, slots=True)
class SuggestedAngle:
    """An angle [rad], the words that must stand beside it, and where it comes from."""

    angle: float
    words: str
    source: str
    certainty: str


@cache
def angle_table() -> AngleTable:
    """The table that ships."""
    return read_angles(files(__package__).joinpath("angles.toml").read_text("utf-8"), "angles.toml")


def read_angles(text: str, source: str = "angles") -> AngleTable:
    """A clinic's own table in TOML. Raises BadInput."""
    top = parse_toml(text, source)
    top.only("caveat", "level", "device")
    levels = {one.level: one for table in top.tables("level") for one in _levels(table)}
    devices = {one.name: one for one in map(_device, top.tables("device"))}
    return AngleTable(top.text("caveat", longest=200), levels, devices)


def _levels(table: Table) -> list[LevelAngle]:
    table.only("levels", "angle", "source", "certainty", "reviewed_by")
    names = table.texts("levels", longest=10)
    for name in names:
        if name not in LEVELS:
            raise table.refuse("levels", name, "levels such as " + ", ".join(LEVELS[-3:]))
    angle, source = table.amount("angle", "angle"), table.text("source", longest=300)
    certainty = table.word("certainty", CERTAINTIES)
    return [LevelAngle(name, angle, source, certainty) for name in names]


def _device(table: Table) -> Device:
    table.only("name", "low", "high", "source", "certainty", "reviewed_by")
    low, high = table.amount("low", "angle"), table.amount("high", "angle")
    if not low < high:
        raise table.refuse("high", table.data["high"], "an angle above low")
    source, certainty = table.text("source", longest=300), table.word("certainty", CERTAINTIES)
    return Device(table.text("name"), low, high, source, certainty)


def suggested_angle(level: str, table: AngleTable | None = None, device: str = "") -> SuggestedAngle | None:
    """The conventional angle for a level, kept to a device's range; None where custom says nothing.

    Raises BadInput for what is no level, or no device of the table.
    """
    known = table or angle_table()
    if level not in LEVELS:
        raise BadInput("level", level, "one of " + ", ".join(LEVELS))
    if device and device not in known.devices:
        raise BadInput("device", device, "one of " + ", ".join(known.devices))
    found = known.levels.get(level)
    if found is None:
        return None
    angle = found.angle
    note = ""
    if device:
        span = known.devices[device]
        angle = min(max(angle, span.low), span.high)
        if angle != found.angle:
            note = f"; kept to the range of {span.name}, {_shown(span.low)} to {_shown(span.high)}"
    caveats = "; ".join(text for text in (known.caveat, CAVEAT[found.certainty]) if text)
    return SuggestedAngle(angle, f"{level}: {_shown(angle)} ({caveats}){note}", found.source, found.certainty)


def _shown(angle: float) -> str:
    return display(angle, "angle", "deg", 0)
