"""The virtual table's parameters from parameters.toml, at the middle or drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from opentraction.quantities.parameters import Parameter, load_parameters
from opentraction.quantities.units import GRAVITY
from opentraction.table.virtual.cable import CableParameters
from opentraction.table.virtual.carriage import CarriageParameters
from opentraction.table.virtual.drive import DriveParameters
from opentraction.table.virtual.hardware import HardwareParameters
from opentraction.table.virtual.load_cell import CellParameters

PARAMETERS = load_parameters("opentraction.table.virtual")


class TableParameters(NamedTuple):
    """Everything the table kernels read."""

    drive: DriveParameters
    cable: CableParameters
    carriage: CarriageParameters
    carriage_mass: float
    cell_a: CellParameters
    cell_b: CellParameters
    hardware: HardwareParameters


def table_parameters(
    load_mass: float,
    split: bool,
    rng: np.random.Generator | None = None,
    choose: Callable[[Parameter], float] | None = None,
) -> TableParameters:
    """A table carrying `load_mass` [kg] on its lower section, open (`split`) or locked; drawn if `rng` is given.

    `choose` takes each parameter where it wants it; the load cells are then exact.
    """
    if choose is None:

        def choose(parameter: Parameter) -> float:
            return parameter.value if rng is None else parameter.draw(rng)

    drive = DriveParameters(*(choose(PARAMETERS["drive"][name]) for name in DriveParameters._fields))
    cable = CableParameters(*(choose(PARAMETERS["cable"][name]) for name in CableParameters._fields))
    hardware = HardwareParameters(*(PARAMETERS["hardware"][name].value for name in HardwareParameters._fields))
    mass = choose(PARAMETERS["carriage"]["mass"])
    carriage = _carriage(load_mass, mass, split, choose)
    return TableParameters(drive, cable, carriage, mass if split else 0.0, _cell(rng), _cell(rng), hardware)


def _carriage(load: float, mass: float, split: bool, choose: Callable[[Parameter], float]) -> CarriageParameters:
    c = PARAMETERS["carriage"]
    if split:
        coulomb = choose(c["rolling"]) * (load + mass) * GRAVITY
        breakaway = coulomb + choose(c["breakaway_extra"])
        spring, travel, bristle = choose(c["spring"]), choose(c["float_length"]), choose(c["bristle"])
    else:
        coulomb = choose(c["sliding"]) * load * GRAVITY
        breakaway, spring, travel, bristle = 1.1 * coulomb, 0.0, 0.5, choose(c["skin_bristle"])
    return CarriageParameters(
        coulomb=coulomb,
        breakaway=breakaway,
        bristle=bristle,
        stribeck_speed=choose(c["stribeck_speed"]),
        viscous=choose(c["viscous"]),
        spring=spring,
        float_length=travel,
        stop_stiffness=choose(c["stop_stiffness"]),
    )


def _cell(rng: np.random.Generator | None) -> CellParameters:
    c = PARAMETERS["cell"]
    if rng is None:
        return CellParameters(
            lag=c["lag"].value,
            delay_ticks=int(c["delay_ticks"].value),
            noise=c["noise"].value,
            quantum=c["quantum"].value,
            gain=1.0,
            zero=0.0,
            drift=0.0,
        )
    sign = rng.choice([-1.0, 1.0], size=3)
    return CellParameters(
        lag=c["lag"].draw(rng),
        delay_ticks=int(rng.integers(0, 3)),
        noise=c["noise"].draw(rng),
        quantum=c["quantum"].draw(rng),
        gain=1.0 + float(sign[0]) * c["gain_error"].draw(rng),
        zero=float(sign[1]) * c["zero"].draw(rng),
        drift=float(sign[2]) * c["drift"].draw(rng),
    )
