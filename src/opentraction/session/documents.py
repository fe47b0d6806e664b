"""What a session says, in order: start, descriptor, events, stop; and who listens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol, TypedDict

from opentraction import DISCLAIMER, __version__
from opentraction.prescription.change import Change, minutes
from opentraction.session.rows import COLUMNS, RATE_HZ, UNITS, Rows

SCHEMA = 1

EventKind = Literal["phase", "switch", "alarm", "operator", "patient", "disturbance", "comfort", "note"]
Document = Mapping[str, Any]


class Listener(Protocol):
    """Hears one session. The recorder, the console's feed and the metrics are listeners."""

    def document(self, doc: Document) -> None:
        """One document, in order."""

    def rows(self, block: Rows) -> None:
        """A block [n, 18] of whole or part seconds, in order. The caller may reuse the array afterwards."""

    def close(self) -> None:
        """Nothing more will come."""


class Start(TypedDict):
    """Opens a session; holds no identity but the pseudonym."""

    doc: Literal["start"]
    uid: str
    schema: int
    software: str
    started_utc: str
    plan: dict[str, Any]
    plan_sha256: str
    patient: dict[str, Any]
    table: dict[str, Any]
    seed: int | None
    operator: str
    written_in: str | None
    clearance: dict[str, Any] | None
    disclaimer: str


class Channel(TypedDict):
    """One column of a row."""

    name: str
    unit: str


class Descriptor(TypedDict):
    """Says what the rows hold."""

    doc: Literal["descriptor"]
    channels: list[Channel]
    rate_hz: int


class Event(TypedDict):
    """Something that happened at `t` [s] since the recording began."""

    doc: Literal["event"]
    t: float
    kind: EventKind
    text: str
    data: dict[str, Any]


class Stop(TypedDict):
    """Closes a session."""

    doc: Literal["stop"]
    t: float
    ending: str
    cause: str
    summary: dict[str, Any]


_IDENTITY = ("name", "birth", "address", "phone", "email", "identity")


def start(  # noqa: PLR0913 (a word for each field of the document)
    *,
    uid: str,
    started_utc: str,
    plan: dict[str, Any],
    plan_sha256: str,
    patient: dict[str, Any],
    table: dict[str, Any],
    operator: str,
    seed: int | None = None,
    written_in: str | None = None,
    clearance: dict[str, Any] | None = None,
) -> Start:
    """The first document. `started_utc` is ISO 8601; a `patient` that carries identity is a programming mistake.

    `written_in` is the force unit of the prescription as written, None where nobody told. `clearance` is the document
    of verdict, check of the day and consent; None for a simulated patient on no table.
    """
    leaks = [key for key in patient if any(word in key.lower() for word in _IDENTITY)]
    if leaks:
        raise ValueError(f"identity stays out of the recording: {', '.join(leaks)}")
    return Start(
        doc="start",
        uid=uid,
        schema=SCHEMA,
        software=__version__,
        started_utc=started_utc,
        plan=plan,
        plan_sha256=plan_sha256,
        patient=patient,
        table=table,
        seed=seed,
        operator=operator,
        written_in=written_in,
        clearance=clearance,
        disclaimer=DISCLAIMER,
    )


def descriptor() -> Descriptor:
    """The second document: the columns of a row."""
    channels = [Channel(name=name, unit=unit) for name, unit in zip(COLUMNS, UNITS, strict=True)]
    return Descriptor(doc="descriptor", channels=channels, rate_hz=RATE_HZ)


def event(t: float, kind: EventKind, text: str, data: dict[str, Any] | None = None) -> Event:
    """Something that happened, in words for people and in `data` for machines."""
    return Event(doc="event", t=t, kind=kind, text=text, data=data or {})


def change_asked(t: float, change: Change, signed_sha256: str, by: str) -> Event:
    """A changed prescription was taken over: the whole plan from now on, and from which treatment time it differs.

    `signed_sha256` is the hash of the prescription that was signed, `plan_sha256` that of the two joined.
    """
    data = {
        "change": "asked",
        "by": by,
        "at_s": change.at,
        "signed_sha256": signed_sha256,
        "plan_sha256": change.plan.sha256,
        "plan": json.loads(change.plan.canonical()),
    }
    return event(t, "operator", f"change of prescription asked: {change.plan.name}, {change.words} of treatment", data)


def change_made(t: float, change: Change, by: str) -> Event:
    """The boundary has come: from here on the changed prescription is pulled."""
    data = {"change": "made", "by": by, "at_s": change.at, "plan_sha256": change.plan.sha256}
    return event(
        t, "operator", f"prescription changed at {minutes(change.at)} of treatment to {change.plan.name}, by {by}", data
    )


def changes(said: Iterable[Document]) -> list[Document]:
    """The changes of prescription that were pulled, in order."""
    return [doc for doc in said if doc["doc"] == "event" and doc["data"].get("change") == "made"]


def plan_pulled(said: Iterable[Document]) -> Mapping[str, Any]:
    """The plan of a session as far as it was pulled: a change that never reached its boundary does not count."""
    plan, asked = dict[str, Any](), dict[str, Mapping[str, Any]]()
    for doc in said:
        if doc["doc"] == "start":
            plan = doc["plan"]
        elif doc["doc"] == "event" and doc["data"].get("change") == "asked":
            asked[doc["data"]["plan_sha256"]] = doc["data"]["plan"]
        elif doc["doc"] == "event" and doc["data"].get("change") == "made":
            plan = dict(asked.get(doc["data"]["plan_sha256"], plan))
    return plan


def at_the_neck(plan: Mapping[str, Any]) -> bool:
    """The body's model ends at the lumbar spine: what it says of a cervical pull means nothing and is not shown."""
    return plan.get("region") == "cervical"


def plan_in_force(said: Iterable[Document]) -> Mapping[str, Any]:
    """The plan of a session as it was last: the one asked for last, else the one it began with; {} without a start.

    Up to the boundary of a change both are the same, so it is also right where the boundary was never reached.
    """
    plan: Mapping[str, Any] = {}
    for doc in said:
        if doc["doc"] == "start":
            plan = doc["plan"]
        elif doc["doc"] == "event" and doc["data"].get("change") == "asked":
            plan = doc["data"]["plan"]
    return plan


def stop(t: float, ending: str, cause: str, summary: dict[str, Any] | None = None) -> Stop:
    """The last document; `ending` is one of `vocabulary.ENDINGS`."""
    return Stop(doc="stop", t=t, ending=ending, cause=cause, summary=summary or {})
