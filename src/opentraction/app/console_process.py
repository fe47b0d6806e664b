"""One web process of `opentraction run`. Several serve one listening socket that their parent opened.

Each is its parent's own child: it hears of the parent's end on its lifeline, and the parent sees when it dies and
starts it again, while the others answer.
"""

from __future__ import annotations

import os
import socket
import sys

VARIABLE = "OPENTRACTION_LISTENING"
"""Number of the listening socket, in the process's environment."""
FAREWELL_S = 2
"""Open streams are closed after this [s], or an end would wait for the last browser."""

AFTER_THE_TABLE = 10
"""Niceness. Where pages and a treatment want the same core, the treatment's recorder and telemetry go first."""
TURN_S = 0.001
"""Longest that a page computes before the live stream, or whoever holds the chain of the record, has its turn [s]."""


def main() -> None:
    """Serve until asked to end."""
    import uvicorn  # not for whoever only wants the name of this module

    sys.setswitchinterval(TURN_S)
    listening = socket.socket(fileno=int(os.environ[VARIABLE]))
    settings = uvicorn.Config(
        "opentraction.app.asgi:application", log_level="warning", timeout_graceful_shutdown=FAREWELL_S
    )
    settings.load()
    os.nice(AFTER_THE_TABLE)  # once it has come up: until then it is in nobody's way for long
    uvicorn.Server(settings).run(sockets=[listening])


if __name__ == "__main__":
    main()
