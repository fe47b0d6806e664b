"""The web process: Django over ASGI, with the table link alive from the server's start to its end.

uvicorn opentraction.app.asgi:application --host 127.0.0.1 --port 8000 --timeout-graceful-shutdown 2
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Callable
from contextvars import Context
from types import FrameType
from typing import Any

import django

from opentraction.app.held import hold
from opentraction.app.lifeline import end_with_parent
from opentraction.app.most_bytes import measured
from opentraction.app.pages_in_turn import Door, kind_of
from opentraction.app.shared_connections import share_connections

GARBAGE = (20_000, 20, 50)
"""When to search for it: Python's 700 objects are a dozen searches a page, which cost a twentieth of its time."""
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opentraction.app.settings")
django.setup(set_prefix=False)
_django = Door()
share_connections()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve a request, or the server's own start and end."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        # On a kept connection the server begins a request inside the one before; nothing of that is this one's.
        await asyncio.create_task(measured(_django, scope, receive, send), context=Context())


async def _lifespan(receive: Any, send: Any) -> None:
    from django.conf import settings

    from opentraction.clinic.memory import memory  # needs Django set up first
    from opentraction.clinic.table_link import shared_link

    link, memory.on = shared_link(), True
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hold(settings.DATA)
            link.start()
            _settle()
            _on_signal(asyncio.get_running_loop(), link.end_streams)
            end_with_parent()
            await send({"type": "lifespan.startup.complete"})
        else:
            await link.close()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _settle() -> None:
    """What is loaded by now lives until the end: no page waits while it is searched for garbage."""
    kind_of("/")  # reads every address, and with them every view
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def _on_signal(loop: asyncio.AbstractEventLoop, farewell: Callable[[], None]) -> None:
    """Before the server's own handler runs, let open streams end: else it waits for every browser to leave."""
    for number in (signal.SIGTERM, signal.SIGINT):
        servers = signal.getsignal(number)
        if callable(servers):
            signal.signal(number, _both(loop, farewell, servers))


def _both(
    loop: asyncio.AbstractEventLoop, farewell: Callable[[], None], servers: Callable[[int, FrameType | None], Any]
) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(farewell)
        servers(number, frame)

    return handle
