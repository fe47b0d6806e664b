"""The questions staff ask for the programme at home, as a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opentraction.care.home import HomeProgramme, exercises, facts_known
from opentraction.care.home.gates import Answer, Fact

YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the page shows it; `fixed` is what the intake told, which is corrected there."""

    fact: Fact
    written: str
    fixed: str = ""
    wanted: bool = False
    refusal: str = ""


@dataclass
class FactsForm:
    """What was written, what it means, what cannot be used."""

    written: dict[str, str]
    fixed: Mapping[str, Any]
    wanted: frozenset[str] = frozenset()
    values: dict[str, Any] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Mapping[str, Any], fixed: Mapping[str, Any], wanted: frozenset[str]) -> FactsForm:
        """As first shown, with what was answered before."""
        return cls({name: _text(value) for name, value in facts.items()}, fixed, wanted)

    @classmethod
    def read(cls, post: Mapping[str, str], fixed: Mapping[str, Any], wanted: frozenset[str]) -> FactsForm:
        """What was posted."""
        form = cls({name: post.get(name, "").strip()[:20] for name in facts_known()}, fixed, wanted)
        for fact in facts_known().values():
            if not form._closed(fact):
                form._take(fact)
        return form

    @property
    def questions(self) -> list[Asked]:
        """Those that would open something today first."""
        every = [self._asked(fact) for fact in facts_known().values() if fact.kind != "word"]
        return sorted(every, key=lambda one: (bool(one.fixed), not one.wanted))

    def _asked(self, fact: Fact) -> Asked:
        fixed = _text(self.fixed.get(fact.id)) if self._closed(fact) else ""
        written = self.written.get(fact.id, "")
        return Asked(fact, written, fixed, fact.id in self.wanted, self.refusals.get(fact.id, ""))

    def _closed(self, fact: Fact) -> bool:
        """What the intake told stands; a number may be taken anew."""
        return fact.kind == "word" or (fact.kind == "yes-no" and self.fixed.get(fact.id) is not None)

    def _take(self, fact: Fact) -> None:
        written = self.written[fact.id]
        if not written:
            return
        if fact.kind == "yes-no" and written in YES_NO:
            self.values[fact.id] = YES_NO[written]
            return
        try:
            number = float(written.replace(",", "."))
            if fact.kind != "number" or not fact.low <= number <= fact.high:
                raise ValueError
            self.values[fact.id] = number
        except ValueError:
            allowed = "yes, no, or leave it open" if fact.kind == "yes-no" else (
                f"a number from {fact.low:g} to {fact.high:g} {fact.unit}".rstrip())  # fmt: skip
            self.refusals[fact.id] = f"“{written}” cannot be used. Give {allowed}."


def wanted_facts(programme: HomeProgramme | None, facts: Mapping[str, Any]) -> frozenset[str]:
    """Facts nobody told that keep an exercise of today away."""
    if programme is None:
        return frozenset()
    unknown = [exercises()[one.exercise] for one in programme.held if one.kind == "unknown"]
    gates = [gate for one in unknown for gate in one.gates if gate.answer(facts) is Answer.UNKNOWN]
    return frozenset(part.fact for gate in gates for part in gate.when if facts.get(part.fact) is None)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else str(value)
