"""Has it become better, and enough? Three answers: yes, no, and None for "not known"."""

from __future__ import annotations

from opentraction.prescription.progress.case import Case
from opentraction.prescription.progress.history import Pain

FUNCTION = ("rmdq", "odi", "ndi")


def main_site(baseline: Pain) -> str:
    """The place that hurt most before the course; the leg or arm where both hurt alike."""
    spine, limb = baseline.spine, baseline.limb
    return "limb" if limb is not None and limb >= (spine or 0) else "spine"


def pain_pair(case: Case) -> tuple[int, int] | None:
    """Pain of the main place before the course and today; None where one is missing."""
    site = main_site(case.baseline)
    first = getattr(case.baseline, site)
    now = getattr(case.check.pain, site) if case.check else None
    return None if first is None or now is None else (first, now)


def pain_better(case: Case, points: float, share: float) -> bool | None:
    """Whether pain fell by so many points, or by a share of what it was (a share of 0 is never asked)."""
    pair = pain_pair(case)
    return None if pair is None else fell(*pair, points, share)


def fell(first: float, now: float, points: float, share: float) -> bool:
    """Whether a score fell by so many points, or by a share of what it was; a share of 0 does not count."""
    drop = first - now
    return drop >= points or (share > 0.0 and drop > 0.0 and drop >= share * first - 1e-9)


def function_better(case: Case, points: dict[str, float], share: float, within: int) -> bool | None:
    """Whether any function score fell by its points or the share; None where one from before has no newer beside it.

    Where no function was scored before the course, nothing can be compared: pain decides alone, and this is False.
    """
    answers: list[bool | None] = []
    for name in FUNCTION:
        first, now = case.first_score(name), case.latest(name, within)
        if first is not None:
            answers.append(None if now is None else fell(first, now, points.get(name, float("inf")), share))
    return either(*answers)


def either(*answers: bool | None) -> bool | None:
    """Yes if any is yes; else not known if any is not known; else no."""
    if any(answers):
        return True
    return None if None in answers else False
