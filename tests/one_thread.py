"""Work beside a request, kept on the one thread that sees a test's own database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async


def here(work: Callable[..., Any], *asked: Any) -> asyncio.Future[Any]:
    """In place of `clinic.apart.apart`."""
    return asyncio.ensure_future(sync_to_async(work)(*asked))
