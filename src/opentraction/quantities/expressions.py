"""Forces as clinicians write them: `75 lb`, `40 %BW`, `0.5 BW - 10 lb`, `min(90 lb, 55 %BW)`.

BW is the patient's body weight (mass times standard gravity). Grammar, nothing more::

    force = ["+" | "-"] term {("+" | "-") term}
    term  = NUMBER UNIT | NUMBER "BW" | NUMBER "%BW" | ("min" | "max") "(" force {"," force} ")"
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from opentraction.quantities.refusal import BadInput
from opentraction.quantities.units import FACTORS, GRAVITY, LONGEST, UNSIGNED, hint

_ALLOWED = (
    "a force with its unit, such as '300 N', '75 lb', '34 kgf', '40 %BW', '0.5 BW - 10 lb' or 'min(90 lb, 50 %BW)'"
)
_TOKEN = re.compile(rf"\s*(?:(?P<number>{UNSIGNED})|(?P<word>%\s?BW|[A-Za-z]+)|(?P<mark>[-+(),]))")
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class ForceExpression:
    """A written force, with the newtons it means for a body mass."""

    text: str
    _value: Callable[[float], float]

    def newtons(self, mass: float) -> float:
        """Force [N] for a body of `mass` [kg]."""
        return self._value(mass)

    @property
    def needs_mass(self) -> bool:
        """Whether the force depends on the patient's weight."""
        return "BW" in self.text


def parse_force(text: object, where: str) -> ForceExpression:
    """Read a force as a clinician writes it. Raises BadInput; a number without a unit is refused."""
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        raise BadInput(where, text, _ALLOWED)
    reader = _Reader(text, where)
    value = reader.force(0)
    if not reader.at_end():
        raise BadInput(where, text, _ALLOWED)
    if not math.isfinite(value(70.0)):
        raise BadInput(where, text, "a finite force, at most 1000 N")
    return ForceExpression(text.strip(), value)


class _Reader:
    """Recursive descent over the tokens of one written force."""

    def __init__(self, text: str, where: str) -> None:
        self.text = text
        self.where = where
        self.tokens = self._split(text)
        self.at = 0

    def _split(self, text: str) -> list[str]:
        tokens: list[str] = []
        end = len(text.rstrip())
        at = 0
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                raise self._refuse()
            tokens.append((match["number"] or match["word"] or match["mark"]).replace(" ", ""))
            at = match.end()
        return tokens

    def _refuse(self) -> BadInput:
        return BadInput(self.where, self.text, _ALLOWED + hint(self.text))

    def at_end(self) -> bool:
        return self.at >= len(self.tokens)

    def _next(self) -> str:
        if self.at_end():
            raise self._refuse()
        token = self.tokens[self.at]
        self.at += 1
        return token

    def _peek(self) -> str:
        return "" if self.at_end() else self.tokens[self.at]

    def force(self, depth: int) -> Callable[[float], float]:
        if depth > _DEEPEST:
            raise self._refuse()
        sign = 1.0
        if self._peek() in {"-", "+"}:
            sign = -1.0 if self._next() == "-" else 1.0
        first = self.term(depth)
        terms = [(sign, first)]
        while self._peek() in {"+", "-"}:
            sign = 1.0 if self._next() == "+" else -1.0
            terms.append((sign, self.term(depth)))
        return lambda mass: sum(s * term(mass) for s, term in terms)

    def term(self, depth: int) -> Callable[[float], float]:
        word = self._next()
        if word in {"min", "max"}:
            return self._choice(min if word == "min" else max, depth)
        try:
            number = float(word)
        except ValueError:
            raise self._refuse() from None
        unit = self._next()
        if unit == "BW":
            return lambda mass: number * mass * GRAVITY
        if unit == "%BW":
            return lambda mass: number * 0.01 * mass * GRAVITY
        if unit not in FACTORS["force"]:
            raise self._refuse()
        factor = FACTORS["force"][unit]
        return lambda mass: number * factor

    def _choice(self, pick: Callable[[list[float]], float], depth: int) -> Callable[[float], float]:
        if self._next() != "(":
            raise self._refuse()
        parts = [self.force(depth + 1)]
        while self._peek() == ",":
            self._next()
            parts.append(self.force(depth + 1))
        if self._next() != ")":
            raise self._refuse()
        return lambda mass: pick([part(mass) for part in parts])
