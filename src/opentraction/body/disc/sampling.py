"""Few points that stand for all: weights, none negative, with which a disc's balances are kept over its snapshots.

Energy-conserving sampling and weighting (Farhat, Avery, Chapman and Cortial 2014, doi:10.1002/nme.4668) on quadrature
points instead of elements (Hernandez, Caicedo and Ferrer 2017, doi:10.1016/j.cma.2016.10.022). Weights that are not
negative keep stored energy and the loss by flow what they are: sums of what no point can make negative.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.disc.disc import Disc
from opentraction.body.disc.reduced_kernel import Points, evaluated
from opentraction.body.disc.solid import volume_ratio

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
AT_ONCE: Final = 0.06
"""Of the points there are so far: as many may come in together."""


READINGS: Final = 3.0
"""How much more a reading weighs than one mode's balance."""
FLOOR: Final = 0.02
"""Of the greatest flow: what leaves slower than this weighs less."""


class Chosen(NamedTuple):
    """Which points, their weights as factors on their volume, and what is missed of the sums (of 1)."""

    points: IntArray
    factors: FloatArray
    missed: float


class Scales(NamedTuple):
    """Turns what each balance sums up into shares of what it reaches."""

    force: FloatArray
    held: FloatArray
    leaving: FloatArray
    pressure: float
    water: float


def contributions(disc: Disc, points: Points, y: FloatArray, z: FloatArray) -> tuple[FloatArray, ...]:
    """Of each point at one state: to forces (q, m), water held (q, n), leaving (q, n), pressure (q), water (q)."""
    tissue, shape = disc.porous.tissue, disc.shapes.weight.shape
    f = (points.rest + points.shape @ y).reshape(*shape, 5)
    mu, slope = points.value @ z, points.slope @ z
    w, grown = points.weight[:, None], (volume_ratio(f) - 1.0).reshape(-1)
    stress = w * tissue.total(f, mu.reshape(shape)).reshape(-1, 5)
    flow = w * np.matmul(tissue.conductance(f).reshape(-1, 2, 2), slope[:, :, None])[:, :, 0]
    push = mu + tissue.swelling(volume_ratio(f)).reshape(-1)
    return (
        np.matmul(stress[:, None, :], points.shape)[:, 0],
        w * points.value * grown[:, None],
        np.matmul(flow[:, None, :], points.slope)[:, 0],
        points.nucleus * push,
        points.weight * grown,
    )


def scales_of(points: Points, ys: FloatArray, zs: FloatArray) -> Scales:
    """From the slopes about rest: errors of force as displacements they make, of water as potentials."""
    m, n = ys.shape[1], zs.shape[1]
    _, _, _, _, stiffness, coupling, flow = evaluated(np.zeros(m), np.zeros(n), points)
    storage = coupling @ np.linalg.solve(stiffness, coupling.T)
    seen = np.array([evaluated(y, z, points)[3] for y, z in zip(ys, zs, strict=True)])
    force = np.linalg.inv(np.linalg.cholesky(stiffness))
    held, leaving = (np.linalg.inv(np.linalg.cholesky(0.5 * (one + one.T))) for one in (storage, flow))
    moved = np.linalg.norm(ys @ np.linalg.cholesky(stiffness), axis=1).max()
    pressed = np.linalg.norm(zs @ np.linalg.cholesky(0.5 * (flow + flow.T)), axis=1).max()
    return Scales(force / moved, held / moved, leaving / pressed, float(np.ptp(seen[:, 0])), float(np.ptp(seen[:, 1])))


def rows_of(disc: Disc, points: Points, ys: FloatArray, zs: FloatArray, count: int, seed: int = 0) -> FloatArray:
    """Random sums (count, q) of what each point gives to each balance and reading in each state, in shares."""
    scales, chance = scales_of(points, ys, zs), np.random.default_rng(seed)
    out = np.zeros((count, points.weight.size))
    for y, z in zip(ys, zs, strict=True):
        force, held, leaving, pressure, water = contributions(disc, points, y, z)
        gone = np.linalg.norm(scales.leaving @ leaving.sum(axis=0))
        parts = (
            force @ scales.force.T,
            held @ scales.held.T,
            leaving @ scales.leaving.T / (gone + FLOOR),
            READINGS * pressure[:, None] / scales.pressure,
            READINGS * water[:, None] / scales.water,
        )
        all_ = np.concatenate(parts, axis=1)
        out += chance.standard_normal((count, all_.shape[1])) @ all_.T
    return np.asarray(out / np.sqrt(count * len(ys)))


def choose(rows: FloatArray, weight: FloatArray, count: int) -> Chosen:
    """`count` points whose weighted sum comes nearest to that of all, weights not negative.

    Points come in by how well they agree with what is still missed, and leave where their weight would be negative
    (Lawson and Hanson 1974). One more row keeps the volume.
    """
    share = weight / weight.sum()
    volume = np.linalg.norm(rows.sum(axis=1)) + np.linalg.norm(rows * np.sqrt(share), axis=None)
    a = np.vstack([rows, volume * share])
    goal = a.sum(axis=1)
    lengths = np.linalg.norm(a, axis=0)
    size = np.linalg.norm(goal)
    chosen, x, missed = np.zeros(0, dtype=np.int64), np.zeros(0), goal
    for _ in range(20 * count):
        if chosen.size >= count:
            break
        merit = (missed @ a) / lengths
        merit[chosen] = -np.inf
        more = min(max(1, int(AT_ONCE * chosen.size)), count - chosen.size)
        chosen = np.r_[chosen, np.argsort(merit)[::-1][:more]]
        x = np.r_[x, np.zeros(more)]
        chosen, x = _fit(a, goal, chosen, x)
        missed = goal - a[:, chosen] @ x
    order = np.argsort(chosen)
    return Chosen(chosen[order], x[order], float(np.linalg.norm(missed) / size))


def _fit(a: FloatArray, goal: FloatArray, chosen: IntArray, x: FloatArray) -> tuple[IntArray, FloatArray]:
    """Least squares on the chosen; where one would turn negative, as far as it goes, and that one leaves."""
    while True:
        best: FloatArray = np.asarray(np.linalg.lstsq(a[:, chosen], goal, rcond=None)[0], dtype=np.float64)
        if (best > 0.0).all():
            return chosen, best
        down = best <= 0.0
        far = np.min(x[down] / np.maximum(x[down] - best[down], 1e-300))
        x = x + far * (best - x)
        stays = ~(down & (x <= 1e-12))
        chosen, x = chosen[stays], x[stays]


def taken(points: Points, chosen: Chosen) -> Points:
    """Only the chosen points, weighted."""
    fields: dict[str, Any] = {
        name: np.ascontiguousarray(one[chosen.points]) for name, one in points._asdict().items() if np.ndim(one)
    }
    weight, nucleus = fields["weight"] * chosen.factors, fields["nucleus"] * chosen.factors
    return points._replace(**{**fields, "weight": weight, "nucleus": nucleus})
