"""Django's door: a page is made from end to end on one of a few threads; what waits for the table lives on the loop.

One process computes one page at once, however many threads try. Let in all together they only slow each other down, and
with them the live stream; in line, each gets its answer sooner. A page asks the database and computes, so it has a
thread and that thread's connection to itself, and is not handed to and fro between loop and thread at every layer. What
steers a treatment (its views are `async`) never stands in that line, nor do styles and scripts.

Whoever sends slowly holds no place: a request has been read before it gets here, and is answered after it has left.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from inspect import iscoroutinefunction
from typing import Any, Final

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import Resolver404, resolve

from opentraction.clinic.views.failed import not_now

AT_ONCE: Final = 2
"""While one page waits for the database, others compute."""
MOST_IN_LINE: Final = 400
"""Who comes when so many wait is told so at once: an answer in a minute is no answer."""
CROWDED: Final = "Too many pages are being asked for at once. Nothing was changed. Wait a moment, then try again."
FILES_AT_ONCE: Final = 1
KIND, PAGE, FILE, LOOP = "opentraction.kind", "page", "file", "loop"


class _Pages(BaseHandler):
    """The same middleware and views, without a loop."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)


class Line:
    """A few threads, and whoever waits for one in the order they came."""

    def __init__(self, make: Callable[[HttpRequest], HttpResponseBase], at_once: int = AT_ONCE) -> None:
        self._threads = ThreadPoolExecutor(at_once, "page")
        self._make = sync_to_async(partial(_and_let_go, make), thread_sensitive=False, executor=self._threads)
        self._most = at_once + MOST_IN_LINE
        self._here = 0

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page, when it is its turn; 503 where too many wait. Who leaves while waiting leaves the line."""
        if self._here >= self._most:
            return not_now(request, CROWDED)
        self._here += 1
        try:
            return await self._make(request)
        finally:
            self._here -= 1


class Door(ASGIHandler):
    """Everything that is served."""

    def __init__(self) -> None:
        super().__init__()
        make = _Pages().get_response
        self._lines = {PAGE: Line(make), FILE: Line(make, FILES_AT_ONCE)}
        self._closer = ThreadPoolExecutor(1, "closer")

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Serve one request. A page's own threads are there already; Django would start two more for each."""
        scope[KIND] = kind_of(scope["path"])
        if scope[KIND] not in self._lines:
            await super().__call__(scope, receive, send)
            return
        async with ThreadSensitiveContext(executor=self._closer):
            await self.handle(scope, receive, send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """By the loop where the view is made for it, else in line."""
        assert isinstance(request, ASGIRequest)
        line = self._lines.get(request.scope[KIND])
        if line is None:
            return await super().get_response_async(request)
        response = await line(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            # The iterator itself, so that what stands behind it is ended on the thread that reads it.
            response.streaming_content = piece_by_piece(response._iterator, response.make_bytes)  # type: ignore[attr-defined]
        return response


def kind_of(path: str) -> str:
    """Whether this address is a page, a file, or waits for the table on the loop."""
    if path.startswith(settings.STATIC_URL):
        return FILE
    try:
        return LOOP if iscoroutinefunction(resolve(path).func) else PAGE
    except Resolver404:
        return PAGE


async def piece_by_piece(pieces: Iterator[Any], make_bytes: Callable[[Any], bytes]) -> AsyncIterator[bytes]:
    """A file or an export as it is read, each piece when the last one is gone; Django would gather all of it first.

    It has a thread to itself, for what it asks of the database belongs to one.
    """
    loop, here = asyncio.get_running_loop(), copy_context()
    thread = ThreadPoolExecutor(1, "pieces")
    read = partial(next, pieces, None)
    try:
        while (piece := await loop.run_in_executor(thread, lambda: here.run(read))) is not None:
            yield make_bytes(piece)
    finally:
        thread.submit(_over, pieces)
        thread.shutdown(wait=False)


def _over(pieces: Iterator[Any]) -> None:
    """Read to the end, or broken off because its reader left."""
    if isinstance(pieces, Generator):
        pieces.close()
    close_old_connections()


def _and_let_go(make: Callable[[HttpRequest], HttpResponseBase], request: HttpRequest) -> HttpResponseBase:
    """The page's connection is let go on the thread that opened it, however long the answer takes to travel."""
    try:
        return make(request)
    finally:
        close_old_connections()
