"""An exercise at a dose, told out: every step in its turn with its seconds. What a player counts and a sheet prints."""

from __future__ import annotations

from dataclasses import dataclass

from opentraction.care.home.dose import Dose
from opentraction.care.home.exercises import Exercise, Step
from opentraction.care.home.words import ENGLISH, Texts

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Timed:
    """One step in its turn: `seconds` long, in round `round` of `rounds` of set `set` of `sets` (0 outside rounds)."""

    step: str
    text: str
    seconds: int
    breathing: str
    in_s: int
    out_s: int
    picture: str
    round: int
    rounds: int
    set: int
    sets: int

    def document(self) -> dict[str, object]:
        """The step as JSON-able values."""
        return {name: getattr(self, name) for name in self.__slots__}


def set_sizes(exercise: Exercise, dose: Dose) -> list[int]:
    """Rounds of each set: equal ones, or falling by two where the exercise is a pyramid (6, 4, 2)."""
    rounds = dose.get("repetitions")
    if exercise.pyramid:
        return list(range(rounds, 0, -2))
    return [rounds] * dose.get("sets")


def told_out(exercise: Exercise, dose: Dose, texts: Texts = ENGLISH) -> tuple[Timed, ...]:
    """Every step of `exercise` at `dose`, in order."""

    def part(name: str, at: tuple[int, int, int, int] = (0, 0, 0, 0)) -> list[Timed]:
        return [_timed(exercise, step, dose, texts, at) for step in exercise.steps if step.part == name]

    sizes = set_sizes(exercise, dose)
    told = part("before")
    for number, size in enumerate(sizes, 1):
        for turn in range(1, size + 1):
            told += part("round", (turn, size, number, len(sizes)))
        if number < len(sizes):
            told += part("set", (size, size, number, len(sizes)))
    return tuple(told + part("after"))


def seconds_of(step: Step, dose: Dose) -> int:
    """How long a step takes at this dose [s]."""
    if not step.seconds_axis:
        return step.seconds
    factor = _MINUTE if step.seconds_axis == "minutes" else 1
    return dose.get(step.seconds_axis) * factor - step.seconds_less


def step_text(exercise: Exercise, step: Step, dose: Dose, texts: Texts = ENGLISH) -> str:
    """What the patient reads at this step, with the dose's numbers in it."""
    return texts.get(f"exercise.{exercise.id}.step.{step.id}", step.text).format(**dict(dose.values))


def _timed(exercise: Exercise, step: Step, dose: Dose, texts: Texts, at: tuple[int, int, int, int]) -> Timed:
    return Timed(
        step.id,
        step_text(exercise, step, dose, texts),
        seconds_of(step, dose),
        step.breathing,
        step.in_s,
        step.out_s,
        step.picture,
        *at,
    )
