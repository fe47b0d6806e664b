"""What a level of the fast model stores and loses, written down once more as energies, not as their slopes.

Only the laws are shared with the model (`wall.py`, `posterior.py`, `rims.py`, `pores.py`, as their texts say them); the
code is its own, but for a cell's thirst and permeability.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from opentraction.body.column.pores import Pores, cell_size, ease, thirst
from opentraction.body.column.rims import BORNE, MEET, NEAREST, RIM
from opentraction.body.column.segment import ANNULUS, BEND, FLEX, PRESSURE, SECTORS, SWELL, TURN, UP, Segment, State
from opentraction.body.column.wall import HEIGHTS, NARROW, Wall

FloatArray = npt.NDArray[np.float64]


def toe_energy(x: float, stiffness: float, toe: float) -> float:
    """Integral of a force that begins as a parabola and goes on as a line."""
    if x <= 0.0:
        return 0.0
    if x < toe:
        return stiffness * x**3 / (6.0 * toe)
    return stiffness * (0.5 * x * x - 0.5 * toe * x + toe * toe / 6.0)


def solid(one: Segment, x: FloatArray, bulge: FloatArray) -> float:
    """Stored in wall, nucleus, ligaments, facets and rims [J]."""
    stored = sum(_sector(one, k, x, float(bulge[k])) for k in range(SECTORS))
    w = one.wall
    lz, stiff = 1.0 + x[UP] / w.height, one.nucleus_shear * w.nucleus
    stored += stiff * (0.5 * lz * lz + 1.0 / lz)
    inner = (1.0 - w.thickness / w.radius) ** 2
    deep, wide = 0.25 * inner * one.depth**2, 0.25 * inner * one.width**2
    turned = 3.0 * deep * x[FLEX] ** 2 + 3.0 * wide * x[BEND] ** 2 + (deep + wide) * x[TURN] ** 2
    stored += 0.5 * stiff / w.height**2 * turned
    for px, py, length, stiffness, slack, toe in one.bands:
        rise = length + x[UP] - x[FLEX] * px + x[BEND] * py
        rest = length * (1.0 + slack)
        stored += rest * toe_energy(math.hypot(rise, x[TURN] * math.hypot(px, py)) / rest - 1.0, stiffness, toe)
    f = one.facets
    for side in (-f.side, f.side):
        closed = -f.tilt * x[UP] - f.back * x[FLEX] - side * x[BEND] - f.closing
        stored += toe_energy(closed, f.closing_stiffness, f.toe)
    stored += rims(one, x)
    return float(stored + toe_energy(abs(x[TURN]) * f.back - f.turning, f.stiffness, f.toe))


def rims(one: Segment, x: FloatArray) -> float:
    """Eight places around, each with the integral of (MEET / share - 1)^2, a parabola from NEAREST on [J]."""
    high, stored = one.wall.height, 0.0
    for around in np.arange(8) * math.pi / 4.0:
        front, left = RIM * one.depth * math.cos(around), RIM * one.width * math.sin(around)
        share = (high + x[UP] + front * (one.wedge - x[FLEX]) + left * x[BEND]) / high
        near = min(max(share, NEAREST), MEET)
        stored += BORNE * high * (MEET**2 / near - near - 2.0 * MEET * math.log(MEET / near))
        if share < NEAREST:
            t = MEET / NEAREST - 1.0
            deep = NEAREST - share
            stored += BORNE * high * (t * t * deep + t * MEET / NEAREST**2 * deep * deep)
    return float(stored)


def _local(one: Segment, k: int, x: FloatArray) -> tuple[float, float, float]:
    """Stretch along the axis, twist shear, height beside it."""
    _, _, front, left, far, inner_front, inner_left = one.ring[k]
    h = one.wall.height
    lz = 1.0 + (x[UP] - front * x[FLEX] + left * x[BEND]) / h
    return lz, far * x[TURN] / h, h + x[UP] - inner_front * x[FLEX] + inner_left * x[BEND]


def _sector(one: Segment, k: int, x: FloatArray, b: float) -> float:
    w, (sine, cosine) = one.wall, one.ring[k, :2]
    lz, twist, _ = _local(one, k, x)
    stored = 0.0
    for z in HEIGHTS:
        e = 1.0 + (1.0 - z * z) * b / (w.radius - 0.5 * w.thickness)
        lean = -4.0 * z * b / w.height
        lr = x[SWELL] / (lz * e)
        squares = lr**2 + lz**2 + e**2 + lean**2 + twist**2
        stored += 0.5 * w.shear * squares - w.shear * math.log(x[SWELL])
        for way in (-1.0, 1.0):
            longer = (lean**2 + lz**2) * sine**2 + (e * cosine + way * sine * twist) ** 2 - 1.0
            stored += _fibre(max(longer, 0.0), w)
    return 0.5 * w.volume / SECTORS * stored


def _fibre(longer: float, w: Wall) -> float:
    """Exponential until it is uncrimped, a parabola from there on [Pa]."""
    crimped, beyond = min(longer, w.taut), max(longer - w.taut, 0.0)
    power = w.fibre * math.exp(w.growth * crimped**2)
    stored = 0.5 * w.fibre / w.growth * math.expm1(w.growth * crimped**2) + power * crimped * beyond
    return stored + 0.5 * power * (1.0 + 2.0 * w.growth * crimped**2) * beyond**2


def room(one: Segment, x: FloatArray, bulge: FloatArray) -> float:
    """Between the inner walls and the endplates [m^3]."""
    w, made = one.wall, 0.0
    inner = w.radius - w.thickness
    for k in range(SECTORS):
        lz, _, high = _local(one, k, x)
        for z in HEIGHTS:
            out = (1.0 - z * z) * bulge[k]
            lr = x[SWELL] / (lz * (1.0 + out / (w.radius - 0.5 * w.thickness)))
            wide = 1.0 + out / inner - 0.5 * w.thickness / inner * (lr - 1.0)
            if wide < NARROW:  # near the middle, and no nearer
                part = wide / NARROW
                wide = NARROW / (1.0 + (1.0 - part) + (1.0 - part) ** 2)
            made += 0.5 / SECTORS * wide**2 * w.nucleus * high / w.height
    return float(made)


def filling(one: Segment, x: FloatArray, cells: FloatArray) -> float:
    """What water, bowed endplates and gas leave of room [m^3]."""
    p = x[PRESSURE]
    gas = one.gas * max(one.floor - p, 0.0)
    return float(one.wall.nucleus * (mean(cells, one.nucleus) - one.give * p + gas))


def mean(cells: FloatArray, p: Pores) -> float:
    """Mean volume [-]."""
    return float(sum(cell_size(c, p) * cells[c] for c in range(p.cells)))


def springs(one: Segment, s: State) -> float:
    """In the relaxing branches, endplates and gas [J]."""
    x, b, m = s.x[0], s.bulge[0], s.memory[0]
    taut = 1.0 + max(x[PRESSURE], 0.0) / one.firming
    stored = 0.5 * float(np.sum(one.relaxing * (x[:4] - m[:, :4]) ** 2))
    stored += 0.5 * taut * float(np.sum(one.bulging[:, None] * (b - m[:, 4:]) ** 2))
    p, low = x[PRESSURE], min(x[PRESSURE], one.floor)
    return float(stored + 0.5 * one.wall.nucleus * (one.give * p * p + one.gas * (low * low - one.floor**2)))


def tissues(one: Segment, s: State) -> list[tuple[Pores, FloatArray, float, float]]:
    """Pores, cells, pressure and volume of nucleus and annulus."""
    x, w = s.x[0], one.wall
    return [
        (one.nucleus, s.nucleus[0], float(x[PRESSURE]), w.nucleus),
        (one.annulus, s.annulus[0], float(x[ANNULUS]), w.volume),
    ]


def thirsts(one: Segment, s: State) -> list[FloatArray]:
    """Of every cell, nucleus and annulus [Pa]."""
    return [np.array([thirst(float(j), p)[0] for j in cells]) for p, cells, _, _ in tissues(one, s)]


def flows(p: Pores, cells: FloatArray, pressure: float) -> tuple[FloatArray, FloatArray]:
    """Of water out of each cell, the last through the endplate [m/s], and the drop of potential that drives it [Pa]."""
    mu = pressure + np.array([thirst(float(j), p)[0] for j in cells])
    k = np.array([ease(float(j), p)[0] for j in cells])
    size = p.length * np.array([cell_size(c, p) for c in range(p.cells)])
    drops = np.r_[mu[:-1] - mu[1:], mu[-1]]
    ways = np.r_[0.5 * (size[:-1] + size[1:]) / (0.5 * (k[:-1] + k[1:])), 0.5 * size[-1] / k[-1] + 1.0 / p.door]
    return drops / ways, drops


def lost(one: Segment, s: State) -> tuple[float, float]:
    """To the flow of water and in the relaxing branches [W]."""
    water = 0.0
    for p, cells, pressure, volume in tissues(one, s):
        flow, drop = flows(p, cells, pressure)
        water += volume / p.length * float(flow @ drop)
    x, b, m = s.x[0], s.bulge[0], s.memory[0]
    taut = 1.0 + max(x[PRESSURE], 0.0) / one.firming
    relaxed = float(np.sum(one.relaxing * (x[:4] - m[:, :4]) ** 2 / one.times[:, None]))
    relaxed += taut * float(np.sum(one.bulging[:, None] * (b - m[:, 4:]) ** 2 / one.times[:, None]))
    return water, relaxed
