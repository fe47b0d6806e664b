"""Oxygen, glucose and lactate of a disc: what reaches its cells from vertebrae and rim, at rest or along a march.

Supply is given on the outer face of the cartilage endplate and at the rim of the annulus; cells take up oxygen and
glucose and give off lactate; all three diffuse, and go with the water of the march. A pull acts on them by three ways,
all of them here: longer ways to go, tissue with more water in it, water that flows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.body.disc.disc import ENDPLATE, NAMES, NUCLEUS, Disc
from opentraction.body.disc.held import nothing
from opentraction.body.disc.living import FEED, GLUCOSE, LACTATE, OXYGEN, SOLUTES, Metabolism
from opentraction.body.disc.medium import Medium
from opentraction.body.disc.points import Point
from opentraction.body.disc.shapes import dofs_on, line
from opentraction.body.disc.turnover import Moment, Turnover
from opentraction.quantities import BadInput
from opentraction.quantities.parameters import Parameter

FloatArray = npt.NDArray[np.float64]
LONGEST: Final = 600.0
"""A step of solutes [s]; half of it changes the lowest glucose of a day by less than 1e-4 mol/m^3 (a test)."""
SMALLEST_OPENING: Final = 0.01


class Fed(NamedTuple):
    """How a disc is fed: the lowest oxygen [kPa] and glucose [mol/m^3], the highest lactate, the lowest pH.

    viable: share of its cells where there is glucose and pH to live on. The last three: means over the nucleus.
    """

    time: float
    oxygen: float
    glucose: float
    lactate: float
    acid: float
    viable: float
    mean_oxygen: float
    mean_glucose: float
    mean_lactate: float


class Nutrients:
    """What feeds a disc.

    Parameters
    ----------
    endplate : share of the endplate's area that lets solutes through, 0.01 to 1; calcified ones are partly closed.
        Water is not held back by it; that is a matter of the disc's tissue.
    crowding : cells as a multiple of those in `nutrients.toml`, from 0.
    carried : False leaves out what the flow of water adds, to see what it does; amounts do not balance then.
    """

    def __init__(
        self,
        disc: Disc,
        endplate: float = 1.0,
        crowding: float = 1.0,
        carried: bool = True,
        of: dict[str, dict[str, Parameter]] | None = None,
    ) -> None:
        if not SMALLEST_OPENING <= endplate <= 1.0:
            raise BadInput("endplate", endplate, f"a share from {SMALLEST_OPENING} to 1")
        if not 0.0 <= crowding < np.inf:
            raise BadInput("crowding", crowding, "0 or more")
        self.disc, self.of = disc, of or FEED
        self.metabolism = Metabolism(self.of)
        drained = np.setdiff1d(np.arange(disc.shapes.sizes[1]), disc.under(nothing).unknowns.open)
        self.medium = Medium(disc.porous, drained, np.where(disc.region == ENDPLATE, endplate, 1.0))
        self.density = crowding * np.array([self.of["density"][name].value for name in NAMES])[disc.region][:, None]
        held, supply = self._supply()
        diffusivity = np.array([self.of["diffusivity"][name].value for name in SOLUTES])
        cells = self.medium.gather(np.broadcast_to(self.density, disc.shapes.weight.shape))
        self.turnover = Turnover(self.medium, diffusivity, cells, self.metabolism.rates, held, supply, carried)

    def steady(self, point: Point) -> Moment:
        """The balance that a disc comes to when it stays as it is at a point of a march. Raises NoConvergence."""
        return self.turnover.steady(self._fitting(point).u, t=point.t)

    def along(self, points: Iterable[Point], start: Moment | None = None, longest: float = LONGEST) -> list[Moment]:
        """Moments at the points of a march, from `start` at the first of them or from the balance there.

        Raises BadInput where there is no point, where time stands still or goes back, or `start` is of another time.
        """
        way = list(points)
        _in_order(way, longest)
        moment = start or self.steady(way[0])
        if abs(moment.t - way[0].t) > 1e-9 * max(abs(way[0].t), 1.0):
            raise BadInput("start", moment.t, f"a moment at {way[0].t:g} s, where the march begins")
        moments = [moment]
        for point in way[1:]:
            moment = self._to(self._fitting(point), moment, longest)
            moments.append(moment)
        return moments

    def _to(self, point: Point, moment: Moment, longest: float) -> Moment:
        """Steps of equal length to a point, the tissue in a straight line between."""
        steps = int(np.ceil((point.t - moment.t) / longest * (1.0 - 1e-12)))
        begun, dt = moment, (point.t - moment.t) / steps
        for k in range(1, steps + 1):
            moment = self.turnover.step(moment, begun.u + k / steps * (point.u - begun.u), dt)
        return moment

    def read(self, moment: Moment) -> Fed:
        """What a moment says."""
        c, inside = moment.c, self.disc.region == NUCLEUS
        pressure = self.metabolism.oxygen_pressure(c[OXYGEN])
        volume = (self.disc.shapes.weight * self.disc.porous.volumes(moment.u))[inside]
        means = (self.medium.at_points(c)[:, inside] * volume).sum(axis=(1, 2)) / volume.sum()
        return Fed(
            time=moment.t,
            oxygen=float(pressure.min()),
            glucose=float(c[GLUCOSE].min()),
            lactate=float(c[LACTATE].max()),
            acid=float(self.metabolism.acid(c[LACTATE]).min()),
            viable=self.viable(moment),
            mean_oxygen=float(self.metabolism.oxygen_pressure(means)[OXYGEN]),
            mean_glucose=float(means[GLUCOSE]),
            mean_lactate=float(means[LACTATE]),
        )

    def viable(self, moment: Moment) -> float:
        """Share of the cells that have more glucose and less acid around them than they die of within days."""
        c, life = self.medium.at_points(moment.c), self.of["life"]
        lives = (c[GLUCOSE] >= life["glucose"].value) & (self.metabolism.acid(c[LACTATE]) >= life["acid"].value)
        cells = self.disc.shapes.weight * self.density
        return float((cells * lives).sum() / cells.sum()) if cells.any() else 1.0

    def _supply(self) -> tuple[npt.NDArray[np.int64], FloatArray]:
        """Nodes whose concentrations are given, and these [mol/m^3]; the corner belongs to the rim."""
        pressure, radius = self.disc.shapes.pressure, self.disc.geometry["radius"]
        rim, plate = dofs_on(pressure, line(0, radius)), dofs_on(pressure, line(1, self.disc.half))
        held = np.unique(np.r_[rim, plate])
        given = [np.where(np.isin(held, rim), self._at("rim", i), self._at("endplate", i)) for i in range(len(SOLUTES))]
        return held, np.stack(given)

    def _at(self, where: str, solute: int) -> float:
        value = self.of[where][SOLUTES[solute]].value
        return value * self.of["solubility"]["oxygen"].value if solute == OXYGEN else value

    def _fitting(self, point: Point) -> Point:
        expected = self.disc.shapes.sizes[0]
        if point.u.shape != (expected,):
            raise BadInput("point", point.u.shape, f"one of a march of this disc, with {expected} displacements")
        return point


def _in_order(way: Sequence[Point], longest: float) -> None:
    if not way:
        raise BadInput("points", 0, "at least one point of a march")
    if not longest > 0.0:
        raise BadInput("longest", longest, "a step above 0 s")
    for before, after in pairwise(way):
        if not after.t > before.t:
            raise BadInput("points", after.t, f"later than {before.t:g} s, as time goes on along a march")
