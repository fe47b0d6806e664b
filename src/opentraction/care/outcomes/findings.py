"""What is new since the last examination, and which of it stops the treatment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from opentraction.care.outcomes.examination import QUALITIES, Examination
from opentraction.care.outcomes.roots import roots

Weight = Literal["refer", "watch", "better"]
WEAK = 3  # of 5; R02
STEP = 2  # of 10, felt symptoms: as for pain
SOURCE = "rule R02 of the project's screening rules: a key muscle at 3 or less, or a grade lost since the last visit"


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: `refer` stops the treatment and sends the patient on the same day (R02, R01 in the saddle)."""

    what: str
    place: str
    before: int | None
    after: int
    weight: Weight
    rule: str
    words: str

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        names = ("what", "place", "before", "after", "weight", "rule", "words")
        return {name: getattr(self, name) for name in names}


def findings(before: Examination | None, after: Examination) -> list[Finding]:
    """What `after` shows that `before` did not, the gravest first. What was not examined tells nothing."""
    found = [*_strength(before, after), *_reflexes(before, after), *_sensation(before, after), *_felt(before, after)]
    return sorted(found, key=lambda one: ("refer", "watch", "better").index(one.weight))


def must_stop(found: list[Finding]) -> bool:
    """Whether any of it stops the treatment."""
    return any(one.weight == "refer" for one in found)


def _strength(before: Examination | None, after: Examination) -> list[Finding]:
    """A grade lost, or 3 or less, is R02; so is a first grade of 3 or less."""
    found = []
    for place, now, then in _pairs(before.strength if before else {}, after.strength):
        name, side = _named(place, {key: one.name for key, one in roots().muscles.items()})
        lost = then is not None and now < then
        if lost or now <= WEAK:
            was = f", was {then}" if then is not None else ""
            words = f"{name}, {side}: {now} of 5{was}."
            found.append(Finding("strength", place, then, now, "refer", "R02", words))
        elif then is not None and now > then:
            found.append(Finding("strength", place, then, now, "better", "", f"{name}, {side}: {then} to {now} of 5."))
    return found


def _reflexes(before: Examination | None, after: Examination) -> list[Finding]:
    """A reflex that is gone or has become brisk is watched; one with clonus is a sign of the cord, R03."""
    found = []
    for place, now, then in _pairs(before.reflexes if before else {}, after.reflexes):
        name, side = _named(place, {key: one.name for key, one in roots().reflexes.items()})
        was = f", was {then}" if then is not None else ""
        words = f"{name}, {side}: {now} of 4{was}."
        if now == 4 and then != 4:
            found.append(Finding("reflex", place, then, now, "refer", "R03", words))
        elif then is not None and now != then:
            found.append(Finding("reflex", place, then, now, "watch", "", words))
    return found


def _sensation(before: Examination | None, after: Examination) -> list[Finding]:
    """Less light touch or pin than last time is watched; in the saddle it is an emergency, R01."""
    found = []
    for what, words in (("light_touch", "light touch"), ("pin", "pin")):
        for place, now, then in _pairs(getattr(before, what) if before else {}, getattr(after, what)):
            root, side = place.rsplit("-", 1)
            text = f"{root} {side}, {words}: {now} of 2" + (f", was {then}." if then is not None else ".")
            less = now < (2 if then is None else then)
            if less and roots().dermatomes[root].saddle:
                found.append(Finding(what, place, then, now, "refer", "R01", text))
            elif then is not None and now != then:
                found.append(Finding(what, place, then, now, "watch" if less else "better", "", text))
    return found


def _felt(before: Examination | None, after: Examination) -> list[Finding]:
    """Two steps more of anything is watched; any numbness in the saddle that was not there is R01."""
    found = []
    for place, now in after.felt.items():
        root, side = place.rsplit("-", 1)
        then = before.felt.get(place) if before else None
        for quality in QUALITIES:
            value, was = now.of(quality), then.of(quality) if then else None
            if value is None:
                continue
            words = f"{quality.capitalize()}, {root} {side}: {value} of 10" + (
                f", was {was}." if was is not None else "."
            )
            if quality == "numbness" and value > (was or 0) and roots().dermatomes[root].saddle:
                found.append(Finding(quality, place, was, value, "refer", "R01", words))
            elif was is not None and abs(value - was) >= STEP:
                found.append(Finding(quality, place, was, value, "watch" if value > was else "better", "", words))
    return found


def _pairs(before: Mapping[str, int], after: Mapping[str, int]) -> list[tuple[str, int, int | None]]:
    return [(place, now, before.get(place)) for place, now in after.items()]


def _named(place: str, names: Mapping[str, str]) -> tuple[str, str]:
    key, side = place.rsplit("-", 1)
    return names[key], side
