"""Time between sessions: one a day, some hours apart, and what days without treatment mean."""

from __future__ import annotations

from collections.abc import Iterator

from opentraction.prescription.progress.advice import Action, Effect
from opentraction.prescription.progress.case import Case
from opentraction.prescription.progress.questions import ask


def gaps(case: Case) -> Iterator[Effect]:
    """Too early, or after a gap; nothing before the first session."""
    last = case.last
    if last is None:
        return
    if last.day == case.today:
        yield Effect(Action.EARLY, case.rules["G04"].says())
    elif case.now is not None and last.ended is not None:
        seconds, rule = (case.now - last.ended).total_seconds(), case.rules["G05"]
        if seconds < rule["least"]:
            yield Effect(Action.EARLY, rule.says(hours=f"{seconds / 3600.0:.1f}"))
    if not case.maintaining:
        yield from _without(case)


def _without(case: Case) -> Iterator[Effect]:
    week, two, four = (case.rules[key] for key in ("G01", "G02", "G03"))
    if case.gap >= four["days_after"]:
        yield Effect(Action.STEP_BACK, four.says(days=case.gap), restart=True)
        yield from screen_again(case)
        yield from _consent_again(case)
    elif case.gap >= two["days_after"]:
        yield Effect(Action.STEP_BACK, two.says(days=case.gap), cut=two["cut"])
        yield from screen_again(case)
    elif case.gap >= week["days_after"]:
        yield Effect(Action.HOLD, week.says(days=case.gap))


def screen_again(case: Case) -> Iterator[Effect]:
    """A question where the screening is not newer than the last session."""
    screened, last = case.history.screened, case.last
    if screened is not None and last is not None and screened.day <= last.day:
        yield Effect(Action.ASK, case.rules["G06"].says(), questions=ask("screening"))


def _consent_again(case: Case) -> Iterator[Effect]:
    consented, last = case.history.consented, case.last
    if consented is not None and last is not None and consented <= last.day:
        yield Effect(Action.ASK, case.rules["G07"].says(), questions=ask("consent"))
