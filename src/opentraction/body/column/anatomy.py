"""Levels of a person or a specimen, from size, sex, age and Pfirrmann grades, with every parameter chosen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opentraction.body.column.chosen import Chosen, lists
from opentraction.body.column.curve import Curve
from opentraction.body.column.pores import Pores
from opentraction.body.column.posterior import Facets
from opentraction.body.column.segment import Segment, ring_of
from opentraction.body.column.wall import Wall, uncrimped
from opentraction.body.disc.donnan import BODY_TEMPERATURE, GAS_CONSTANT

FloatArray = npt.NDArray[np.float64]
DISCS = ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
SHOWN = DISCS[1:]
ABOVE = "above"
NUCLEUS_CELLS, ANNULUS_CELLS = 6, 5
BODY_HEAT = GAS_CONSTANT * BODY_TEMPERATURE
"""R T [J/mol], as of the disc by finite elements."""
CORPSE_DOOR = 0.1
"""Through the endplates of a cut-out disc, clogged with blood, water passes at so much of the living rate (set on
Adams and Hutton 1983)."""
LEFT_BETWEEN = 0.2
"""Of a disc's height, at least so much lies between its middle and an endplate."""


REFERENCE = 0.011 * 0.021
"""Height times radius of the disc whose sectors relax as the parameters say [m^2]."""


@dataclass(frozen=True, slots=True)
class Size:
    """What is known of somebody: stature [m], sex, and a Pfirrmann grade for each disc, fractions allowed."""

    stature: float = 1.72
    sex: str = "male"
    grades: tuple[float, ...] = (2.0,) * len(DISCS)


@dataclass(frozen=True, slots=True)
class Cut:
    """What is left of a segment on the testing machine."""

    ligaments: bool = True
    alive: bool = True


def usual_grade(age: float) -> float:
    """Pfirrmann grade of a usual disc at an age [years]: 1.5 at 20, up by one in 25 years (memory, population MRI)."""
    return float(np.clip(1.5 + (age - 20.0) / 25.0, 1.0, 4.5))


def disc_segment(index: int, size: Size, c: Chosen, cut: Cut | None = None) -> Segment:
    """The level with that index in `DISCS`."""
    discs = lists()["discs"]
    scale = _scale(size, c)
    across = scale * c["size"]["scatter"]
    grade = size.grades[index]
    return _segment(
        height=discs["height"][index] * size.stature / c["size"]["stature"] * c["size"]["height_scatter"],
        width=0.5 * discs["width"][index] * across,
        depth=0.5 * discs["depth"][index] * across,
        grade=grade,
        c=c,
        cut=cut or Cut(),
        wedge=math.radians(discs["wedge"][index]) * by_grade("height", grade),
    )


def upper_segment(size: Size, c: Chosen) -> Segment:
    """One disc that stands for all above T12."""
    scale = _scale(size, c)
    a = c["above"]
    return _segment(
        height=a["height"] * size.stature / c["size"]["stature"],
        width=0.5 * a["width"] * scale,
        depth=0.5 * a["depth"] * scale,
        grade=float(np.mean(size.grades)),
        c=c,
        cut=Cut(),
    )


def curve(size: Size, c: Chosen) -> Curve:
    """The neutral lumbar chain."""
    discs, scale = lists()["discs"], size.stature / c["size"]["stature"]
    return Curve(
        np.radians(discs["wedge"]),
        np.radians(discs["vertebra_wedge"]),
        scale * np.array(discs["vertebra_height"]),
        math.radians(c["size"]["sacrum"]),
    )


def _scale(size: Size, c: Chosen) -> float:
    return size.stature / c["size"]["stature"] * (c["size"]["female"] if size.sex == "female" else 1.0)


def by_grade(name: str, grade: float) -> float:
    """A factor of `grades`, between grades in a straight line."""
    return float(np.interp(grade, [1.0, 2.0, 3.0, 4.0, 5.0], lists()["grades"][name]))


