"""Bodies with exact solutions, set up as the textbooks do, loaded so little that large strains make no difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import skfem

from opentraction.body.disc.held import Held, Plate
from opentraction.body.disc.points import Point
from opentraction.body.disc.porous import Porous
from opentraction.body.disc.shapes import PLANE, Shapes, dofs_on, line, shapes_of
from opentraction.body.disc.solid import Solid
from opentraction.body.disc.stepping import Accuracy, March
from opentraction.body.disc.tissue import Tissue
from opentraction.body.disc.water import Permeability

FloatArray = npt.NDArray[np.float64]
YOUNG, FLOW, LENGTH, PUSH = 1e6, 1e-15, 0.005, 10.0
"""Young's modulus [Pa], permeability [m^4/(N s)], drained length [m], load [Pa]."""


def linear(nu: float) -> Tissue:
    """An isotropic solid; for small strains the neo-Hookean one is Hooke's."""
    shear, lame = YOUNG / (2.0 * (1.0 + nu)), YOUNG * nu / ((1.0 + nu) * (1.0 - 2.0 * nu))
    return Tissue(Solid(shear, lame), Permeability(FLOW, 0.2))


def aggregate(nu: float) -> float:
    """H [Pa]."""
    return YOUNG * (1.0 - nu) / ((1.0 + nu) * (1.0 - 2.0 * nu))


def second(nu: float) -> float:
    """The time [s] at which T = 1."""
    return LENGTH**2 / (aggregate(nu) * FLOW)


dofs, at = dofs_on, line


@dataclass
class Course:
    """What was seen on the way: T, and one value for each point."""

    march: March
    points: list[Point]
    second: float

    @property
    def times(self) -> FloatArray:
        return np.array([point.t / self.second for point in self.points])

    def of(self, what: Any) -> FloatArray:
        return np.array([what(point) for point in self.points])


def marched(porous: Porous, held: Held, nu: float, until: float, relative: float = 1e-5) -> Course:
    """From rest to T = `until`."""
    unit = second(nu)
    march, points = March(porous, held, Accuracy(relative=relative, smallest=1e-6 * unit)), list[Point]()
    march.run(march.start(), until * unit, each=points.append)
    return Course(march, points, unit)


def column(cells: int, nu: float = 0.2) -> tuple[Porous, Held]:
    """Confined, pressed from a drained top; the bottom is closed."""
    radius = LENGTH / 4.0
    lines = np.linspace(0.0, radius, 2), np.linspace(0.0, LENGTH, cells + 1)
    s = shapes_of(skfem.MeshQuad.init_tensor(*lines))
    sides = np.r_[dofs(s.displacement, at(0, 0.0), "u^1"), dofs(s.displacement, at(0, radius), "u^1")]
    top, force = dofs(s.displacement, at(1, LENGTH), "u^2"), PUSH * np.pi * radius**2
    fixed = np.r_[sides, dofs(s.displacement, at(1, 0.0), "u^2")]
    plate = Plate(top, force=lambda _t: -force)
    return Porous(s, linear(nu)), Held(fixed, dofs(s.pressure, at(1, LENGTH)), (plate,))


def slab(cells: int, nu: float, geometry: str, plate: Any) -> tuple[Porous, Held, Shapes]:
    """Half a strip or a cylinder of radius LENGTH between frictionless closed plates, drained at its side."""
    height = LENGTH / 4.0
    # thinner towards the drained side, by a power that leaves the middle fine enough
    across = LENGTH * (1.0 - np.linspace(1.0, 0.0, cells + 1) ** 1.5)
    s = shapes_of(skfem.MeshQuad.init_tensor(across, np.linspace(0.0, height, 3)), geometry)
    fixed = np.r_[dofs(s.displacement, at(0, 0.0), "u^1"), dofs(s.displacement, at(1, 0.0), "u^2")]
    top = dofs(s.displacement, at(1, height), "u^2")
    held = Held(fixed, dofs(s.pressure, at(0, LENGTH)), (plate(top, height),))
    return Porous(s, linear(nu)), held, s


def strip(cells: int, nu: float) -> tuple[Porous, Held, Shapes]:
    """Mandel's."""
    return slab(cells, nu, PLANE, lambda top, _height: Plate(top, force=lambda _t: -PUSH * LENGTH))


def cylinder(cells: int, nu: float, strain: float) -> tuple[Porous, Held, Shapes]:
    """Unconfined, squeezed at once by `strain`."""
    return slab(
        cells, nu, "axisymmetric",
        lambda top, height: Plate(top, path=lambda t: -strain * height if t > 0.0 else 0.0),
    )  # fmt: skip


def tube(cells: int, nu: float) -> tuple[Porous, Held]:
    """From LENGTH to twice that, kept from lengthening, all drained, pressed from inside."""
    lines = np.linspace(LENGTH, 2.0 * LENGTH, cells + 1), np.linspace(0.0, LENGTH, cells + 1)
    mesh = skfem.MeshQuad.init_tensor(*lines)
    s = shapes_of(mesh)
    ends = np.r_[dofs(s.displacement, at(1, 0.0), "u^2"), dofs(s.displacement, at(1, LENGTH), "u^2")]
    facets = skfem.FacetBasis(mesh, s.displacement.elem, facets=mesh.facets_satisfying(at(0, LENGTH)), intorder=5)
    form = skfem.LinearForm(lambda v, w: 2.0 * np.pi * w.x[0] * v[0])
    held = Held(ends, np.arange(s.sizes[1]), loads=form.assemble(facets), loading=lambda _t: PUSH)
    return Porous(s, linear(nu)), held


def sphere(refined: int, nu: float) -> tuple[Porous, Held, Shapes]:
    """Cryer's, pressed all around: a quarter of a circle with curved edges."""
    mesh, edge = quarter_circle(refined)
    s = shapes_of(mesh)
    fixed = np.r_[dofs(s.displacement, at(0, 0.0), "u^1"), dofs(s.displacement, at(1, 0.0), "u^2")]
    facets = skfem.FacetBasis(mesh, s.displacement.elem, facets=edge, intorder=5)
    form = skfem.LinearForm(lambda v, w: -2.0 * np.pi * w.x[0] * (v[0] * w.n[0] + v[1] * w.n[1]))
    held = Held(fixed, dofs(s.pressure, edge), loads=form.assemble(facets), loading=lambda _t: PUSH)
    return Porous(s, linear(nu)), held, s


def quarter_circle(refined: int) -> tuple[Any, npt.NDArray[np.int64]]:
    """Curved triangles, and the edges on the circle."""
    whole = skfem.MeshTri.init_circle(refined)
    middles = whole.p[:, whole.t].mean(axis=1)
    flat = whole.restrict(np.flatnonzero((middles > 0.0).all(axis=0)))
    curved = skfem.MeshTri2.from_mesh(flat)
    ends = np.hypot(*flat.p[:, flat.facets])
    edge = np.intersect1d(flat.boundary_facets(), np.flatnonzero((ends > 0.999).all(axis=0)))
    places = curved.doflocs.copy()
    places[:, flat.nvertices + edge] /= np.hypot(*places[:, flat.nvertices + edge])
    return skfem.MeshTri2(places * LENGTH, curved.t), edge
