"""Taking finished recordings in: at every start, whenever the table comes back, and when a session stops.

The recording on disk is the truth; the database is a copy that can be made again, so a dead web server loses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError

from opentraction.clinic.actions.changes import take_in_changes
from opentraction.clinic.actions.treatments import Outcome, take_in
from opentraction.clinic.apart import let_go
from opentraction.clinic.at_the_table import recordings
from opentraction.clinic.models import TreatmentSession
from opentraction.prescription import Plan
from opentraction.quantities import BadInput
from opentraction.session.metrics import summarise
from opentraction.session.reader import read_log, read_session

TRIES, TRY_EVERY_S = 20, 0.5
DATABASE_AGAIN_S = 5.0
"""Between two tries while the database does not answer [s]."""
PAUSE: Callable[[float], Awaitable[None]] = asyncio.sleep
"""How to wait so many seconds."""
ANSWERED_S = 3.0
"""By then whoever asked for a change has heard of it and kept it, or never will [s]."""
log = logging.getLogger(__name__)


async def take_in_now(_hello: dict[str, Any]) -> None:
    """On every connection to the table: whatever was missed."""
    await _taken_in_at_last()


async def take_in_soon(_stop: dict[str, Any]) -> None:
    """On a stop document: the recorder still has its last second to write."""
    for _ in range(TRIES):
        await asyncio.sleep(TRY_EVERY_S)
        if await _taken_in_at_last():
            return


async def take_in_change_soon(_asked: dict[str, Any]) -> None:
    """On a change of prescription: kept from the recording where the console that asked could not keep it."""
    await asyncio.sleep(ANSWERED_S)
    await _taken_in_at_last()


async def _taken_in_at_last() -> int:
    """Where the database does not answer, ask again until it does: nobody else would."""
    while True:
        try:
            return await sync_to_async(_taken_in)()
        except (OperationalError, InterfaceError) as trouble:
            log.warning("recordings wait for the database: %s", trouble)
            await PAUSE(DATABASE_AGAIN_S)


def _taken_in() -> int:
    """On a thread that lives as long as the server: it keeps no connection."""
    try:
        return take_in_all()
    finally:
        let_go()


def take_in_all() -> int:
    """Store the outcome of every recording whose session has none yet; the number stored. Harmless to repeat.

    Changes of prescription that only the recording knows of are kept too, while the session runs and after it.
    """
    oldest_first = TreatmentSession.objects.filter(ending="").order_by("created").values_list("pk", flat=True)
    waiting = {str(pk): turn for turn, pk in enumerate(oldest_first)}
    if not waiting:
        return 0
    found = [(folder, uid) for folder, uid in recordings(Path(settings.DATA)) if uid in waiting]
    return sum(_take(folder, uid) for folder, uid in sorted(found, key=lambda one: waiting[one[1]]))


def _take(folder: Path, uid: str) -> bool:
    session = TreatmentSession.objects.get(pk=uid)
    try:
        take_in_changes(session, changes_told(folder))
        outcome = read_outcome(folder)
    except BadInput as refusal:
        log.warning("recording not taken in: %s", refusal)
        return False
    return outcome is not None and take_in(session, outcome)


def take_in_changes_of(session: TreatmentSession) -> None:
    """Changes of one session that only its recording knows of."""
    for folder, uid in recordings(Path(settings.DATA)):
        if uid == str(session.pk):
            with contextlib.suppress(BadInput):  # an altered log is said when its outcome is taken in
                take_in_changes(session, changes_told(folder))


def changes_told(folder: Path) -> list[dict[str, Any]]:
    """What the table took over, in order, each with its whole plan. Raises BadInput for an altered log."""
    events = [doc["data"] for doc in read_log(folder).documents if doc["doc"] == "event"]
    asked = [data for data in events if data.get("change") == "asked"]
    return [{**data, "canonical": Plan.from_canonical(json.dumps(data["plan"])).canonical()} for data in asked]


def read_outcome(folder: Path) -> Outcome | None:
    """How the recorded session ended; None while it has no stop document. Raises BadInput for an altered log."""
    documents = read_log(folder).documents
    stop = documents[-1]
    if stop["doc"] != "stop":
        return None
    started = datetime.fromisoformat(documents[0]["started_utc"])
    scores = [doc["data"].get("score") for doc in documents if doc.get("kind") == "comfort"]
    return Outcome(
        ending=str(stop["ending"]),
        cause=str(stop["cause"]),
        started=started,
        ended=started + timedelta(seconds=float(stop["t"])),
        comfort=next((int(score) for score in reversed(scores) if isinstance(score, int)), None),
        summary=_figures(folder, stop),
        folder=str(folder.relative_to(settings.DATA)),
    )


def _figures(folder: Path, stop: dict[str, Any]) -> dict[str, Any]:
    """The summary as told, or measured again where the session was interrupted before it could be told."""
    if "peak_force_n" in stop["summary"]:
        return dict(stop["summary"])
    recording = read_session(folder)
    return dict(stop["summary"]) | summarise(recording.rows, recording.documents)
