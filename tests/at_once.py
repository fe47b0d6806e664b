"""Many desks at once, each on a connection of its own, all beginning together. Means something on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import close_old_connections, connection

from opentraction.quantities import BadInput

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time; scripts/with-postgres runs this"
)


def at_once(act: Callable[[int], Any], desks: int) -> list[Any]:
    """What each desk got, or the refusal it met; anything else that is raised ends the test."""
    ready = Barrier(desks)

    def work(desk: int) -> Any:
        close_old_connections()
        ready.wait(20)
        try:
            return act(desk)
        except BadInput as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(desks) as pool:
        return list(pool.map(work, range(desks)))
