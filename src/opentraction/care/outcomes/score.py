"""From answers to a score: one rule an instrument, and what is missing stays missing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opentraction.care.outcomes.instrument import Instrument, Item
from opentraction.care.outcomes.library import instrument
from opentraction.quantities import BadInput, State

TOTAL, PSYCHOSOCIAL = "total", "psychosocial"
_WORDS = {"yes": 1.0, "no": 0.0, "agree": 1.0, "disagree": 0.0, "ticked": 1.0, "blank": 0.0}

Answers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Score:
    """What the answers amount to; `value` is None where they give no score, never 0.

    `missing` names the items without an answer, `estimated` says that the value was scaled for them, `parts` are the
    answers as numbers, `subscores` what else the form tells, `own` the patient's own activities by item.
    """

    instrument: str
    value: float | None
    of: float
    missing: tuple[str, ...] = ()
    estimated: bool = False
    words: str = ""
    subscores: Mapping[str, float | None] = field(default_factory=dict)
    parts: Mapping[str, float | None] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        """Whether there is a score."""
        return self.value is not None

    def document(self) -> dict[str, Any]:
        """As JSON holds it, with the licence and the caveat that must be shown beside it."""
        about = instrument(self.instrument)
        return {
            "instrument": self.instrument,
            "name": about.name,
            "value": self.value,
            "of": self.of,
            "unit": about.unit,
            "better": about.better,
            "valid": self.valid,
            "missing": list(self.missing),
            "estimated": self.estimated,
            "words": self.words,
            "subscores": dict(self.subscores),
            "answers": dict(self.parts),
            "own": dict(self.own),
            "licence": about.licence.words,
            "caveat": about.caveat,
        }


def score(which: Instrument | str, answers: Answers, own: Mapping[str, str] | None = None) -> Score:
    """Score `answers` (by item id; None or left out is missing). Raises BadInput for an answer that cannot be.

    Takes ``total`` in place of the items where only a total is known. `own` are the words of the patient's own
    activities (PSFS), by item.
    """
    about = instrument(which) if isinstance(which, str) else which
    if about.total and answers.get(TOTAL) is not None:
        return _from_total(about, answers)
    parts = _read(about, answers)
    if about.own:
        return _own_activities(about, parts, own or {})
    missing = tuple(key for key, value in parts.items() if value is None)
    value = _value(about, parts, missing)
    return _told(about, value, parts, missing, _subscores(about, parts))


def _read(about: Instrument, answers: Answers) -> dict[str, float | None]:
    known = [one.id for one in about.items]
    for key in answers:
        if key not in known and not (about.total and key in {TOTAL, PSYCHOSOCIAL} and answers[key] is None):
            raise BadInput(f"{about.id}.{key}", State("not known"), ", ".join(known[:3]) + f" ... {known[-1]}")
    return {one.id: _answer(about, one, answers.get(one.id)) for one in about.items}


def _answer(about: Instrument, item: Item, given: object) -> float | None:
    """One answer as a number; nothing given is nothing, not 0."""
    if given is None or given == "":
        return None
    if isinstance(given, str) and item.high == 1:
        given = _WORDS.get(given.strip().lower(), given)
    if isinstance(given, bool) and item.high != 1:
        raise _refusal(about, item, given)
    if not isinstance(given, int | float) or not math.isfinite(given) or not item.low <= given <= item.high:
        raise _refusal(about, item, given)
    if item.whole and given != int(given):
        raise _refusal(about, item, given)
    return float(given)


def _refusal(about: Instrument, item: Item, given: object) -> BadInput:
    kind = "a whole number" if item.whole else "a number"
    words = " (no or yes)" if (item.low, item.high) == (0, 1) else ""
    return BadInput(f"{about.id}.{item.id}", given, f"{kind} from {item.low:g} to {item.high:g}{words}, or left out")


def _value(about: Instrument, parts: Mapping[str, float | None], missing: tuple[str, ...]) -> float | None:
    if about.primary:
        return parts[about.primary]
    if len(missing) > about.missing_allowed:
        return None
    answered = [(one, counted(one, parts[one.id])) for one in about.items if parts[one.id] is not None]
    total = sum(value for _, value in answered)
    if about.rule == "mean":
        return total / len(answered)
    if about.rule == "start_back":
        return total
    return total * about.high / sum(one.high for one, _ in answered)


def counted(item: Item, answer: float | None) -> float:
    """What an answer adds to a sum."""
    value = answer or 0.0
    return value if item.one_from is None else float(value >= item.one_from)


def _subscores(about: Instrument, parts: Mapping[str, float | None]) -> dict[str, float | None]:
    if about.rule == "start_back":
        last = [(one, parts[one.id]) for one in about.items[4:]]
        known = all(value is not None for _, value in last)
        return {PSYCHOSOCIAL: sum(counted(one, value) for one, value in last) if known else None}
    if about.primary and len(about.items) > 1:
        return {key: value for key, value in parts.items() if key != about.primary}
    return {}


def _own_activities(about: Instrument, parts: dict[str, float | None], own: Mapping[str, str]) -> Score:
    """The mean of the activities rated; one that was named and not rated is missing, one never named is not."""
    for key in own:
        if key not in parts:
            raise BadInput(f"{about.id}.own.{key}", State("not known"), ", ".join(parts))
    named = {key: value for key, value in parts.items() if value is not None or key in own}
    missing = tuple(key for key, value in named.items() if value is None)
    rated = [value for value in named.values() if value is not None]
    value = sum(rated) / len(rated) if len(rated) >= len(parts) - about.missing_allowed else None
    done = _told(about, value, named, missing, {})
    words = done.words if value is not None else f"not scored: {len(rated)} activities rated, at least 3 needed"
    return Score(about.id, value, about.high, missing, False, words, {}, named, dict(own))


def _from_total(about: Instrument, answers: Answers) -> Score:
    """A total somebody added up by hand; then no item may be there to say otherwise."""
    extra = [key for key, value in answers.items() if key not in {TOTAL, PSYCHOSOCIAL} and value is not None]
    if extra:
        raise BadInput(f"{about.id}.{extra[0]}", State("given beside a total"), "either the items or the total")
    allowed = [TOTAL, *([PSYCHOSOCIAL] if about.rule == "start_back" else [])]
    if any(key not in allowed for key, value in answers.items() if value is not None):
        raise BadInput(f"{about.id}.{PSYCHOSOCIAL}", State("not known"), TOTAL)
    whole = about.decimals == 0 and about.unit != "%"
    total = _answer(about, Item(TOTAL, about.low, about.high, whole), answers[TOTAL])
    subscores: dict[str, float | None] = {}
    if about.rule == "start_back":
        part = _answer(about, Item(PSYCHOSOCIAL, 0, min(5, total or 0)), answers.get(PSYCHOSOCIAL))
        if part is not None and total is not None and total - part > 4:
            raise BadInput(f"{about.id}.{PSYCHOSOCIAL}", part, "at least the total less the four other statements")
        subscores = {PSYCHOSOCIAL: part}
    return _told(about, total, {}, (), subscores)


def _told(
    about: Instrument,
    value: float | None,
    parts: Mapping[str, float | None],
    missing: tuple[str, ...],
    subscores: Mapping[str, float | None],
) -> Score:
    estimated = value is not None and bool(missing) and about.rule in {"proportion", "mean"}
    words = _words(about, value, parts, missing, subscores, estimated)
    return Score(about.id, value, about.high, missing, estimated, words, subscores, parts)


def _words(
    about: Instrument,
    value: float | None,
    parts: Mapping[str, float | None],
    missing: tuple[str, ...],
    subscores: Mapping[str, float | None],
    estimated: bool,
) -> str:
    if value is None:
        return _why_not(about, parts, missing)
    words = about.show(value) if about.unit == "%" else f"{about.show(value)} of {about.high:g}"
    if about.anchor or about.rule == "eq5d":
        words = about.show(value)
    extra = [about.band(value)]
    if about.rule == "start_back":
        extra = [f"{risk_group(value, subscores.get(PSYCHOSOCIAL))} risk"]
    if about.rule == "eq5d":
        extra = [f"profile {profile(parts)}"]
    if estimated:
        extra.append(f"estimated, {len(missing)} of {len(about.items)} answers missing")
    return ", ".join([words, *(part for part in extra if part)])


def _why_not(about: Instrument, parts: Mapping[str, float | None], missing: tuple[str, ...]) -> str:
    if about.primary:
        return f"not scored: {about.primary.replace('_', ' ')} is missing"
    most = f"at most {about.missing_allowed} may be" if about.missing_allowed else "all are needed"
    return f"not scored: {len(missing)} of {len(parts)} answers missing, {most}"


def risk_group(total: float, psychosocial: float | None) -> str:
    """STarT Back: low up to 3; else medium with at most 3 of statements 5 to 9, high with 4 or 5.

    Source: the project's clinical notes, section 4 [read].
    """
    if total <= 3:
        return "low"
    if psychosocial is None:
        return "medium or high"
    return "high" if psychosocial >= 4 else "medium"


def profile(parts: Mapping[str, float | None]) -> str:
    """EQ-5D-5L levels in order, such as 21232; 9 where one is missing."""
    levels = [value for key, value in parts.items() if key.startswith("level_")]
    return "".join("9" if value is None else f"{value:.0f}" for value in levels)
