"""Maintenance after a course: light, seldom, capped, and asked for again."""

from __future__ import annotations

from collections.abc import Iterator

from opentraction.prescription.progress.advice import Action, Effect
from opentraction.prescription.progress.case import Case
from opentraction.prescription.progress.questions import ask


def maintenance(case: Case) -> Iterator[Effect]:
    """What maintenance asks for; nothing while the course runs."""
    if not case.maintaining:
        return
    yield Effect(Action.HOLD, case.rules["M01"].says())
    seldom, most = case.rules["M02"], case.rules["M03"]
    if case.last is not None and case.gap < seldom["least"]:
        yield Effect(Action.EARLY, seldom.says(days=case.gap))
    if len(case.maintained) >= most["most"]:
        yield Effect(Action.FINISHED, most.says())
    yield from _consent(case)


def _consent(case: Case) -> Iterator[Effect]:
    """Consent to maintenance itself, not older than a few visits or some days."""
    rule, consented = case.rules["M04"], case.history.consented
    if consented is None:
        return
    begins = case.course.maintenance_from
    since = [one for one in case.maintained if one.day >= consented]
    old = (case.today - consented).days > rule["days"] or len(since) >= rule["visits"]
    if old or (begins is not None and consented < begins):
        yield Effect(Action.ASK, rule.says(), questions=ask("consent"))


def maintenance_force(case: Case) -> float | None:
    """The highest force [N] of maintenance: a share of the last known one of the course; None where none is known."""
    own = {id(one) for one in case.maintained}
    forces = [one.force for one in case.done if one.force is not None and id(one) not in own]
    return case.rules["M01"]["share"] * forces[-1] if forces else None
