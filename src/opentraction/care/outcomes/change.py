"""From two scores to a change: by how much, whether it is more than noise, whether it is worthwhile, which way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from opentraction.care.outcomes.instrument import Instrument
from opentraction.care.outcomes.library import instrument
from opentraction.care.outcomes.score import Score
from opentraction.quantities import BadInput

Answer = Literal["yes", "no", "unknown"]
Direction = Literal["better", "worse", "same", "unknown"]
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """A change. `amount` is after less before in points; `gain` the same counted towards better, so > 0 is better.

    `percent` is the gain in percent of the start, None where the start was 0. `beyond_mdc` None: the error is not
    known. `worthwhile`: better by at least the MIC; `clearly_worse`: worse by as much; `recovered`: at or past the
    threshold of recovery now.
    """

    instrument: str
    amount: float | None
    gain: float | None
    percent: float | None
    beyond_mdc: bool | None
    worthwhile: Answer
    clearly_worse: Answer
    recovered: Answer
    direction: Direction
    words: str

    def document(self) -> dict[str, Any]:
        """As JSON holds it, with where the threshold comes from."""
        about = instrument(self.instrument)
        kept = ("instrument", "amount", "gain", "percent", "beyond_mdc", "worthwhile", "clearly_worse", "recovered")
        told = {name: getattr(self, name) for name in kept}
        facts = about.thresholds.fact
        return {
            **told,
            "direction": self.direction,
            "words": self.words,
            "threshold": threshold_words(about),
            "threshold_source": facts.source,
            "threshold_certainty": facts.certainty,
            "caveat": facts.caveat,
        }


def change(before: Score | None, after: Score | None) -> Change:
    """How `after` differs from `before`; what is missing leaves everything unknown. Raises BadInput for two kinds.

    PGIC and GROC tell of change by themselves and need no `before`.
    """
    known = after or before
    if known is None:
        raise BadInput("after", None, "at least one score")
    about = instrument(known.instrument)
    if before and after and before.instrument != after.instrument:
        raise BadInput("after.instrument", after.instrument, f"{before.instrument}, as before")
    if about.anchor:
        return _anchor(about, after)
    start, end = _pair(about, before, after)
    return _between(about, start, end)


def _pair(about: Instrument, before: Score | None, after: Score | None) -> tuple[float | None, float | None]:
    """Both values; for own activities the means of those rated both times under the same words."""
    if before is None or after is None or before.value is None or after.value is None:
        return None if before is None else before.value, None if after is None else after.value
    if not about.own or not (before.parts and after.parts):
        return before.value, after.value
    both = [k for k in before.parts if _same_activity(k, before, after)]
    if len(both) < len(about.items) - about.missing_allowed:
        return None, None
    return tuple(sum(one.parts[k] or 0.0 for k in both) / len(both) for one in (before, after))  # type: ignore[return-value]


def _same_activity(key: str, before: Score, after: Score) -> bool:
    rated = before.parts.get(key) is not None and after.parts.get(key) is not None
    words = [one.own.get(key, "").strip().casefold() for one in (before, after)]
    return rated and (words[0] == words[1] or not all(words))


def _between(about: Instrument, start: float | None, end: float | None) -> Change:
    limits = about.thresholds
    recovered = _recovered(about, end)
    if start is None or end is None:
        why = "No change can be told: " + ("there is no score after." if end is None else "there is no score before.")
        return Change(about.id, None, None, None, None, "unknown", "unknown", recovered, "unknown", why)
    amount = end - start
    gain = -amount if about.better == "lower" else amount
    percent = None if abs(start) <= _NEAR else 100.0 * gain / abs(start)
    beyond = None if limits.mdc is None else abs(amount) >= limits.mdc - _NEAR
    direction: Direction = "same" if abs(gain) <= _NEAR else "better" if gain > 0 else "worse"
    worthwhile, worse = _worthwhile(about, start, gain, percent), _clearly_worse(about, start, gain, percent)
    words = _words(about, start, end, gain, direction, worthwhile, worse)
    return Change(about.id, amount, gain, percent, beyond, worthwhile, worse, recovered, direction, words)


def _worthwhile(about: Instrument, start: float, gain: float, percent: float | None) -> Answer:
    """The points decide where there are any, else the percentage.

    Unknown where the start left too little room for it: somebody at RMDQ 3 cannot get 5 points better.
    """
    limits = about.thresholds
    room = abs(start - about.best)
    if limits.points is not None:
        if gain >= limits.points - _NEAR:
            return "yes"
        return "unknown" if room < limits.points - _NEAR and gain > -_NEAR else "no"
    if limits.percent is None or percent is None:
        return "unknown" if limits.percent is None or gain > -_NEAR else "no"
    return "yes" if percent >= limits.percent - _NEAR else "no"


def _clearly_worse(about: Instrument, start: float, gain: float, percent: float | None) -> Answer:
    """Worse by what would have been worthwhile the other way [design]; from 0 any percentage is infinite: by points."""
    limits = about.thresholds
    if gain > -_NEAR:
        return "no"
    if limits.points is not None:
        room = abs(about.high + about.low - about.best - start)
        if -gain >= limits.points - _NEAR:
            return "yes"
        return "unknown" if room < limits.points - _NEAR else "no"
    if limits.percent is None or percent is None:
        return "unknown"
    return "yes" if -percent >= limits.percent - _NEAR else "no"


def _recovered(about: Instrument, end: float | None) -> Answer:
    at = about.thresholds.recovered
    if at is None or end is None:
        return "unknown"
    inside = end <= at + _NEAR if about.better == "lower" else end >= at - _NEAR
    return "yes" if inside else "no"


def _anchor(about: Instrument, after: Score | None) -> Change:
    """PGIC and GROC: the answer is the change."""
    limits = about.thresholds
    if after is None or after.value is None or limits.middle is None or limits.worthwhile is None:
        why = "No change can be told: there is no answer."
        return Change(about.id, None, None, None, None, "unknown", "unknown", "unknown", "unknown", why)
    amount = after.value - limits.middle
    gain = -amount if about.better == "lower" else amount
    needed = abs(limits.worthwhile - limits.middle)
    direction: Direction = "same" if gain == 0 else "better" if gain > 0 else "worse"
    yes: Answer = "yes" if gain >= needed else "no"
    worse: Answer = "yes" if -gain >= needed else "no"
    words = f"{about.short}: {after.words}."
    return Change(about.id, amount, gain, None, None, yes, worse, "unknown", direction, words)


def threshold_words(about: Instrument) -> str:
    """What decides, such as `5 points`."""
    limits = about.thresholds
    if limits.worthwhile is not None:
        return f"{limits.worthwhile:g} or {'more' if about.better == 'higher' else 'less'}"
    if limits.points is None and limits.percent is None:
        return "no threshold known"
    if limits.points is None:
        return f"{limits.percent:g} % of the start"
    return f"{limits.points:g} {'percentage points' if about.unit == '%' else about.unit or 'points'}"


def _words(
    about: Instrument,
    start: float,
    end: float,
    gain: float,
    direction: Direction,
    worthwhile: Answer,
    worse: Answer,
) -> str:
    went = f"{about.short} went from {about.show(start)} to {about.show(end)}"
    if direction == "same":
        return f"{about.short} stayed at {about.show(end)}."
    size = f"{abs(gain):.0f} points" if about.unit == "%" else about.show(abs(gain))
    by = f"{direction} by {size}"
    if direction == "worse":
        return f"{went}, {by}" + (", clearly worse." if worse == "yes" else ".")
    verdict = {
        "yes": "a worthwhile change",
        "no": "less than a worthwhile change",
        "unknown": "whether that is worthwhile is not known",
    }
    return f"{went}, {by}: {verdict[worthwhile]} ({threshold_words(about)})."
