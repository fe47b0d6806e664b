"""The events of a session as a report lists them: short, in order, nothing said twice. The log keeps every one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from opentraction.prescription.words import spoken

_LISTED = ("alarm", "patient", "operator", "switch", "disturbance", "comfort", "note")
_REMOTE = {"remote-plug", "remote-press", "remote-release"}
_AT_ONCE_S = 1.0

Event = Mapping[str, Any]


def clock(seconds: float) -> str:
    """A time in the session, `12:04.5`."""
    tenths = round(max(seconds, 0.0) * 10)
    return f"{tenths // 600}:{tenths % 600 // 10:02d}.{tenths % 10}"


def event_list(events: Sequence[Event], unit: str = "N") -> list[list[str]]:
    """Rows of time, kind and text: every stop, alarm and remark in order, forces in `unit`.

    Phases are in the curve; an alarm's end is told with its beginning, a Reduce asked with what it led to; the same
    thing done several times running is one row at the first of them.
    """
    rows = []
    events = sorted(events, key=_when)  # an alarm may be told before what led to it
    for (kind, word), group in groupby(_listed(events), key=lambda doc: (doc["kind"], _same(doc))):
        run = list(group)
        together = kind == "operator" and len(run) > 1
        for doc in run[:1] if together else run:
            text = _together(run, word, unit) if together else _text(doc, events, unit)
            rows.append([clock(_when(doc)), str(kind), text])
    return rows


def _when(doc: Event) -> float:
    return float(doc["t"] or 0.0)


def simulated_remote(doc: Event) -> bool:
    """Whether it only says that a simulated patient handled the remote; the switch that follows says it too."""
    return doc["kind"] == "disturbance" and doc["data"].get("what") in _REMOTE


def _listed(events: Sequence[Event]) -> Iterator[Event]:
    for k, doc in enumerate(events):
        over = doc["kind"] == "alarm" and doc["data"].get("on") is False
        if doc["kind"] in _LISTED and not over and not simulated_remote(doc) and not _answered(doc, events[k + 1 :]):
            yield doc


def _answered(doc: Event, later: Sequence[Event]) -> bool:
    """A Reduce asked, and the limit fell at once; a change of prescription asked, and its boundary came."""
    if doc["data"].get("change") == "asked":
        plan = doc["data"]["plan_sha256"]
        return any(other["data"].get("change") == "made" and other["data"]["plan_sha256"] == plan for other in later)
    if "to_n" not in doc["data"]:
        return False
    soon = (other for other in later if float(other["t"]) <= float(doc["t"]) + _AT_ONCE_S)
    next_one = next((other for other in soon if {"limit_n", "to_n"} & set(other["data"])), None)
    return next_one is not None and "limit_n" in next_one["data"]


def _same(doc: Event) -> str:
    """What an operator did, without its object: alike when done again."""
    if "limit_n" in doc["data"]:
        return "reduced"
    text = str(doc["text"])
    return "checked" if text.endswith(" checked") and not text.endswith(" not checked") else text


def _together(run: Sequence[Event], word: str, unit: str) -> str:
    if word == "reduced":
        return f"reduced {len(run)} times, to {spoken(float(run[-1]['data']['limit_n']), unit)}"
    if word == "checked":
        return f"{len(run)} items of the checklist checked"
    return f"{word}, {len(run)} times"


def _text(doc: Event, events: Sequence[Event], unit: str) -> str:
    if "limit_n" in doc["data"]:
        return f"reduced to {spoken(float(doc['data']['limit_n']), unit)}"
    return str(doc["text"]) + (_lasted(doc, events) if doc["kind"] == "alarm" else "")


def _lasted(alarm: Event, events: Sequence[Event]) -> str:
    """How long an alarm stood, where its end was told."""
    name = alarm["data"].get("id")
    at = next(k for k, doc in enumerate(events) if doc is alarm)
    ends = (doc for doc in events[at + 1 :] if doc["kind"] == "alarm" and doc["data"].get("id") == name)
    end = next(ends, None)
    if name is None or end is None or end["data"].get("on", True):
        return ""
    return f", for {float(end['t']) - float(alarm['t']):.1f} s"
