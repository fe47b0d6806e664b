"""How the last session went, and what that means for the next force."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from opentraction.prescription.progress.advice import Action, Effect
from opentraction.prescription.progress.case import Case
from opentraction.prescription.progress.history import Pain, SessionDone
from opentraction.prescription.progress.questions import ask

_EARLY = ("clinician stop", "console stop", "interrupted")


def afterwards(case: Case) -> Iterator[Effect]:
    """What the last session asks for; nothing before the first."""
    if case.last is None:
        return
    yield from _missing(case, case.last)
    yield from _pain(case, case.last)
    yield from _feeling(case, case.last)
    yield from _ending(case, case.last)
    yield from _signs(case, case.last)


def _missing(case: Case, last: SessionDone) -> Iterator[Effect]:
    answers = {
        "last.force": last.force,
        "last.ending": last.ending,
        "last.pain_before": last.before.spine,
        "last.pain_after": last.after.spine,
        "last.peripheralised": last.peripheralised,
        "last.soreness_hours": last.soreness_hours,
        "last.felt": last.felt,
        "last.comfort": last.comfort,
        "last.new_distal": last.new_distal,
        "last.dizzy": last.dizzy,
    }
    if case.limb_counts or last.before.limb is not None or last.after.limb is not None:
        answers |= {"last.limb_before": last.before.limb, "last.limb_after": last.after.limb}
    if case.course.watch_pressure or (last.systolic_before is None) != (last.systolic_after is None):
        both = last.systolic_before is not None and last.systolic_after is not None
        answers["last.systolic"] = True if both else None
    missing = [key for key, answer in answers.items() if answer is None]
    if missing:
        yield Effect(Action.HOLD, case.rules["P18"].says(), questions=ask(*missing))


def pain_rise(before: Pain, after: Pain) -> tuple[int, int, int] | None:
    """The largest rise of pain in one place, with the scores before and after; None where no place has both."""
    pairs = ((before.spine, after.spine), (before.limb, after.limb))
    known = [(two - one, one, two) for one, two in pairs if one is not None and two is not None]
    return max(known, default=None)


def _pain(case: Case, last: SessionDone) -> Iterator[Effect]:
    rise = pain_rise(last.before, last.after)
    much, high = case.rules["P06"], case.rules["P22"]
    if rise is not None and rise[0] >= much["rise"]:
        said = much.says(rise=rise[0], before=rise[1], after=rise[2])
        yield Effect(Action.STEP_BACK, said, cut=much["cut"])
    elif rise is not None and rise[0] > 0:
        yield Effect(Action.HOLD, case.rules["P03"].says(before=rise[1], after=rise[2]))
    if last.after.worst is not None and last.after.worst >= high["stop"]:
        yield Effect(Action.STEP_BACK, high.says(pain=last.after.worst), cut=high["cut"])


def _feeling(case: Case, last: SessionDone) -> Iterator[Effect]:
    strong, little, least, sore = (case.rules[key] for key in ("P07", "P08", "P09", "P05"))
    if last.felt in {"strong", "painful"}:
        yield Effect(Action.STEP_BACK, strong.says(felt=last.felt), cut=strong["cut"])
    if last.comfort is not None and last.comfort <= least["most"]:
        yield Effect(Action.STEP_BACK, least.says(comfort=last.comfort), cut=least["cut"])
    elif last.comfort is not None and last.comfort <= little["most"]:
        yield Effect(Action.HOLD, little.says(comfort=last.comfort))
    if last.soreness_hours is not None and last.soreness_hours * 3600.0 > sore["most"]:
        yield Effect(Action.HOLD, sore.says(hours=f"{last.soreness_hours:g}"))


def _ending(case: Case, last: SessionDone) -> Iterator[Effect]:
    if last.ending == "patient stop":
        yield from _pressed(case, last)
    elif last.ending == "fault":
        released = last.table_released is True
        questions = () if released else ask("last.table_released")
        yield Effect(Action.HOLD if released else Action.ASK, case.rules["P13"].says(), questions=questions)
    elif last.ending in _EARLY:
        questions = () if last.stop_reason else ask("last.stop_reason")
        yield Effect(Action.HOLD, case.rules["P12"].says(ending=last.ending), questions=questions)


def _pressed(case: Case, last: SessionDone) -> Iterator[Effect]:
    again = case.rules["P11"]
    if _in_a_row(case, int(again["times"]), lambda one: one.ending == "patient stop"):
        yield Effect(Action.STEP_BACK, again.says(), cut=again["cut"])
    questions = () if last.stop_reason else ask("last.stop_reason")
    yield Effect(Action.HOLD, case.rules["P10"].says(), questions=questions)


def _in_a_row(case: Case, times: int, so: Callable[[SessionDone], bool]) -> bool:
    latest = case.done[-times:]
    return len(latest) == times and all(so(one) for one in latest)


def _signs(case: Case, last: SessionDone) -> Iterator[Effect]:
    """Symptoms that moved or are new, dizziness, blood pressure."""
    if last.peripheralised:
        yield Effect(Action.HOLD, case.rules["P04"].says())
        again = case.rules["P21"]
        row = _in_a_row(case, int(again["times"]), lambda one: bool(one.peripheralised))
        if row and not case.reviewed("modified", len(case.done), last.day):
            yield Effect(Action.MODIFY, again.says())
    if last.new_distal and not case.reviewed("examined", len(case.done), last.day):
        yield Effect(Action.MODIFY, case.rules["P17"].says())
    rule = case.rules["P16"]
    if last.dizzy or pressure_change(last.systolic_before, last.systolic_after) > rule["change"]:
        yield Effect(Action.STEP_BACK, rule.says(), cut=rule["cut"])


def pressure_change(before: int | None, after: int | None) -> int:
    """How far systolic pressure moved [mmHg], up or down; 0 where one is not known, which is asked for elsewhere."""
    return 0 if before is None or after is None else abs(after - before)
