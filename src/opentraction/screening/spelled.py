"""A condition spelled out for a reader: questions by their id, cut-offs with their value and unit."""

from __future__ import annotations

from collections.abc import Mapping

from opentraction.screening.conditions import Atom, Condition
from opentraction.screening.cut_offs import CutOff

_JOINED = {"any": " or ", "all": " and "}
_OPERATORS = {
    "<=": "at most", "<": "under", ">=": "at least", ">": "over", "within": "less than", "older_than": "more than",
}  # fmt: skip
_AGAINST = {"before_birth": "`{}` lies before birth, by `{}`", "not_above": "`{}` is not above `{}`"}


def spell(condition: Condition, cut_offs: Mapping[str, CutOff], inside: bool = False) -> str:
    """`trauma is major and trauma_imaged is no`."""
    if isinstance(condition, Atom):
        return _atom(condition, cut_offs)
    parts = [spell(part, cut_offs, True) for part in condition.parts]
    if condition.how == "not":
        return f"not: {parts[0]}"
    if condition.how == "at_least":
        return f"at least {condition.count} of: {', '.join(parts)}"
    said = _JOINED[condition.how].join(parts)
    return f"({said})" if inside and len(parts) > 1 else said


def _atom(atom: Atom, cut_offs: Mapping[str, CutOff]) -> str:
    if atom.operator in _AGAINST:
        return _AGAINST[atom.operator].format(atom.question, atom.word)
    if not atom.cut_off:
        return f"`{atom.question}` {atom.operator} {atom.word}"
    cut = cut_offs[atom.cut_off]
    ago = " ago" if atom.operator in {"within", "older_than"} else ""
    return f"`{atom.question}` {_OPERATORS[atom.operator]} {cut.value:g} {cut.unit}{ago}".rstrip()
