"""A load cell and its amplifier: bandwidth, delay, zero drift, gain, noise, quantisation."""

from __future__ import annotations

from typing import NamedTuple


class CellParameters(NamedTuple):
    """SI units; see parameters.toml for sources."""

    lag: float  # [s] analogue and digital filter
    delay_ticks: int  # whole control ticks between sample and delivery, 0 to 4
    noise: float  # [N] rms of one sample
    quantum: float  # [N] one step of the converter
    gain: float  # true gain, 1 is exact
    zero: float  # [N] offset at the start
    drift: float  # [N/s]


class Cell(NamedTuple):
    """Filtered force and the samples still on their way, newest first [N]."""

    filtered: float
    s0: float
    s1: float
    s2: float
    s3: float
    s4: float


def cell_filter(cell: Cell, force: float, p: CellParameters, dt: float) -> Cell:
    """The filter's output after one plant step."""
    filtered = cell.filtered + (force - cell.filtered) * (dt / (p.lag + dt))
    return Cell(filtered, cell.s0, cell.s1, cell.s2, cell.s3, cell.s4)


def cell_sample(cell: Cell, chance: float, t: float, p: CellParameters) -> Cell:
    """One conversion; `chance` is a standard normal number for the noise."""
    raw = cell.filtered * p.gain + p.zero + p.drift * t + p.noise * chance
    steps = raw / p.quantum
    whole = float(int(steps + 0.5)) if steps >= 0.0 else float(int(steps - 0.5))
    return Cell(cell.filtered, whole * p.quantum, cell.s0, cell.s1, cell.s2, cell.s3)


def cell_value(cell: Cell, p: CellParameters) -> float:
    """What arrives at this tick [N]: the sample taken `delay_ticks` ago."""
    if p.delay_ticks <= 0:
        return cell.s0
    if p.delay_ticks == 1:
        return cell.s1
    if p.delay_ticks == 2:
        return cell.s2
    if p.delay_ticks == 3:
        return cell.s3
    return cell.s4