def _segment(
    height: float, width: float, depth: float, grade: float, c: Chosen, cut: Cut, wedge: float = 0.0
) -> Segment:
    d = c["disc"]
    wall = _wall(height * by_grade("height", grade), width, depth, grade, c)
    door = d["endplate_ease"] / d["endplate"] * by_grade("door", grade) * (1.0 if cut.alive else CORPSE_DOOR)
    stiff = _stiffness(wall, depth, width)
    relaxing = np.array([d["relaxing_quick"] * stiff, d["relaxing_slow"] * stiff])
    return Segment(
        wall=wall,
        depth=depth,
        width=width,
        ring=ring_of(wall, depth, width),
        nucleus_shear=d["nucleus_shear"] * by_grade("nucleus_shear", grade),
        bands=_bands(depth, c) if cut.ligaments else np.zeros((0, 6)),
        facets=_facets(depth, c, cut.ligaments),
        relaxing=relaxing,
        times=np.array([d["quick"], d["slow"]]),
        bulging=np.array([d["bulge_quick"], d["bulge_slow"]]) * wall.height * wall.radius / REFERENCE,
        firming=d["firming"],
        nucleus=_pores("nucleus", NUCLEUS_CELLS, _half(wall.height, d["endplate"]), grade, door, c),
        annulus=_pores("annulus", ANNULUS_CELLS, d["annulus_way"], grade, door, c),
        floor=d["floor"] * by_grade("floor", grade),
        gas=d["gas"],
        give=d["endplate_give"],
        wedge=wedge,
    )


def _half(height: float, endplate: float) -> float:
    """From the middle of a disc to its endplate [m]; of a disc hardly taller than both endplates there is some left."""
    return max(0.5 * height - endplate, LEFT_BETWEEN * height)


def _wall(height: float, width: float, depth: float, grade: float, c: Chosen) -> Wall:
    d = c["disc"]
    radius = math.sqrt(width * depth)
    share = c["size"]["nucleus_share"] * by_grade("nucleus_share", grade)
    volume = math.pi * radius * radius * height
    fibre = d["fibre"] * by_grade("fibre", grade)
    return Wall(
        shear=d["matrix"] * by_grade("matrix", grade),
        fibre=fibre,
        growth=d["fibre_growth"],
        ventral=math.radians(d["ventral_angle"]),
        dorsal=math.radians(d["dorsal_angle"]),
        radius=radius,
        thickness=radius * (1.0 - math.sqrt(share)),
        height=height,
        volume=volume * (1.0 - share),
        nucleus=volume * share,
        taut=uncrimped(fibre, d["fibre_growth"], d["lamella"]),
    )


def _stiffness(w: Wall, depth: float, width: float) -> FloatArray:
    """What a share of relaxing stiffness is a share of: matrix and fibres in a straight line [N/m, N m/rad]."""
    modulus = 3.0 * w.shear + 0.15 * w.fibre
    area = w.volume / w.height
    up = modulus * area / w.height
    return np.array([up, 0.35 * up * depth**2, 0.35 * up * width**2, 0.15 * up * (depth**2 + width**2)])


def _bands(depth: float, c: Chosen) -> FloatArray:
    table = lists()["ligaments"]
    scale = depth / (0.5 * lists()["discs"]["depth"][DISCS.index("L4-L5")])
    columns = [scale * np.array(table["x"]), scale * np.array(table["y"]), table["length"]]
    columns += [c["bands"]["stiffness"] * np.array(table["stiffness"]), table["slack"], table["toe"]]
    return np.array(columns, float).T.copy()


def flava_moment(index: int, size: Size, c: Chosen) -> float:
    """What the tension of resting flava bends a level backwards with [N m]; a disc cut free of them has it no more."""
    table, discs = lists()["ligaments"], lists()["discs"]
    flava = [str(name) for name in table["names"]].index("flava")
    back = -table["x"][flava] * discs["depth"][index] / discs["depth"][DISCS.index("L4-L5")]
    return c["bands"]["flava"] * back * _scale(size, c) * c["size"]["scatter"]


def _facets(depth: float, c: Chosen, there: bool) -> Facets:
    f = c["facets"]
    scale = depth / (0.5 * lists()["discs"]["depth"][DISCS.index("L4-L5")])
    turned, closed = (f["stiffness"], f["closing_stiffness"]) if there else (0.0, 0.0)
    return Facets(scale * f["back"], scale * f["side"], turned, closed, f["toe"], f["closing"], f["turning"], f["tilt"])


def _pores(tissue: str, cells: int, length: float, grade: float, door: float, c: Chosen) -> Pores:
    d = c["disc"]
    return Pores(
        cells=cells,
        length=length,
        charge=d[f"{tissue}_charge"] * by_grade(f"{tissue}_charge", grade),
        water=d[f"{tissue}_water"] * by_grade("water", grade),
        lame=d[f"{tissue}_lame"] * by_grade(f"{tissue}_lame", grade),
        ease=d[f"{tissue}_ease"] * by_grade("ease", grade),
        power=d["squeeze"],
        growth=d["growth"],
        door=door,
        salt=d["salt"],
        heat=BODY_HEAT,
    )
