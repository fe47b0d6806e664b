"""Middleware: pages are made a few at a time, in the order they were asked for; what steers a treatment never waits.

One process computes one page at once, however many threads try. Let in all together they only slow each other down, and
with them the live stream; queued, each gets its answer sooner, and the stream its turn after every page. Whoever sends
slowly holds no place: a request has been read before it gets here, and its answer is sent after it has left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, Final

from asgiref.sync import markcoroutinefunction, sync_to_async
from django.http import HttpRequest

from opentraction.clinic.apart import let_go

AT_ONCE: Final = 4
"""While one page waits for the database, another computes."""
NEVER_WAITS: Final = ("/table/",)


class InTurn:
    """First in line, so that a page that waits has asked nothing of the database yet."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any], at_once: int = AT_ONCE) -> None:
        self.get_response = get_response
        self._places = asyncio.Semaphore(at_once)
        self._waits = iscoroutinefunction(get_response)
        if self._waits:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        return self._later(request) if self._waits else self.get_response(request)

    async def _later(self, request: HttpRequest) -> Any:
        if request.path.startswith(NEVER_WAITS):
            return await self.get_response(request)
        async with self._places:
            try:
                return await self.get_response(request)
            finally:
                await sync_to_async(let_go)()  # with the place goes the connection, however long the answer takes
