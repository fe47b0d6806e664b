"""What the player on a phone is given: today's exercises told out, their pictures, its words, and where to send."""

from __future__ import annotations

from collections.abc import Mapping

from opentraction.care.home.exercises import exercises
from opentraction.care.home.figures import picture
from opentraction.care.home.programme import Held, HomeProgramme, Item
from opentraction.care.home.run import told_out
from opentraction.care.home.stops import StopRule
from opentraction.care.home.texts import player_strings
from opentraction.care.home.words import ENGLISH, Texts


def player_config(  # noqa: PLR0913 - what a page may say, all by name
    programme: HomeProgramme,
    *,
    store: str,
    post_url: str,
    worker_url: str = "",
    worker_scope: str = "",
    csrf: str = "",
    sign_in_url: str = "",
    emergency_number: str = "",
    clinic_phone: str = "",
    texts: Texts = ENGLISH,
    language: str = "en",
) -> dict[str, object]:
    """The JSON the page carries in `<script type="application/json" id="home-config">`.

    `store` names this person's shelf on the phone (a pseudonym, never a name): two people on one phone stay apart.
    `post_url` takes one log entry at a time; `worker_url` is the service worker's, `worker_scope` what it may answer.
    The two numbers are offered to be called where a stop says to call.
    """
    pictures = {step.picture for item in programme.items for step in exercises()[item.exercise].steps}
    return {
        "schema": 1,
        "language": language,
        "store": store,
        "post_url": post_url,
        "sign_in_url": sign_in_url,
        "csrf": csrf,
        "phones": {"emergency": emergency_number, "clinic": clinic_phone},
        "worker": {"url": worker_url, "scope": worker_scope},
        "programme": programme.sha256,
        "week": programme.week,
        "day": programme.at.date().isoformat(),
        "made": programme.at.isoformat(),
        "stop": programme.stop.said(texts) if programme.stop else "",
        "emergency": programme.emergency,
        "rest": list(programme.rest.words(texts)) if programme.rest else [],
        "strings": {key.removeprefix("player."): _said(key, text, texts) for key, text in _player().items()},
        "exercises": [_exercise(item, texts) for item in programme.items],
        "held": [_held(held, texts) for held in programme.held if held.kind not in ("past", "later")],
        "pictures": {name: picture(name, "page", texts) for name in sorted(pictures)},
    }


def _player() -> Mapping[str, str]:
    return {key: text for key, text in player_strings().items() if key.startswith("player.")}


def _said(key: str, english: str, texts: Texts) -> str:
    return texts.get(key, english)


def _exercise(item: Item, texts: Texts) -> dict[str, object]:
    exercise = exercises()[item.exercise]
    start = f"exercise.{exercise.id}"
    return {
        "id": exercise.id,
        "name": _said(f"{start}.name", exercise.name, texts),
        "purpose": _said(f"{start}.purpose", exercise.purpose, texts),
        "dose": item.dose.words(texts),
        "reasons": [reason.said(texts) for reason in item.reasons],
        "per_day": item.per_day,
        "done_today": item.done_today,
        "as_needed": exercise.as_needed,
        "needs": [_said(f"{start}.need.{n}", need, texts) for n, need in enumerate(exercise.needs, 1)],
        "shown": _said(f"{start}.shown", exercise.shown, texts),
        "not_shown": _said(f"{start}.not_shown", exercise.not_shown, texts),
        "article": _said(f"{start}.article", exercise.article, texts),
        "caveat": bool(exercise.caveat),
        "stops": [_stop(rule, texts) for rule in exercise.stops],
        "steps": [step.document() for step in told_out(exercise, item.dose, texts)],
    }


def _stop(rule: StopRule, texts: Texts) -> dict[str, object]:
    return {
        "test": rule.test,
        "wanted": bool(rule.wanted) if rule.test == "dizzy" else rule.wanted,
        "text": _said(f"stop.{rule.id}.text", rule.text, texts),
        "ask": _said(f"stop.{rule.id}.ask", rule.ask, texts),
        "then": rule.then,
        "scope": rule.scope,
    }


def _held(held: Held, texts: Texts) -> dict[str, object]:
    exercise = exercises()[held.exercise]
    name = _said(f"exercise.{exercise.id}.name", exercise.name, texts)
    return {"id": exercise.id, "name": name, "kind": held.kind, "why": held.reason.said(texts)}
