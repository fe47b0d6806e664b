"""Database work beside a request: on threads of its own, so that nothing of the request's answer queues behind it.

Django runs all of a request's synchronous work, the way out through the middlewares included, on one thread. What hangs
there keeps the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from django.db import connection, connections

Given = ParamSpec("Given")
Found = TypeVar("Found")
BESIDE: Final = 8
_threads = ThreadPoolExecutor(BESIDE, "beside-a-request")


def apart(work: Callable[Given, Found], *args: Given.args, **more: Given.kwargs) -> asyncio.Future[Found]:
    """Begin `work` on a thread of its own, which lets its database connections go afterwards."""

    def whole() -> Found:
        try:
            return work(*args, **more)
        finally:
            connections.close_all()

    return asyncio.get_running_loop().run_in_executor(_threads, whole)


def let_go() -> None:
    """Hand this thread's connection back where connections are shared: whoever waits for the table needs none."""
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close()
