"""Database work beside a request, which waits for it for a moment at most."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from opentraction.clinic.apart import apart

Given = ParamSpec("Given")
Found = TypeVar("Found")
LOOKED_UP_S = 0.5
"""Longest that a stop, or its answer, waits for the database [s]."""
log = logging.getLogger(__name__)
_unfinished: set[asyncio.Future[Any]] = set()


def begin(work: Callable[Given, Found], *args: Given.args, **more: Given.kwargs) -> asyncio.Future[Found]:
    """Begin `work` on a thread of its own."""
    return apart(work, *args, **more)


async def for_a_moment(work: asyncio.Future[Any]) -> None:
    """Wait `LOOKED_UP_S` at most; it goes on by itself, and what goes wrong is logged."""
    _unfinished.add(work)
    work.add_done_callback(_done)
    await asyncio.wait({work}, timeout=LOOKED_UP_S)


def _done(work: asyncio.Future[Any]) -> None:
    _unfinished.discard(work)
    if not work.cancelled() and work.exception() is not None:
        log.warning("beside a request the database did not answer: %s", work.exception())
