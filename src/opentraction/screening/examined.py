"""What was found, in short lines for a letter: only what was answered, in standard terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from opentraction.screening.answers import UNKNOWN, Answer, Cell, Mark
from opentraction.screening.intake import Intake
from opentraction.screening.questions import intake_questions

_CHART_MOST = 6
_BY_OPTION = {
    "sensation": "Sensation",
    "reflexes": "Reflexes",
    "cord_signs": "Cord signs",
    "repeated_movements": "Repeated movements",
    "unloading_test": "Manual unloading",
    "imaging_findings": "Imaging",
}


def examined(intake: Intake) -> list[list[str]]:
    """Pairs of name and finding. What was not answered or is not known is left out, never written as normal."""
    answers = {key: value for key, value in intake.answers.items() if value is not UNKNOWN}
    lines = [
        ["Person", _person(answers)],
        ["Body chart", _chart(answers.get("body_chart"))],
        ["Motor", _motor(answers)],
        *([name, _options(key, answers.get(key))] for key, name in _BY_OPTION.items()),
        ["Straight-leg raise", _both(answers, "slr_left", "slr_right", _slr)],
        ["Blood pressure", _both(answers, "systolic", "diastolic", lambda a, b: f"{a:g}/{b:g} mmHg")],
    ]
    return [line for line in lines if line[1]]


def _slr(left: float, right: float) -> str:
    return f"left {left:g}°, right {right:g}° (90° is no symptom)"


def _person(answers: Mapping[str, Answer]) -> str:
    said = []
    if "age" in answers:
        said.append(f"{answers['age']:g} years")
    if answers.get("sex") in {"female", "male"}:
        said.append(str(answers["sex"]))
    if "body_mass" in answers:
        said.append(f"{answers['body_mass']:.0f} kg")
    return ", ".join(said)


def _chart(answer: Answer | None) -> str:
    marks = [part for part in answer if isinstance(part, Mark)] if isinstance(answer, tuple) else []
    said = [f"{mark.kind} {mark.place.replace('_', ' ')} {mark.side} {mark.score}/10" for mark in marks]
    more = f" and {len(said) - _CHART_MOST} more" if len(said) > _CHART_MOST else ""
    return ", ".join(said[:_CHART_MOST]) + more


def _motor(answers: Mapping[str, Answer]) -> str:
    if answers.get("motor_full") is True:
        return "key muscles 5/5 on both sides"
    cells = [
        part
        for key in ("motor_leg", "motor_arm")
        for part in _parts(answers.get(key))
        if isinstance(part, Cell) and part.value is not None
    ]
    return ", ".join(f"{cell.row} {cell.side} {cell.value}/5" for cell in cells if cell.value != 5)


def _parts(answer: Answer | None) -> tuple[object, ...]:
    return answer if isinstance(answer, tuple) else ()


def _options(key: str, answer: Answer | None) -> str:
    options = intake_questions().by_id[key].options
    if isinstance(answer, str):
        return options[answer]
    if answer == ():
        return "none"
    return ", ".join(options.get(str(part), "others not known") for part in _parts(answer))


def _both(answers: Mapping[str, Answer], one: str, other: str, written: Callable[[float, float], str]) -> str:
    first, second = answers.get(one), answers.get(other)
    return written(first, second) if isinstance(first, float) and isinstance(second, float) else ""
