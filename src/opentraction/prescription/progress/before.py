"""Before every session: screening, consent, today's check. What is not answered is not good."""

from __future__ import annotations

from collections.abc import Iterator

from opentraction.prescription.progress.advice import Action, Effect
from opentraction.prescription.progress.bounds import strictest
from opentraction.prescription.progress.case import Case
from opentraction.prescription.progress.history import Check, Screened
from opentraction.prescription.progress.questions import ask

URGENCY = {"EMERGENCY": "as an emergency", "REFER_URGENT": "the same day"}
_EMERGENCIES = ("R01", "R05", "V1")


def before(case: Case) -> Iterator[Effect]:
    """What must be so before a pull, whatever the last one was like."""
    yield from _screening(case)
    if case.history.consented is None:
        yield Effect(Action.ASK, case.rules["A05"].says(), questions=ask("consent"))
    if case.baseline.spine is None:
        yield Effect(Action.ASK, case.rules["A08"].says(), questions=ask("baseline.pain"))
    missing = _missing(case)
    if missing:
        yield Effect(Action.ASK, case.rules["A06"].says(), questions=ask(*missing))
    if case.check is not None:
        yield from _check(case, case.check)


def _screening(case: Case) -> Iterator[Effect]:
    screened = case.history.screened
    if screened is None or screened.day > case.today:
        yield Effect(Action.ASK, case.rules["A01"].says(), questions=ask("screening"))
        return
    yield from _verdict(case, screened)
    if case.today > screened.until:
        said = case.rules["A04"].says(day=screened.day.isoformat(), until=screened.until.isoformat())
        yield Effect(Action.ASK, said, questions=ask("screening"))


def _verdict(case: Case, screened: Screened) -> Iterator[Effect]:
    found = ", ".join((*screened.rules, *screened.limits)) or "no rule named"
    limit = strictest(screened)
    if screened.verdict not in {"OK", "CAUTION", "HOLD"} or (limit is not None and limit.share <= 0.0):
        urgency = URGENCY.get(screened.verdict, "soon")
        yield Effect(Action.STOP, case.rules["A03"].says(verdict=screened.verdict, found=found), urgency=urgency)
    elif screened.verdict == "HOLD":
        yield Effect(Action.ASK, case.rules["A02"].says(found=found), questions=ask("screening"))


def _missing(case: Case) -> list[str]:
    """Keys of what today's check leaves open."""
    check = case.check or Check(day=case.today)
    asked = {
        "today.pain": check.pain.spine,
        "today.red_flags": check.red_flags,
        "today.strength_drop": check.strength_drop,
        "today.weakest_muscle": check.weakest_muscle,
        "today.new_distal": check.new_distal,
    }
    if case.limb_counts:
        asked["today.limb"] = check.pain.limb
    return [key for key, answer in asked.items() if answer is None]


def _check(case: Case, check: Check) -> Iterator[Effect]:
    if check.red_flags:
        urgency = "as an emergency" if set(_EMERGENCIES) & set(check.red_flags) else "the same day"
        said = case.rules["C01"].says(found=", ".join(check.red_flags), urgency=urgency)
        yield Effect(Action.STOP, said, urgency=urgency)
    yield from _day_says(case, check)
    lost, weak = case.rules["C02"], case.rules["C03"]
    if check.strength_drop is not None and check.strength_drop >= lost["least"]:
        yield Effect(Action.STOP, lost.says(drop=check.strength_drop), urgency="the same day")
    if check.weakest_muscle is not None and check.weakest_muscle <= weak["most"]:
        yield Effect(Action.STOP, weak.says(grade=check.weakest_muscle), urgency="the same day")
    high = case.rules["A07"]
    if check.pain.worst is not None and check.pain.worst >= high["stop"]:
        yield Effect(Action.ASK, high.says(pain=check.pain.worst))
    if check.new_distal and not case.reviewed("examined", len(case.done), case.today):
        yield Effect(Action.MODIFY, case.rules["P17"].says())
    yield from _pressure(case, check)


def _day_says(case: Case, check: Check) -> Iterator[Effect]:
    """What screening's own check of the day says, where it was asked."""
    if check.says is None or check.says in {"OK", "CAUTION"}:
        return
    action = Action.ASK if check.says == "HOLD" else Action.STOP
    urgency = "" if action is Action.ASK else URGENCY.get(check.says, "soon")
    yield Effect(action, case.rules["A11"].says(verdict=check.says), urgency=urgency)


def _pressure(case: Case, check: Check) -> Iterator[Effect]:
    """Blood pressure, where it was measured; refusing at one value and referring at a higher."""
    shown = f"{_shown(check.systolic)}/{_shown(check.diastolic)}"
    for key, action, urgency in (("A10", Action.STOP, "the same day"), ("A09", Action.ASK, "")):
        rule = case.rules[key]
        high = check.systolic is not None and check.systolic >= rule["systolic"]
        if high or (check.diastolic is not None and check.diastolic >= rule["diastolic"]):
            yield Effect(action, rule.says(pressure=shown), urgency=urgency)
            return


def _shown(value: int | None) -> str:
    return "–" if value is None else str(value)
