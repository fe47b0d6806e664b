"""What people do while they lie there: breathe, relax, cough, sneeze, shift, tense up, sit up; what harnesses do: slip.

A pure function of time and one seed: `second(n)` gives the n-th second at the control rate, so a session can be played
at any speed. Forces are what a load cell would read on top with the drum locked if they came slowly; the plant turns
them into a change of body length. What comes quickly swings the pelvis too: a cough of 100 N reads some 105 to 155 N.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opentraction.body.person import PARAMETERS, BehaviourParameters
from opentraction.quantities.streams import Streams

FloatArray = npt.NDArray[np.float64]
RATE_HZ = 200

COUGH, SNEEZE, SHIFT, SPASM, HARNESS_SLIP, SIT_UP = "cough", "sneeze", "shift", "spasm", "harness-slip", "sit-up"
HAPPENINGS = (COUGH, SNEEZE, SHIFT, SPASM, HARNESS_SLIP, SIT_UP)


@dataclass(frozen=True)
class Happening:
    """Something the patient does at `start` [s]; strength in newtons or metres, None for the usual."""

    kind: str
    start: float
    strength: float | None = None
    duration: float | None = None


@dataclass(frozen=True)
class Movement:
    """One stretch of behaviour, one value a control tick."""

    force: FloatArray
    """Force on top with a locked drum [N]."""
    length: FloatArray
    """Change of body length, shortening positive [m]."""
    slip: FloatArray
    """Harness slip in this tick [m]."""


class Behaviour:
    """One person's behaviour over a session."""

    def __init__(self, parameters: BehaviourParameters, streams: Streams) -> None:
        self._p = parameters
        self._streams = streams
        self._phase = float(streams.stream("breathing").uniform(0.0, 2.0 * np.pi))
        self.happenings: list[Happening] = []

    def add(self, happening: Happening) -> None:
        """Let something happen; may lie in the past or the future."""
        self.happenings.append(happening)

    def ticks(self, first: int, count: int) -> Movement:
        """Behaviour at control ticks `first` to `first + count - 1`."""
        t = (first + np.arange(count)) / RATE_HZ
        force = self._breathing(t) + self._tone(t)
        length = np.zeros(count)
        slip = np.zeros(count)
        for happening in self.happenings:
            _play(happening, t, force, length, slip)
        return Movement(force, length, slip)

    def _breathing(self, t: FloatArray) -> FloatArray:
        """Inspiration is shorter than expiration: a sine with its second harmonic; depth wanders slowly."""
        angle = 2.0 * np.pi * self._p.breathing_rate * t + self._phase
        depth = 1.0 + 0.15 * np.sin(angle * 0.13) + 0.10 * np.sin(angle * 0.071 + 1.0)
        return self._p.breathing_force * depth * (np.sin(angle) + 0.2 * np.sin(2.0 * angle)) / 1.1

    def _tone(self, t: FloatArray) -> FloatArray:
        return self._p.tone * np.exp(-t / self._p.tone_tau)


def _play(h: Happening, t: FloatArray, force: FloatArray, length: FloatArray, slip: FloatArray) -> None:
    """Add one happening to the arrays."""
    if h.kind in {COUGH, SNEEZE, SPASM}:
        force += _usual(h, f"{h.kind}_force") * _pulse(h, t)
    elif h.kind == SHIFT:
        length += _usual(h, "shift_length") * _ease(t, h.start, _time(h, "shift_time"))
    elif h.kind == SIT_UP:
        length -= _usual(h, "sit_up_length") * _ease(t, h.start, _time(h, "sit_up_time"))
    elif h.kind == HARNESS_SLIP:
        slip[_tick_of(h.start, t)] += _usual(h, "slip_length")


def _tick_of(start: float, t: FloatArray) -> npt.NDArray[np.bool_]:
    """The one tick in which an instant falls."""
    return np.asarray((t >= start) & (t < start + 1.0 / RATE_HZ))


def _pulse(h: Happening, t: FloatArray) -> FloatArray:
    """Half a sine for a cough or sneeze; rise 0.3 s, hold, fall 0.5 s for a spasm."""
    duration = _time(h, f"{h.kind}_time")
    if h.kind == SPASM:
        return _ease(t, h.start, 0.3) - _ease(t, h.start + duration, 0.5)
    inside = (t >= h.start) & (t <= h.start + duration)
    return np.where(inside, np.sin(np.pi * (t - h.start) / duration), 0.0)


def _ease(t: FloatArray, start: float, duration: float) -> FloatArray:
    """From 0 to 1 with a smooth start and end."""
    share = np.clip((t - start) / duration, 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share))


def _usual(h: Happening, name: str) -> float:
    return PARAMETERS["behaviour"][name].value if h.strength is None else h.strength


def _time(h: Happening, name: str) -> float:
    return PARAMETERS["behaviour"][name].value if h.duration is None else h.duration
