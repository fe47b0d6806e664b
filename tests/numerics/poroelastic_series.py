"""Exact solutions of linear poroelasticity with incompressible water and grains: series, for the tests of the disc.

T = H k t / L^2 with H the aggregate modulus [Pa], k the permeability [m^4/(N s)] and L the drained length [m].
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import j0, j1

FloatArray = npt.NDArray[np.float64]
TERMS = 200


def terzaghi_settlement(times: FloatArray) -> FloatArray:
    """Settlement over its final value, drained at one end, at T `times` (Mow 1980, doi:10.1115/1.3138202)."""
    roots = (np.arange(4 * TERMS) + 0.5) ** 2
    return np.array([1.0 - 2.0 / math.pi**2 * np.sum(np.exp(-roots * math.pi**2 * t) / roots) for t in times])


def terzaghi_pressure(depths: FloatArray, time: float) -> FloatArray:
    """Pressure over its first value at `depths` (0 drained, 1 closed) at T `time`."""
    odd = 2.0 * np.arange(TERMS) + 1.0
    parts = 4.0 / (odd * math.pi) * np.exp(-((odd * math.pi / 2.0) ** 2) * time)
    return np.sin(np.outer(depths, odd * math.pi / 2.0)) @ parts


def terzaghi_carried(depths: FloatArray, time: float) -> FloatArray:
    """Integral of that pressure from the closed end up to `depths`, over the length."""
    odd = 2.0 * np.arange(TERMS) + 1.0
    parts = 8.0 / (odd * math.pi) ** 2 * np.exp(-((odd * math.pi / 2.0) ** 2) * time)
    return np.cos(np.outer(depths, odd * math.pi / 2.0)) @ parts


def unconfined(times: FloatArray, nu: float) -> tuple[FloatArray, FloatArray]:
    """Radial displacement over strain times radius, and force over its final value, after a step of strain.

    A cylinder between frictionless closed plates (Armstrong, Lai and Mow 1984, doi:10.1115/1.3138475).
    """
    roots = _roots(lambda x: j1(x) - (1.0 - nu) / (1.0 - 2.0 * nu) * x * j0(x), TERMS)
    squares = roots**2
    parts = (1.0 - 2.0 * nu) * (1.0 - nu) / ((1.0 - nu) ** 2 * squares - (1.0 - 2.0 * nu))
    moved = np.array([nu + np.sum(parts * np.exp(-squares * t)) for t in times])
    return moved, (1.0 + moved) / (1.0 + nu)


def mandel_pressure(times: FloatArray, nu: float) -> FloatArray:
    """Pressure in the middle of a strip squeezed between plates, over its first value (Mandel 1953)."""
    slope = (1.0 - nu) / (0.5 - nu)
    beta = np.array(
        [
            brentq(lambda x: math.sin(x) - slope * x * math.cos(x), max(n * math.pi, 1e-6), (n + 0.5) * math.pi - 1e-12)
            for n in range(TERMS)
        ]
    )
    sine, cosine = np.sin(beta), np.cos(beta)
    parts = 2.0 * sine * (1.0 - cosine) / (beta - sine * cosine)
    return np.array([np.sum(parts * np.exp(-(beta**2) * t)) for t in times])


def cryer_pressure(times: FloatArray, nu: float) -> FloatArray:
    """Pressure in the middle of a sphere pressed all around, over the pressure on it (Cryer 1963)."""
    eta = (1.0 - nu) / (1.0 - 2.0 * nu)
    xi = _roots(lambda x: (1.0 - 0.5 * eta * x * x) * np.sin(x) - x * np.cos(x), TERMS)
    below = (eta - 1.0) * np.sin(xi) + 0.5 * eta * xi * np.cos(xi)
    parts = eta * (np.sin(xi) - xi) / below
    return np.array([np.sum(parts * np.exp(-(xi**2) * t)) for t in times])


def lame_tube(radii: FloatArray, inner: float, outer: float, push: float, young: float, nu: float) -> FloatArray:
    """Radial displacement [m] of a tube kept from lengthening, under inner pressure `push` [Pa] (Lame 1852)."""
    scale = push * inner**2 / (outer**2 - inner**2) * (1.0 + nu) / young
    return scale * ((1.0 - 2.0 * nu) * radii + outer**2 / radii)


def _roots(of, count: int) -> FloatArray:  # type: ignore[no-untyped-def]
    """The first positive roots; they lie about pi apart."""
    grid = np.linspace(0.05, (count + 2) * math.pi, 60 * count)
    values = of(grid)
    ends = np.flatnonzero(values[:-1] * values[1:] < 0.0)[:count]
    return np.array([brentq(of, grid[n], grid[n + 1], xtol=1e-14) for n in ends])
