"""The home programme on paper: pictures, doses, when to stop, boxes to tick for a week."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opentraction import DISCLAIMER
from opentraction.care.home.exercises import Exercise, Step, exercises
from opentraction.care.home.figures import picture
from opentraction.care.home.programme import Held, HomeProgramme, Item
from opentraction.care.home.rules import maintenance
from opentraction.care.home.run import seconds_of, set_sizes, step_text
from opentraction.care.home.stops import stop_rules
from opentraction.care.home.texts import player_strings
from opentraction.care.home.words import ENGLISH, Texts
from opentraction.paper import pdf

TEMPLATE = Path(__file__).parent / "sheet.typ"
_MINUTE = 60


def home_sheet(
    programme: HomeProgramme,
    *,
    reference: str = "",
    clinic: Mapping[str, Any] | None = None,
    paper: str = "a4",
    texts: Texts = ENGLISH,
    language: str = "en",
) -> bytes:
    """The sheet as PDF. `reference` names the person to the clinic; `texts` is a second language's table."""
    data = sheet_data(programme, texts)
    data |= {"reference": reference, "clinic": dict(clinic) if clinic else None, "paper": paper, "lang": language}
    return pdf(TEMPLATE, data, made=programme.at.replace(microsecond=0))


def sheet_data(programme: HomeProgramme, texts: Texts = ENGLISH) -> dict[str, Any]:
    """What the template lays out."""
    at = programme.at
    words = _words(texts)
    return {
        "title": words["title"],
        "running": f"{words['title']}, {words['week'].format(n=programme.week)}",
        "date": words["made"].format(day=at.date().isoformat()) + ", " + words["week"].format(n=programme.week),
        "day": [at.year, at.month, at.day],
        "disclaimer": DISCLAIMER,
        "words": words | {"days": words["days"].split(",")},
        "halt": programme.stop.said(texts) if programme.stop else "",
        "stops": _stops(programme, texts),
        "rest": list(programme.rest.words(texts)) if programme.rest else [],
        "maintenance": texts.get("maintenance", maintenance()[1]) if programme.maintenance else "",
        "items": [_item(item, texts) for item in programme.items],
        "held": [_held(held, texts) for held in programme.held if held.kind not in ("past", "later")],
    }


def _words(texts: Texts) -> dict[str, Any]:
    own = {key: text for key, text in player_strings().items() if key.startswith("sheet.")}
    return {key.removeprefix("sheet."): texts.get(key, text) for key, text in own.items()}


def _stops(programme: HomeProgramme, texts: Texts) -> dict[str, list[str]]:
    """The rules of today's exercises, the gravest first; without any, those for everything."""
    used = {rule.id for item in programme.items for rule in exercises()[item.exercise].stops}
    used |= {rule.id for rule in stop_rules().values() if rule.scope == "all"}
    found: dict[str, list[str]] = {"emergency": [], "call": [], "lower": []}
    for rule in stop_rules().values():
        if rule.id in used:
            found[rule.then].append(texts.get(f"stop.{rule.id}.text", rule.text))
    return found


def _item(item: Item, texts: Texts) -> dict[str, Any]:
    exercise = exercises()[item.exercise]
    start, words = f"exercise.{exercise.id}", _words(texts)
    daily = "how_often_daily" if exercise.per_week == 7 * exercise.per_day else "how_often"
    key = "how_often_most" if exercise.as_needed else daily
    often = words[key].format(per_day=exercise.per_day, per_week=exercise.per_week)
    return {
        "name": texts.get(f"{start}.name", exercise.name),
        "dose": item.dose.words(texts),
        "often": often,
        "reason": " ".join(reason.said(texts) for reason in item.reasons),
        "needs": ", ".join(texts.get(f"{start}.need.{n}", need) for n, need in enumerate(exercise.needs, 1)),
        "known": _known(exercise, texts),
        "times": exercise.per_day,
        "sets": " + ".join(str(size) for size in set_sizes(exercise, item.dose)),
        "steps": [_step(exercise, step, item, texts) for step in exercise.steps],
    }


def _known(exercise: Exercise, texts: Texts) -> str:
    said = [texts.get(f"exercise.{exercise.id}.{name}", getattr(exercise, name)) for name in ("not_shown", "article")]
    caveat = [_words(texts)["caveat"]] if exercise.caveat else []
    return " ".join(text for text in [*said, *caveat] if text)


def _step(exercise: Exercise, step: Step, item: Item, texts: Texts) -> dict[str, Any]:
    words, seconds = _words(texts), seconds_of(step, item.dose)
    minutes = seconds >= 2 * _MINUTE and seconds % _MINUTE == 0
    long = words["minutes"].format(n=seconds // _MINUTE) if minutes else words["seconds"].format(n=seconds)
    return {
        "text": step_text(exercise, step, item.dose, texts),
        "time": long,
        "again": step.part == "round",
        "picture": picture(step.picture, "print", texts),
        "alt": texts.get(f"picture.{step.picture}.title", ""),
    }


def _held(held: Held, texts: Texts) -> list[str]:
    exercise = exercises()[held.exercise]
    return [texts.get(f"exercise.{exercise.id}.name", exercise.name), held.reason.said(texts)]
