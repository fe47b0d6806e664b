"""The sounds of the alarms: bursts as data, and their samples as a WAV file."""

from __future__ import annotations

import io
import math
import tomllib
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

FILE: Final = Path(__file__).with_name("alarm_bursts.toml")
RATE_HZ: Final = 44_100
PEAK: Final = 0.9
"""Of full scale."""
NAMES: Final = ("high", "medium", "low", "reminder")
Samples = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Burst:
    """One burst: pulses at their pitches [Hz], the gaps between them [s], and the pause after it [s]."""

    name: str
    notes_hz: tuple[float, ...]
    pulse_s: float
    gaps_s: tuple[float, ...]
    every_s: float
    """From its end to the next one's beginning [s]; 0 is once."""
    harmonics_db: tuple[float, ...]
    rise: float
    fall: float

    @property
    def pulses(self) -> int:
        """How many."""
        return len(self.notes_hz)

    @property
    def length_s(self) -> float:
        """From its first pulse's beginning to its last one's end [s]."""
        return self.pulses * self.pulse_s + sum(self.gaps_s)

    @property
    def starts_s(self) -> tuple[float, ...]:
        """When each pulse begins [s]."""
        return tuple(n * self.pulse_s + sum(self.gaps_s[:n]) for n in range(self.pulses))


@cache
def bursts() -> Mapping[str, Burst]:
    """Every burst by its name."""
    data = as_written()
    tone = data["tone"]
    return MappingProxyType({name: _burst(name, data[name], tone) for name in NAMES})


def as_written() -> dict[str, Any]:
    """The data file with its bounds and source."""
    return tomllib.loads(FILE.read_text("utf-8"))


def _burst(name: str, row: Mapping[str, Any], tone: Mapping[str, Any]) -> Burst:
    return Burst(
        name,
        tuple(row["notes_hz"]),
        row["pulse_s"],
        tuple(row["gaps_s"]),
        row["every_s"],
        tuple(tone["harmonics_db"]),
        tone["rise"],
        tone["fall"],
    )


def samples(burst: Burst, rate_hz: int = RATE_HZ) -> Samples:
    """The burst as it sounds, float64 [n], at most `PEAK` of full scale; silent outside its pulses."""
    out = np.zeros(math.ceil(burst.length_s * rate_hz) + 1)
    for start, note in zip(burst.starts_s, burst.notes_hz, strict=True):
        pulse = _pulse(burst, note, rate_hz)
        at = round(start * rate_hz)
        out[at : at + pulse.size] = pulse
    loudest = float(np.abs(out).max())
    scaled: Samples = out * (PEAK / loudest)
    return scaled


def _pulse(burst: Burst, note_hz: float, rate_hz: int) -> Samples:
    """One pulse: a fundamental and its harmonics under a slope up and a slope down."""
    t = np.arange(round(burst.pulse_s * rate_hz)) / rate_hz
    tone = np.zeros(t.size)
    for number, level in enumerate(burst.harmonics_db, start=1):
        tone += 10.0 ** (level / 20.0) * np.sin(2.0 * math.pi * number * note_hz * t)
    up = t / (burst.rise * burst.pulse_s)
    down = (burst.pulse_s - t) / (burst.fall * burst.pulse_s)
    slope: Samples = np.clip(np.minimum(up, down), 0.0, 1.0)
    return tone * slope


def wav(burst: Burst) -> bytes:
    """The burst as a WAV file: one channel, 16 bits, 44.1 kHz."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((samples(burst) * 32767.0).round().astype("<i2").tobytes())
    return file.getvalue()


def write_sounds(folder: Path) -> list[Path]:
    """`high.wav` and so on, in a folder that is made if missing. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.wav" for name in NAMES]
    for name, path in zip(NAMES, paths, strict=True):
        path.write_bytes(wav(bursts()[name]))
    return paths
