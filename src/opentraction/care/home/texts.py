"""Every text of this room that a patient reads, under a key that stays: what a translator is given."""

from __future__ import annotations

from functools import cache

from opentraction.care.home.exercises import Exercise, exercises
from opentraction.care.home.files import load
from opentraction.care.home.gates import facts_known, gates
from opentraction.care.home.rules import after_rules, maintenance, stages
from opentraction.care.home.stops import stop_rules
from opentraction.care.home.words import sentences


@cache
def patient_texts() -> dict[str, str]:
    """Key to English text. A second language is a table with the same keys; what it lacks is shown in English."""
    told = {**sentences(), **player_strings(), "after.lift": after_rules().lift, "after.bend": after_rules().bend}
    told["maintenance"] = maintenance()[1]
    for exercise in exercises().values():
        told |= _of(exercise)
    told |= {f"gate.{gate.id}.text": gate.text for gate in gates().values()}
    told |= {f"fact.{fact.id}.ask": fact.ask for fact in facts_known().values()}
    told |= {f"stop.{rule.id}.text": rule.text for rule in stop_rules().values()}
    told |= {f"stop.{rule.id}.ask": rule.ask for rule in stop_rules().values() if rule.ask}
    for stage in stages():
        told |= {f"stage.{stage.id}.name": stage.name, f"stage.{stage.id}.text": stage.text}
    for name, data in load("poses.toml").data.items():
        told |= {f"picture.{name}.title": data["title"], f"picture.{name}.desc": data["desc"]}
    return told


@cache
def player_strings() -> dict[str, str]:
    """The words of the player and the sheet, as strings.toml lists them."""
    top = load("strings.toml")
    return {f"{part}.{key}": text for part, table in top.data.items() for key, text in table.items()}


def _of(exercise: Exercise) -> dict[str, str]:
    start = f"exercise.{exercise.id}"
    told = {f"{start}.{name}": getattr(exercise, name) for name in ("name", "purpose", "shown", "not_shown", "article")}
    told |= {f"{start}.step.{step.id}": step.text for step in exercise.steps}
    told |= {f"{start}.need.{n}": need for n, need in enumerate(exercise.needs, 1)}
    return {key: text for key, text in told.items() if text}
