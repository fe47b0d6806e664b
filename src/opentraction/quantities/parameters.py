"""Parameters as data: each with value, unit, spread and source, read from a TOML file beside the room using them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number about the world, in the unit its file states (SI)."""

    value: float
    low: float
    high: float
    unit: str
    source: str

    def draw(self, rng: np.random.Generator) -> float:
        """A value from the spread: log-normal for what is positive and wide, else normal, cut at the ends.

        `low` and `high` are taken as the 5th and 95th percentile (1.645 standard deviations either side).
        """
        z = float(np.clip(rng.standard_normal(), -1.645, 1.645))
        return self.at(z)

    def at(self, z: float) -> float:
        """The value `z` standard deviations from the middle, ends included."""
        end = self.high if z > 0 else self.low
        share = min(abs(z) / 1.645, 1.0)
        if self.value > 0.0 and end > 0.0:
            return float(self.value * (end / self.value) ** share)
        return self.value + (end - self.value) * share


def load_parameters(package: str, name: str = "parameters.toml") -> dict[str, dict[str, Parameter]]:
    """The sections of a parameter file as Parameter values; plain lists are left out."""
    raw = tomllib.loads(files(package).joinpath(name).read_text("utf-8"))
    return {section: _section(entries) for section, entries in raw.items()}


def _section(entries: dict[str, Any]) -> dict[str, Parameter]:
    return {
        key: Parameter(float(e["value"]), float(e["low"]), float(e["high"]), str(e["unit"]), str(e["source"]))
        for key, e in entries.items()
        if isinstance(e, dict) and "value" in e
    }
