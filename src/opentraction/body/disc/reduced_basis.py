"""Modes of a disc from snapshots of its marches (proper orthogonal decomposition), and what the disc is at its points.

Displacements are told against rest and measured by the energy that they would store there, potentials by their mean
square over the volume; modes are taken from both apart, so that the reduced balances stay balances.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from opentraction.body.disc.disc import Disc
from opentraction.body.disc.porous import matter_of
from opentraction.body.disc.reduced_kernel import Points
from opentraction.body.disc.scatter import Pattern
from opentraction.body.disc.solid import IDENTITY

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Modes(NamedTuple):
    """Displacement at rest [m], modes of displacement (nu, m) and of potential (np, n), and how much each holds."""

    rest: FloatArray
    displacement: FloatArray
    potential: FloatArray
    shares: tuple[FloatArray, FloatArray]


def energy_norm(disc: Disc, rest: FloatArray) -> csr_matrix:
    """Stiffness of the disc about `rest`, drained: what measures a displacement (nu, nu)."""
    s = disc.shapes
    width = 2 * s.value.shape[1]
    elements = disc.porous.slopes(rest, np.zeros(s.sizes[1]), 0.0)[:, :width, :width]
    return Pattern(disc.porous.unknowns[:, :width], s.sizes[0]).matrix(np.ascontiguousarray(elements))


def volume_norm(disc: Disc) -> FloatArray:
    """Volume around each unknown of the potential [m^3] (np)."""
    s = disc.shapes
    parts = np.einsum("eq,qn->en", s.weight, s.pressure_value).ravel()
    return np.asarray(np.bincount(s.pressure_dofs.ravel(), parts, s.sizes[1]))


def modes_of(disc: Disc, rest: FloatArray, u: FloatArray, mu: FloatArray, count: tuple[int, int]) -> Modes:
    """From snapshots u (s, nu), mu (s, np). Modes hold 1 J each, those of the potential 1 m^3 Pa^2."""
    moved = u - rest
    stiff = energy_norm(disc, rest)
    phi, kept = _pod(moved, np.asarray(moved @ stiff), count[0])
    volume = volume_norm(disc)
    psi, pressed = _pod(mu, mu * volume, count[1])
    return Modes(rest, phi, psi, (kept, pressed))


def _pod(snapshots: FloatArray, weighted: FloatArray, count: int) -> tuple[FloatArray, FloatArray]:
    """The `count` modes that hold most of the snapshots (s, n), by the method of snapshots; their singular values."""
    values, vectors = np.linalg.eigh(snapshots @ weighted.T)
    order = np.argsort(values)[::-1][:count]
    sizes = np.sqrt(np.maximum(values[order], 0.0))
    return np.ascontiguousarray(snapshots.T @ (vectors[:, order] / sizes)), sizes


def points_of(disc: Disc, modes: Modes) -> Points:
    """All quadrature points of the disc, seen through the modes."""
    s, porous = disc.shapes, disc.porous
    e, q = s.weight.shape
    m, n = modes.displacement.shape[1], modes.potential.shape[1]
    shape = np.stack([porous.deformations(one) - IDENTITY for one in modes.displacement.T], axis=-1)
    psi = modes.potential[s.pressure_dofs]
    value = np.einsum("qi,eik->eqk", s.pressure_value, psi)
    slope = np.einsum("eqci,eik->eqck", s.pressure_slope, psi)
    matter = matter_of(porous.tissue, s.elements)
    by_point: list[Any] = [np.repeat(one, q) if isinstance(one, np.ndarray) else one for one in matter]
    inside = (disc.region == 0)[:, None] * s.weight
    arrays: tuple[Any, ...] = (
        porous.deformations(modes.rest).reshape(e * q, 5),
        shape.reshape(e * q, 5, m),
        value.reshape(e * q, n),
        slope.reshape(e * q, 2, n),
        s.weight.ravel(),
        (inside / inside.sum()).ravel(),
    )
    fields: list[Any] = [*(np.ascontiguousarray(one) for one in arrays), *by_point]
    return Points(*fields)


def coordinates(disc: Disc, modes: Modes, u: FloatArray, mu: FloatArray) -> tuple[FloatArray, FloatArray]:
    """What snapshots are in the modes: (s, m), (s, n)."""
    y = (u - modes.rest) @ (energy_norm(disc, modes.rest) @ modes.displacement)
    return np.asarray(y), np.asarray((mu * volume_norm(disc)) @ modes.potential)
