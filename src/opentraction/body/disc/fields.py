"""What a disc looks like inside: places and values of its whole height, as plain arrays to be drawn or stored.

Cells run corner by corner round each cell, the upper half first and then its mirror image. Places are where the tissue
is, not where it was.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.disc.disc import Disc

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Inside(NamedTuple):
    """At the corners of each cell (cell, 4): place (cell, 4, 2) [m], pressure [Pa], share of water [-].

    Then in the middle of each cell (cell, 2): place [m] and water past the solid, per area of tissue [m/s].
    """

    corners: FloatArray
    pressure: FloatArray
    water: FloatArray
    middles: FloatArray
    flow: FloatArray


def inside(disc: Disc, u: FloatArray, mu: FloatArray) -> Inside:
    """A disc at displacements `u` and potential of its water `mu`, as of a point of a march."""
    j = disc.porous.volumes(u)
    swelling = disc.porous.tissue.swelling(j)
    solid = np.asarray(disc.porous.tissue.water.solid) * np.ones_like(j)
    pressure = mu[disc.shapes.pressure_dofs] + _at_corners(disc, swelling)
    where, flow = _flow(disc, u, mu)
    return Inside(
        _mirrored(corners(disc, u)),
        both(pressure),
        both(_at_corners(disc, (j - solid) / j)),
        np.concatenate([where, where * [1.0, -1.0]]),
        np.concatenate([flow, flow * [1.0, -1.0]]),
    )


def at_cells(disc: Disc, nodal: FloatArray) -> FloatArray:
    """A value at the nodes of the water's potential, at the corners of all cells (cell, 4)."""
    return both(nodal[disc.shapes.pressure_dofs])


def both(values: FloatArray) -> FloatArray:
    """Values of the upper half (cell, 4), with those of its mirror image, which runs round the other way."""
    return np.concatenate([values, values[:, ::-1]])


def corners(disc: Disc, u: FloatArray) -> FloatArray:
    """Where the corners of the upper half are (cell, 4, 2) [m]."""
    return np.asarray(disc.shapes.pressure.doflocs.T[disc.shapes.pressure_dofs] + _moved(disc, u))


def border(disc: Disc, u: FloatArray) -> list[FloatArray]:
    """Lines between nucleus and annulus and along the endplates [m], each (n, 2)."""
    at, half = disc.shapes.pressure.doflocs, disc.half - disc.geometry["endplate"]
    edge, plate = np.isclose(at[0], disc.geometry["nucleus"]) & (at[1] <= half + 1e-9), np.isclose(at[1], half)
    moved = np.zeros(at.T.shape)
    moved[disc.shapes.pressure_dofs] = _moved(disc, u)
    upright, along = (at.T[one] + moved[one] for one in (edge, plate))
    upright, along = upright[np.argsort(upright[:, 1])], along[np.argsort(along[:, 0])]
    return [np.concatenate([upright[::-1] * [1.0, -1.0], upright]), along, along * [1.0, -1.0]]


def _moved(disc: Disc, u: FloatArray) -> FloatArray:
    """Displacements of the corners (cell, 4, 2): those of the quadratic shape that lie at the corners."""
    d, s = disc.shapes.displacement, disc.shapes
    place, at = d.doflocs.T, s.pressure.doflocs.T
    found = np.zeros((*s.pressure_dofs.shape, 2))
    for k in range(2):
        dofs = s.displacement_dofs[:, k]
        near = np.linalg.norm(place[dofs][:, None] - at[s.pressure_dofs][:, :, None], axis=-1).argmin(axis=-1)
        found[..., k] = u[np.take_along_axis(dofs, near, axis=1)]
    return found


def _mirrored(upper: FloatArray) -> FloatArray:
    return np.concatenate([upper, upper[:, ::-1] * [1.0, -1.0]])


def _at_corners(disc: Disc, points: FloatArray) -> FloatArray:
    """Means around each corner (cell, 4) of values at the quadrature points, each tissue by itself."""
    s, out = disc.shapes, np.zeros(disc.shapes.pressure_dofs.shape)
    for tissue in np.unique(disc.region):
        of = disc.region == tissue
        dofs, size = s.pressure_dofs[of], s.sizes[1]
        share = np.einsum("eq,qn->en", s.weight[of], s.pressure_value)
        value = np.einsum("eq,qn->en", (s.weight * points)[of], s.pressure_value)
        total, part = (np.bincount(dofs.ravel(), one.ravel(), size) for one in (value, share))
        out[of] = total[dofs] / part[dofs]
    return out


def _flow(disc: Disc, u: FloatArray, mu: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Middle of each cell of the upper half [m] and F W / J there [m/s]."""
    s, f = disc.shapes, disc.porous.deformations(u)
    slope = np.einsum("eqcn,en->eqc", s.pressure_slope, mu[s.pressure_dofs])
    seen = -np.einsum("eqcd,eqd->eqc", disc.porous.tissue.conductance(f), slope)
    a, b, c, d, t = np.moveaxis(f, -1, 0)
    here = np.stack([a * seen[..., 0] + b * seen[..., 1], c * seen[..., 0] + d * seen[..., 1]], axis=-1)
    return corners(disc, u).mean(axis=1), (here / ((a * d - b * c) * t)[..., None]).mean(axis=1)
