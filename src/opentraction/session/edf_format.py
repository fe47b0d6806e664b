"""The bytes of an EDF+ file: header, one-second records, annotations (Kemp 1992; Kemp and Olivan 2003)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from opentraction import __version__
from opentraction.quantities import quantity
from opentraction.session import rows
from opentraction.session.rows import RATE_HZ, Rows

NONE: Final = -32768
ANNOTATION_BYTES: Final = 512
COUNT_AT: Final = 236
RECORD_RATE: Final = RATE_HZ
ENDS: Final = "recording ends"
_ANNOTATIONS: Final = "EDF Annotations"
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NOTE: Final = f"No filter; digital {NONE} means no value"


@dataclass(frozen=True, slots=True)
class Channel:
    """One signal: its column in a row, its label, how its SI value is written and over what physical range."""

    column: int
    name: str
    label: str
    transducer: str
    unit: str
    per_si: float
    low: float
    high: float

    @property
    def step(self) -> float:
        """The smallest difference kept [unit]."""
        return (self.high - self.low) / 65535.0


def channels(simulated: bool) -> tuple[Channel, ...]:
    """The signals of a recording; the plant's true force only where there is one.

    Ranges come from the dictionary of quantities, doubled so that an excess is still seen: forces from -1000 to 2000 N
    in steps of 0.046 N. A value beyond its range is written as the range's end.
    """
    force = quantity("force").bounds.high
    travel = quantity("travel").bounds.high * 2e3
    speed = quantity("payout_speed").bounds.high * 2e3

    def newtons(column: int, label: str, transducer: str) -> Channel:
        return Channel(column, rows.COLUMNS[column], label, transducer, "N", 1.0, -force, 2.0 * force)

    own = (
        newtons(rows.PRESCRIBED, "prescribed", "prescription"),
        newtons(rows.MEASURED, "measured", "load cell A at the harness"),
        newtons(rows.GUARD_MEASURED, "guard measured", "load cell B, read by the guard alone"),
        newtons(rows.SPINE, "spine", "modelled force at the lumbar spine"),
        newtons(rows.SPINE_LOW, "spine low", "modelled, lower end of its 90 % band"),
        newtons(rows.SPINE_HIGH, "spine high", "modelled, upper end of its 90 % band"),
        Channel(rows.TRAVEL, "travel", "travel", "cable pulled in since zero", "mm", 1e3, -travel, travel),
        Channel(rows.SPEED, "speed", "speed", "drum surface speed", "mm/s", 1e3, -speed, speed),
        Channel(rows.PHASE, "phase", "phase", "phase code of OpenTraction", "", 1.0, -32768.0, 32767.0),
    )
    truth = newtons(rows.TRUE_FORCE, "true force", "simulated plant truth")
    return (*own, truth) if simulated else own


def to_digital(block: Rows, signals: Sequence[Channel]) -> NDArray[np.int16]:
    """Rows [n, 18] in SI as 16-bit numbers [n, signals]; NaN becomes the digital minimum."""
    columns = [signal.column for signal in signals]
    low = np.array([signal.low for signal in signals])
    step = np.array([signal.step for signal in signals])
    per_si = np.array([signal.per_si for signal in signals])
    with np.errstate(invalid="ignore"):
        scaled = np.rint((block[:, columns] * per_si - low) / step) + NONE
    return np.where(np.isnan(scaled), float(NONE), np.clip(scaled, NONE + 1, 32767)).astype("<i2")


def header(signals: Sequence[Channel], started: datetime, uid: str, records: int) -> bytes:
    """The EDF+C header [256 * (signals + 2) bytes]; the patient is X X X X, civil time is UTC."""
    utc = started.astimezone(UTC)
    day = f"{utc.day:02d}-{_MONTHS[utc.month - 1]}-{utc.year}"
    equipment = f"OpenTraction_{__version__}"
    code = uid if re.fullmatch(r"[0-9A-Za-z_-]{1,36}", uid) else "X"
    count = len(signals) + 1
    main = (
        _field("0", 8)
        + _field("X X X X", 80)
        + _field(f"Startdate {day} {code} X {equipment}", 80)
        + _field(f"{utc:%d.%m.%y}", 8)
        + _field(f"{utc:%H.%M.%S}", 8)
        + _field(str(256 * (count + 1)), 8)
        + _field("EDF+C", 44)
        + _field(str(records), 8)
        + _field("1", 8)
        + _field(str(count), 4)
    )
    return main + _signal_fields(signals)


def _signal_fields(signals: Sequence[Channel]) -> bytes:
    """The per-signal part: all labels, then all transducers, and so on; the annotations come last."""
    note = ANNOTATION_BYTES // 2
    columns: list[tuple[list[str], int]] = [
        ([*(s.label for s in signals), _ANNOTATIONS], 16),
        ([*(s.transducer for s in signals), ""], 80),
        ([*(s.unit for s in signals), ""], 8),
        ([*(f"{s.low:g}" for s in signals), "-1"], 8),
        ([*(f"{s.high:g}" for s in signals), "1"], 8),
        (["-32768"] * (len(signals) + 1), 8),
        (["32767"] * (len(signals) + 1), 8),
        ([*(_NOTE for _ in signals), ""], 80),
        ([*(str(RECORD_RATE) for _ in signals), str(note)], 8),
        ([""] * (len(signals) + 1), 32),
    ]
    return b"".join(_field(text, width) for texts, width in columns for text in texts)


def _field(text: str, width: int) -> bytes:
    return text.encode("ascii", "replace")[:width].ljust(width)


def record_bytes(signals: Sequence[Channel]) -> int:
    """Size of one data record."""
    return 2 * RECORD_RATE * len(signals) + ANNOTATION_BYTES


def timekeeping(record: int) -> bytes:
    """The annotation every record begins with: its own start [s]."""
    return b"+%d\x14\x14\x00" % record


def annotation(t: float, text: str) -> bytes:
    """One time-stamped annotation that fits a record; a long text is cut between characters, the log keeps it all."""
    onset = f"{max(t, 0.0):.6f}".rstrip("0").rstrip(".")
    clean = re.sub("[\x00-\x1f\x7f]", " ", text).strip() or "event"
    room = ANNOTATION_BYTES - len(timekeeping(10**7)) - len(onset) - 4
    words = clean.encode("utf-8", "replace")[:room].decode("utf-8", "ignore").encode("utf-8")
    return b"+" + onset.encode() + b"\x14" + words + b"\x14\x00"
