"""Database work beside a request: on threads of its own, so that nothing of the request's answer queues behind it.

Django runs all of a request's synchronous work, the way out through the middlewares included, on one thread. What hangs
there keeps the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import connections

Given = ParamSpec("Given")
Found = TypeVar("Found")
_threads = ThreadPoolExecutor(8, "beside-a-request")


def apart(work: Callable[Given, Found], *args: Given.args, **more: Given.kwargs) -> asyncio.Future[Found]:
    """Begin `work` on a thread of its own, which lets its database connections go afterwards."""

    def whole() -> Found:
        try:
            return work(*args, **more)
        finally:
            connections.close_all()

    return asyncio.get_running_loop().run_in_executor(_threads, whole)
