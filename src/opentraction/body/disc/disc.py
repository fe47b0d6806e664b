"""An intervertebral disc between two vertebrae: nucleus, annulus and cartilage endplates.

Half of it is computed, mirrored at the middle plane. The vertebra is rigid and bonded to the cartilage; water passes to
it through the cartilage and to the side through the annulus, both into a bath at the potential 0. Forces are of the
vertebra on the disc [N], tension positive; heights are those between the vertebrae.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import skfem

from opentraction.body.disc.donnan import Charges
from opentraction.body.disc.held import Course, Held, Plate
from opentraction.body.disc.points import Point
from opentraction.body.disc.porous import Porous
from opentraction.body.disc.shapes import Shapes, dofs_on, line, shapes_of
from opentraction.body.disc.solid import Solid
from opentraction.body.disc.stepping import Accuracy, March
from opentraction.body.disc.tissue import Tissue
from opentraction.body.disc.water import Permeability
from opentraction.quantities import BadInput
from opentraction.quantities.parameters import load_parameters

FloatArray = npt.NDArray[np.float64]
PARAMETERS = load_parameters("opentraction.body.disc")
NUCLEUS, ANNULUS, ENDPLATE = 0, 1, 2
NAMES = ("nucleus", "annulus", "endplate")
TISSUES = tuple(name.removesuffix("_nucleus") for name in PARAMETERS if name.endswith("_nucleus"))
"""Sets of `parameters.toml`, the usual one first."""


class Readings(NamedTuple):
    """A disc at a moment: height and bulge [m], pressure of the nucleus [Pa], water taken up [m^3].

    Height and bulge are changes from the reference. Bulge is how far out the side is at half the height, inward
    negative: there it goes farthest, and it reads smoothly; the largest excursion jumps from place to place in a pull.
    """

    time: float
    height: float
    bulge: float
    pressure: float
    water: float


@dataclass(frozen=True)
class Cells:
    """How many across the nucleus and the annulus, up half the disc, and through the endplate."""

    nucleus: int = 10
    annulus: int = 8
    height: int = 8
    endplate: int = 3

    def finer(self, times: int) -> Cells:
        """Every cell cut."""
        return Cells(self.nucleus * times, self.annulus * times, self.height * times, self.endplate * times)


class Disc:
    """A disc of a tissue set of `parameters.toml`, `healthy` or `degenerate`, meshed.

    top: unknowns of the vertebra, upward; side: that of the side at half the height, outward. Raises BadInput for
    a set that is not there.
    """

    def __init__(self, tissues: str = "healthy", cells: Cells | None = None) -> None:
        g = geometry_of(tissues)
        self.geometry = g
        self.half = 0.5 * g["height"]
        self.shapes = shapes_of(_mesh(g, cells or Cells()))
        self.region = _regions(self.shapes, g)
        self.porous = Porous(self.shapes, _tissue(tissues, self.region))
        d = self.shapes.displacement
        self.top = dofs_on(d, line(1, self.half), "u^2")
        self.side = _middle(d, g["radius"])

    def under(self, force: Course, accuracy: Accuracy | None = None) -> March:
        """The march under a force that changes with time [s]."""
        return March(self.porous, self._held(force), accuracy or Accuracy(smallest=0.1))

    def _held(self, force: Course) -> Held:
        d, p, radius = self.shapes.displacement, self.shapes.pressure, self.geometry["radius"]
        fixed = [
            dofs_on(d, line(0, 0.0), "u^1"),
            dofs_on(d, line(1, 0.0), "u^2"),
            dofs_on(d, line(1, self.half), "u^1"),
        ]
        wet = [dofs_on(p, line(0, radius)), dofs_on(p, line(1, self.half))]
        return Held(np.unique(np.r_[*fixed]), np.unique(np.r_[*wet]), (Plate(self.top, force=force),))

    def read(self, point: Point) -> Readings:
        """What would be measured at a point of a march."""
        s, inside = self.shapes, self.region == NUCLEUS
        j = self.porous.volumes(point.u)
        mu = np.einsum("qn,en->eq", s.pressure_value, point.mu[s.pressure_dofs])
        pressure = (mu + self.porous.tissue.swelling(j))[inside]
        weight = s.weight[inside]
        return Readings(
            time=point.t,
            height=2.0 * float(point.u[self.top[0]]),
            bulge=float(point.u[self.side]),
            pressure=float(np.sum(weight * pressure) / weight.sum()),
            water=2.0 * float(point.balance.held.sum()),
        )


def _middle(displacement: Any, radius: float) -> int:
    """The unknown of the side at half the height, outward."""
    side = dofs_on(displacement, line(0, radius), "u^1")
    return int(side[np.argmin(np.abs(displacement.doflocs[1, side]))])


def geometry_of(tissues: str) -> dict[str, float]:
    """Lengths of a tissue set [m]: its own where it has some, else the common ones. Raises BadInput as `Disc`."""
    if tissues not in TISSUES:
        raise BadInput("tissues", tissues, "one of " + ", ".join(TISSUES))
    found = {**PARAMETERS["geometry"], **PARAMETERS.get(f"{tissues}_geometry", {})}
    return {name: one.value for name, one in found.items()}


def _mesh(g: dict[str, float], cells: Cells) -> skfem.MeshQuad:
    """Cells are thinner at the endplate and at the outer rim, where the water leaves."""
    inner = np.linspace(0.0, g["nucleus"], cells.nucleus + 1)
    outer = _towards(g["nucleus"], g["radius"], cells.annulus)
    below = _towards(0.0, 0.5 * g["height"] - g["endplate"], cells.height)
    plate = np.linspace(below[-1], 0.5 * g["height"], cells.endplate + 1)
    return skfem.MeshQuad.init_tensor(np.r_[inner, outer[1:]], np.r_[below, plate[1:]])


def _towards(start: float, end: float, count: int) -> FloatArray:
    """Cells that get thinner towards the end, the last a good half of the mean."""
    return np.asarray(end - (end - start) * np.linspace(1.0, 0.0, count + 1) ** 1.4)


def _regions(shapes: Shapes, g: dict[str, float]) -> npt.NDArray[np.int64]:
    """Which tissue each element is of."""
    radius, high = shapes.place.mean(axis=1).T
    region = np.where(radius < g["nucleus"], NUCLEUS, ANNULUS)
    region[high > 0.5 * g["height"] - g["endplate"]] = ENDPLATE
    return region


def _tissue(tissues: str, region: npt.NDArray[np.int64]) -> Tissue:
    sets = [PARAMETERS[f"{tissues}_{name}"] for name in NAMES]

    def each(name: str) -> FloatArray:
        return np.array([one[name].value if name in one else 0.0 for one in sets])[region][:, None]

    solid = Solid(each("shear"), each("lame"), each("fibre"), each("fibre_growth"), each("angle"))
    water = Permeability(each("permeability"), 1.0 - each("water"), each("power"), each("growth"))
    return Tissue(solid, water, Charges(each("charge"), each("water")))
