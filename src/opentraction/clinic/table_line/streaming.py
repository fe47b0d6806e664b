"""What the table says, as server-sent events for one browser, until it leaves or may not look any more."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest

from opentraction.clinic.reading import reading_by
from opentraction.clinic.sight import Sight, bound_in
from opentraction.clinic.table_line import line
from opentraction.clinic.table_line.sessions import any_session
from opentraction.clinic.table_link import Viewer

STILL_HERE_S = 5.0
ASK_AGAIN_S = 1.0


def note_watching(request: HttpRequest, user: User) -> None:
    """That somebody began to watch, and whose session was on the table then."""
    session = next(iter(any_session(bound_in(line.telemetry()))), None)
    reading_by(user, request, session or user, "live stream")


async def events(allowed: Callable[[], Awaitable[bool]], sight: Sight | None = None) -> AsyncIterator[bytes]:
    """Events `link`, `document`, `telemetry`, and `over` last."""
    with line.link().viewer() as viewer:
        watch = asyncio.create_task(_end_when_not(allowed, viewer))
        try:
            while not viewer.over:
                try:
                    await asyncio.wait_for(viewer.changed.wait(), STILL_HERE_S)
                except TimeoutError:
                    yield b": still here\n\n"
                if viewer.shut:
                    yield _event("over", {"why": "signed out"})
                    return
                for kind, body in viewer.take():
                    seen = body if sight is None else await sight.through(kind, body)
                    if seen is not None:
                        yield _event(kind, seen)
        finally:
            watch.cancel()


def _event(kind: str, body: dict[str, Any]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(body, allow_nan=False)}\n\n".encode()


async def _end_when_not(allowed: Callable[[], Awaitable[bool]], viewer: Viewer) -> None:
    """Ask every second, beside the stream and never in its way, whether its reader may still look."""
    try:
        while await allowed():
            await asyncio.sleep(ASK_AGAIN_S)
    finally:  # also where asking failed: what cannot be asked is not allowed
        viewer.shut = True
        viewer.changed.set()
