"""What cells of the disc take up and give off: oxygen, glucose, lactate, tied together by acid.

Rates fitted to nucleus cells in culture by Bibby and others (2005, Spine 30:487), as later models of the disc use them
(Soukane 2007, Magnier 2009, Malandrino 2011). Cells that lack glucose slow down; none dies within the computation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from opentraction.quantities.parameters import Parameter, load_parameters

FloatArray = npt.NDArray[np.float64]
OXYGEN, GLUCOSE, LACTATE = 0, 1, 2
SOLUTES: Final = ("oxygen", "glucose", "lactate")
FEED: Final = load_parameters("opentraction.body.disc", "nutrients.toml")
NANOMOL_PER_MILLION_HOUR: Final = 1e-9 / 1e6 / 3600.0
"""[mol/(cell s)] in a nmol/(10^6 cells h)."""


@dataclass(frozen=True)
class Metabolism:
    """Rates of one cell from the concentrations around it; `of` are sections as those of `nutrients.toml`."""

    of: dict[str, dict[str, Parameter]]

    def acid(self, lactate: FloatArray) -> FloatArray:
        """pH at concentrations of lactate [mol/m^3]."""
        return np.asarray(self._("acid", "rested") - lactate / self._("acid", "buffer"))

    def oxygen_pressure(self, oxygen: FloatArray) -> FloatArray:
        """[kPa] of dissolved oxygen [mol/m^3]."""
        return np.asarray(oxygen / self._("solubility", "oxygen"))

    def _(self, section: str, name: str) -> float:
        return self.of[section][name].value

    def rates(self, c: FloatArray) -> tuple[FloatArray, FloatArray]:
        """[mol/(cell s)] at concentrations `c` [mol/m^3], both (3, n), below zero what is taken up; slopes (3, 3, n).

        A slope is that of a rate (first) by a concentration (second) [m^3/(cell s)].
        """
        p = self.oxygen_pressure(np.maximum(c[OXYGEN], 0.0))
        by_oxygen = (c[OXYGEN] > 0.0) / self._("solubility", "oxygen")
        acid = self.acid(np.maximum(c[LACTATE], 0.0))
        by_lactate = (c[LACTATE] > 0.0) / -self._("acid", "buffer")
        slopes = np.zeros((3, *c.shape))
        breath, by_p, by_acid = self._breathing(p, acid)
        slopes[OXYGEN, OXYGEN], slopes[OXYGEN, LACTATE] = -by_p * by_oxygen, -by_acid * by_lactate
        made, of_p, of_acid, of_glucose = self._glycolysis(p, acid, c[GLUCOSE])
        for row, share in ((GLUCOSE, -0.5), (LACTATE, 1.0)):
            slopes[row, OXYGEN], slopes[row, LACTATE] = share * of_p * by_oxygen, share * of_acid * by_lactate
            slopes[row, GLUCOSE] = share * of_glucose
        unit = NANOMOL_PER_MILLION_HOUR
        return unit * np.stack([-breath, -0.5 * made, made]), unit * slopes

    def _breathing(self, p: FloatArray, acid: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Oxygen taken up [nmol/(10^6 cells h)], and its slopes by oxygen [kPa] and pH."""
        most, sour, half, growth = (self._("breathing", name) for name in ("most", "sour", "half", "growth"))
        above = np.maximum(acid - sour, 0.0)
        whole = half + growth * above + p
        rate = most * above * p / whole
        by_acid = most * p * (half + p) / whole**2 * (acid > sour)
        return rate, most * above * (half + growth * above) / whole**2, by_acid

    def _glycolysis(
        self, p: FloatArray, acid: FloatArray, glucose: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Lactate made [nmol/(10^6 cells h)], and its slopes by oxygen [kPa], pH and glucose [mol/m^3]."""
        base, sharp, first, second = (self._("glycolysis", n) for n in ("base", "acid", "oxygen", "oxygen_squared"))
        scarce, there = self._("glycolysis", "scarce"), np.maximum(glucose, 0.0)
        sated = np.exp(base + sharp * acid + first * p + second * p**2)
        made = sated * there / (there + scarce)
        by_glucose = sated * scarce / (there + scarce) ** 2 * (glucose > 0.0)
        return made, made * (first + 2.0 * second * p), made * sharp, by_glucose


CELLS: Final = Metabolism(FEED)
"""The cells of `nutrients.toml`."""
