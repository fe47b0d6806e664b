"""Connections of a web process to PostgreSQL: kept open, shared by its requests, and never more than it may have.

A connection made and thrown away with every page would take about as long as the page itself. SQLite has files, not
connections; nothing changes there.
"""

from __future__ import annotations

from typing import Final

from django.db import connections

from opentraction.app.pages_in_turn import AT_ONCE
from opentraction.clinic.apart import BESIDE

SPARE: Final = 4
"""For what asks for a connection and waits for no turn: a live stream's look at its reader, a recording taken in."""
WAIT_S: Final = 5.0
"""Longest that anything waits for a connection [s]: a database that is gone is said soon."""
IDLE_S: Final = 300.0
"""One that nobody used for so long is closed [s]."""


def share_connections() -> None:
    """From here on this process takes its connections from one store."""
    database = connections.settings["default"]
    if database["ENGINE"] != "django.db.backends.postgresql":
        return
    most = AT_ONCE + BESIDE + SPARE
    database["OPTIONS"]["pool"] = {"min_size": 2, "max_size": most, "timeout": WAIT_S, "max_idle": IDLE_S}
    database["CONN_HEALTH_CHECKS"] = True  # one that died with the database is left behind, not handed on
