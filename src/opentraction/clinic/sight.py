"""One table may serve several clinics: what its live line tells whom.

Of another clinic's session a reader gets the machine only (force, switches, alarms, phase), as the page shows it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import ValidationError

from opentraction.clinic.apart import apart
from opentraction.clinic.models import TreatmentSession

Message = dict[str, Any]
MACHINE: Final = (
    "seq",
    "table",
    "t",
    "phase",
    "cause",
    "measured_n",
    "switches",
    "guard",
    "recording",
    "alarms",
    "sound",
    "lockout",
)
ELSEWHERE: Final = "another clinic's patient"
LOOKED_UP_S = 0.5
"""Until it is known whose session it is, and for no longer than this [s], the stream waits; then it masks."""


def is_foreign(uid: str, clinic: int) -> bool:
    """Whether this is a session of another clinic; one that nobody knows is not."""
    try:
        return TreatmentSession.objects.filter(pk=uid).exclude(patient__clinic=clinic).exists()
    except (ValidationError, ValueError):
        return False


def bound_in(telemetry: Message) -> str:
    """The session that is on the table; empty for none."""
    return str((telemetry.get("bound") or {}).get("session") or "")


def machine_only(telemetry: Message) -> Message:
    """Telemetry without the patient: of the bound session only that there is one."""
    masked = {name: telemetry[name] for name in MACHINE if name in telemetry}
    return masked | {"bound": {"session": bound_in(telemetry), "pseudonym": ELSEWHERE}}


class Sight:
    """What one stream lets through for readers of one clinic."""

    def __init__(self, clinic: int, lookup: Callable[[str, int], bool] = is_foreign) -> None:
        self._clinic = clinic
        self._lookup = lookup
        self._known: dict[str, bool] = {}
        self.mute = False
        """The reader's console is locked: documents wait until it is not, when its page asks for all of them anew."""
        self._told = ""
        """The session whose documents are being told."""

    async def through(self, kind: str, body: Message) -> Message | None:
        """The message as this reader may have it; None for one that is not theirs."""
        if kind == "document":
            if body.get("doc") == "start":
                self._told = str(body.get("uid") or "")
            return None if self.mute or await self._foreign(self._told) else body
        if kind == "spine":
            return None if self.mute or await self._foreign(str(body.get("session") or "")) else body
        if kind == "telemetry" and await self._foreign(bound_in(body)):
            return machine_only(body)
        return body

    async def _foreign(self, uid: str) -> bool:
        """Asked once for each session; a database that does not answer in time leaves it unknown, which is masked."""
        if not uid:
            return False
        if uid not in self._known:
            looking = apart(self._lookup, uid, self._clinic)
            await asyncio.wait({looking}, timeout=LOOKED_UP_S)
            if not looking.done() or looking.exception() is not None:
                return True
            self._known[uid] = looking.result()
        return self._known[uid]
