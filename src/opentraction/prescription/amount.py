"""A force in a prescription: written out (`75 lb`, `40 %BW`) or as a share of the high force (`50 % high`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from opentraction.quantities import BadInput, ForceExpression, display, parse_force
from opentraction.quantities.units import NUMBER, hint

_SHARE = re.compile(rf"^\s*({NUMBER})\s*%\s*(?:of\s+)?high\s*$")
_FORCES = "a force such as '75 lb', '300 N', '40 %BW' or 'min(90 lb, 50 %BW)'"
_SHARES = f"{_FORCES}, or a share such as '50 % high'"


@dataclass(frozen=True, slots=True)
class Amount:
    """One written force; exactly one of `force` and `share` is there."""

    text: str
    where: str
    force: ForceExpression | None
    share: float | None

    def newtons(self, mass: float, high: float) -> float:
        """Force [N] for a body of `mass` [kg] in a cycle with the given high force [N]."""
        if self.force is not None:
            return self.force.newtons(mass)
        return (self.share or 0.0) * high

    def refuse(self, newtons: float, allowed: str) -> BadInput:
        """A refusal that shows the force as written and in newtons."""
        meant = display(newtons, "force", "N", 0)
        return BadInput(self.where, self.text if self.text == meant else f"{self.text}, which is {meant}", allowed)


def parse_amount(text: object, where: str, shares: bool = True) -> Amount:
    """Read a force; a share of high only where `shares`. Raises BadInput."""
    if shares and isinstance(text, str) and len(text) <= 100 and (match := _SHARE.match(text)):
        share = 0.01 * float(match[1])
        if not 0.0 <= share <= 1.0:
            raise BadInput(where, text, "a share of the high force from 0 % to 100 %")
        return Amount(text.strip(), where, None, share)
    try:
        force = parse_force(text, where)
    except BadInput:
        raise BadInput(where, text, (_SHARES if shares else _FORCES) + hint(text)) from None
    return Amount(force.text, where, force, None)
