"""One treatment from binding to its last document: gathers rows, tells listeners, closes with a summary."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opentraction.prescription.plan import Plan
from opentraction.quantities.vocabulary import CAUSE_TEXTS, ending_of
from opentraction.session import documents
from opentraction.session.documents import Document, EventKind, Listener
from opentraction.session.metrics import Metrics
from opentraction.session.narrator import Narrator
from opentraction.session.rows import CAUSE, Rows


@dataclass(frozen=True)
class Binding:
    """One patient, one signed plan, one table, for one session."""

    uid: str
    plan: Plan
    patient: dict[str, Any]
    table: dict[str, Any]
    operator: str
    seed: int | None = None


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
        self._say(self._start(started))
        self._say(documents.descriptor())

    def rows(self, block: Rows) -> None:
        """A block [n, 18] of whole or part seconds, in order."""
        if self.ending is not None or len(block) == 0:
            return
        told = self._narrator.hear(block)
        self._t = float(block[-1, 0])
        self._last_cause = int(block[-1, CAUSE])
        for listener in self._listeners:
            listener.rows(block)
        for said in told:
            self._say(said)

    def note(self, kind: EventKind, text: str, data: dict[str, Any] | None = None, t: float | None = None) -> None:
        """Something the rows do not tell: an operator's act, a comfort score, a disturbance."""
        if self.ending is None:
            self._say(documents.event(self._t if t is None else t, kind, text, data))

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
        )

    def _say(self, doc: Document) -> None:
        for listener in self._listeners:
            listener.document(doc)
