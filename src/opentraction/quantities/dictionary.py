"""The one dictionary of quantities, read from dictionary.toml; every room from the console to the report asks here."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from opentraction.quantities.bounds import Bounds, Verdict
from opentraction.quantities.refusal import BadInput
from opentraction.quantities.units import FACTORS, display, parse_quantity


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity: how it is written, shown, bounded and where its bounds come from."""

    key: str
    name: str
    symbol: str
    kind: str
    unit: str
    display_unit: str
    decimals: int
    bounds: Bounds
    source: str

    @property
    def factor(self) -> float:
        """SI units in one display unit."""
        return FACTORS[self.kind][self.display_unit]

    def show(self, value: float, unit: str | None = None) -> str:
        """A value in SI as text in the display unit (or another of the same kind)."""
        return display(value, self.kind, unit or self.display_unit, self.decimals)

    def allowed(self) -> str:
        """The absolute range as text, its ends unrounded so that they can be typed in."""
        low, high = (
            f"{end / self.factor:.9g} {self.display_unit}".strip() for end in (self.bounds.low, self.bounds.high)
        )
        return f"{self.name} from {low} to {high}"

    def read(self, text: object, where: str) -> float:
        """A written amount in SI, inside the absolute bounds. Raises BadInput."""
        return self.check(parse_quantity(text, self.kind, where), where, text)

    def check(self, value: float, where: str, given: object = None) -> float:
        """The value itself if the absolute bounds allow it. Raises BadInput."""
        if self.bounds.judge(value) is Verdict.REFUSED:
            raise BadInput(where, value if given is None else given, self.allowed())
        return value


def _load() -> dict[str, Quantity]:
    raw = tomllib.loads(files(__package__).joinpath("dictionary.toml").read_text("utf-8"))
    return {key: _quantity(key, entry) for key, entry in raw.items()}


def _quantity(key: str, entry: dict[str, Any]) -> Quantity:
    factor = FACTORS[entry["kind"]][entry["display_unit"]]
    absolute, recommended = entry.pop("absolute"), entry.pop("recommended")
    ends = (float(end) * factor for end in (*absolute, *recommended))
    return Quantity(key=key, bounds=Bounds(*ends), **entry)


QUANTITIES: dict[str, Quantity] = _load()


def quantity(key: str) -> Quantity:
    """The quantity called `key`; a KeyError names a programming mistake, never a user's."""
    return QUANTITIES[key]
