"""One treatment from binding to its last document: gathers rows, tells listeners, closes with a summary."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from opentraction.prescription.change import Change
from opentraction.prescription.plan import Plan
from opentraction.quantities.vocabulary import CAUSE_TEXTS, IDLE, ending_of
from opentraction.session import documents
from opentraction.session.documents import Document, EventKind, Listener
from opentraction.session.measures import PULLING
from opentraction.session.metrics import Metrics
from opentraction.session.narrator import Narrator
from opentraction.session.rows import CAUSE, PHASE, TREATMENT_TIME, Rows


@dataclass(frozen=True)
class Binding:
    """One patient, one signed plan, one table, for one session.

    `clearance` is the document of what permits it; a simulated patient on no table needs none.
    """

    uid: str
    plan: Plan
    patient: dict[str, Any]
    table: dict[str, Any]
    operator: str
    seed: int | None = None
    written_in: str | None = None
    clearance: dict[str, Any] | None = None
    trial: str = ""
    """The stop that is tried with a cord tied to the frame, where nobody is treated."""


class Session:
    """Speaks to its listeners in the order of `documents`; `close` is safe to call twice."""

    def __init__(self, binding: Binding, listeners: Sequence[Listener], started: datetime) -> None:
        self.binding = binding
        self.metrics = Metrics()
        self.ending: str | None = None
        self._narrator = Narrator()
        self._listeners = [self.metrics, *listeners]
        self._last_cause = 0
        self._t = 0.0
        self._coming: tuple[Change, str] | None = None
        self._say(self._start(started))
        self._say(documents.descriptor())

    def rows(self, block: Rows) -> None:
        """A block [n, 18] of whole or part seconds, in order."""
        if self.ending is not None or len(block) == 0:
            return
        told = self._narrator.hear(block)
        self._t = float(block[-1, 0])
        bound = np.flatnonzero(block[:, PHASE] != IDLE)
        if bound.size:  # unbinding forgets why it ended; the record does not
            self._last_cause = int(block[bound[-1], CAUSE])
        for listener in self._listeners:
            listener.rows(block)
        for said in told:
            self._say(said)
        self._tell_change(block)

    def note(self, kind: EventKind, text: str, data: dict[str, Any] | None = None, t: float | None = None) -> None:
        """Something the rows do not tell: an operator's act, a comfort score, a disturbance."""
        if self.ending is None:
            self._say(documents.event(self._t if t is None else t, kind, text, data))

    def change(self, change: Change, signed_sha256: str, by: str, t: float | None = None) -> None:
        """Another plan was taken over; that it has begun is told once its boundary has come."""
        if self.ending is None:
            self._coming = (change, by)
            self._say(documents.change_asked(self._t if t is None else t, change, signed_sha256, by))

    @property
    def coming(self) -> Change | None:
        """A change whose boundary has not come yet."""
        return None if self._coming is None else self._coming[0]

    def _tell_change(self, block: Rows) -> None:
        if self._coming is None:
            return
        change, by = self._coming
        there = np.flatnonzero((block[:, TREATMENT_TIME] >= change.at) & np.isin(block[:, PHASE], PULLING))
        if there.size:
            self._coming = None
            self._say(documents.change_made(float(block[there[0], 0]), change, by))

    def close(self) -> None:
        """The stop document and the end of every listener."""
        if self.ending is not None:
            return
        ending = ending_of(self._last_cause)
        cause = CAUSE_TEXTS[self._last_cause]
        summary = self.metrics.summary(ending)
        self._say(documents.stop(self._t, ending, cause, summary))
        self.ending = ending
        for listener in self._listeners:
            listener.close()

    def _start(self, started: datetime) -> Document:
        b = self.binding
        return documents.start(
            uid=b.uid,
            started_utc=started.isoformat(timespec="milliseconds"),
            plan=json.loads(b.plan.canonical()),
            plan_sha256=b.plan.sha256,
            patient=b.patient,
            table=b.table,
            operator=b.operator,
            seed=b.seed,
            written_in=b.written_in,
            clearance=b.clearance,
        )

    def _say(self, doc: Document) -> None:
        for listener in self._listeners:
            listener.document(doc)
