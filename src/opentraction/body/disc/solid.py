"""The solid of the disc: a compressible neo-Hookean matrix, crossed by two families of collagen fibres that only pull.

A deformation is told by five numbers, the components of F that are not zero in an axisymmetric body without torsion (or
in plane strain): F_rR, F_rZ, F_zR, F_zZ, F_tT. Energies per reference volume:

    matrix: G/2 (tr C - 3) - G ln J + L/2 (ln J)^2
    fibres: E/(2 k) (exp(k (I4 - 1)^2) - 1) for I4 > 1, both families together (Holzapfel, Gasser and Ogden 2000,
    doi:10.1023/A:1010835316564); they run at +-`angle` from the circumference, in the plane of circumference and axis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IDENTITY = np.array([1.0, 0.0, 0.0, 1.0, 1.0])


@dataclass(frozen=True, slots=True)
class Solid:
    """Moduli; each a number or one value for each element, as a column (elements, 1).

    shear: G [Pa]; lame: L [Pa]; fibre: E [Pa]; fibre_growth: k [-]; angle [rad].
    """

    shear: FloatArray | float
    lame: FloatArray | float
    fibre: FloatArray | float = 0.0
    fibre_growth: FloatArray | float = 0.0
    angle: FloatArray | float = 0.0


def volume_ratio(f: FloatArray) -> FloatArray:
    """J = det F; `f` has its five components in the last axis."""
    return np.asarray((f[..., 0] * f[..., 3] - f[..., 1] * f[..., 2]) * f[..., 4])


def cofactor(f: FloatArray) -> FloatArray:
    """dJ/dF, the five components of J F^-T."""
    a, b, c, d, t = np.moveaxis(f, -1, 0)
    return np.stack([d * t, -c * t, -b * t, a * t, a * d - b * c], axis=-1)


def cofactor_slope(f: FloatArray) -> FloatArray:
    """d2J/dF2, (..., 5, 5)."""
    a, b, c, d, t = np.moveaxis(f, -1, 0)
    h = np.zeros((*f.shape, 5))
    h[..., 0, 3] = h[..., 3, 0] = t
    h[..., 1, 2] = h[..., 2, 1] = -t
    for row, value in ((0, d), (1, -c), (2, -b), (3, a)):
        h[..., row, 4] = h[..., 4, row] = value
    return h


def energy(f: FloatArray, s: Solid) -> FloatArray:
    """Per reference volume [J/m^3]."""
    log = np.log(volume_ratio(f))
    matrix = 0.5 * s.shear * (np.sum(f * f, axis=-1) - 3.0) - s.shear * log + 0.5 * s.lame * log**2
    over = _over(f, s)
    growth = np.where(np.asarray(s.fibre_growth) > 0.0, s.fibre_growth, 1.0)
    return np.asarray(matrix + s.fibre / (2.0 * growth) * np.expm1(growth * over**2))


def stress(f: FloatArray, s: Solid) -> FloatArray:
    """First Piola-Kirchhoff stress of the solid [Pa], five components."""
    j = volume_ratio(f)
    inverse = cofactor(f) / j[..., None]
    matrix = _col(s.shear) * f + _col(s.lame * np.log(j) - s.shear) * inverse
    first, _ = _fibre_slopes(f, s)
    return np.asarray(matrix + 2.0 * first[..., None] * _directions(s) * f)


def tangent(f: FloatArray, s: Solid) -> FloatArray:
    """dP/dF of the solid [Pa], (..., 5, 5), symmetric."""
    j = volume_ratio(f)
    inverse = cofactor(f) / j[..., None]
    outer = inverse[..., :, None] * inverse[..., None, :]
    pressure = s.lame * np.log(j) - s.shear
    a = np.asarray(s.lame - pressure)[..., None, None] * outer
    a = a + (pressure / j)[..., None, None] * cofactor_slope(f)
    first, second = _fibre_slopes(f, s)
    along = _directions(s) * f
    a = a + 4.0 * second[..., None, None] * along[..., :, None] * along[..., None, :]
    diagonal = _col(s.shear) + 2.0 * first[..., None] * _directions(s)
    index = np.arange(5)
    a[..., index, index] += np.broadcast_to(diagonal, f.shape)
    return np.asarray(a)


def _col(value: FloatArray | float) -> FloatArray:
    return np.asarray(np.asarray(value)[..., None])


def _directions(s: Solid) -> FloatArray:
    """Share of each component of F in I4 = sum(share F^2): the fibres lie in Z and T."""
    axial, around = np.sin(s.angle) ** 2, np.cos(s.angle) ** 2
    none = np.zeros_like(np.asarray(axial, dtype=np.float64))
    return np.stack([none, np.asarray(axial), none, np.asarray(axial), np.asarray(around)], axis=-1)


def _over(f: FloatArray, s: Solid) -> FloatArray:
    return np.asarray(np.maximum(np.sum(_directions(s) * f * f, axis=-1) - 1.0, 0.0))


def _fibre_slopes(f: FloatArray, s: Solid) -> tuple[FloatArray, FloatArray]:
    """First and second derivative of the fibres' energy by I4 [Pa]."""
    over = _over(f, s)
    grown = s.fibre * np.exp(np.minimum(s.fibre_growth * over**2, 60.0))
    first = grown * over
    second = grown * (1.0 + 2.0 * s.fibre_growth * over**2) * (over > 0.0)
    return np.asarray(first), np.asarray(second)
