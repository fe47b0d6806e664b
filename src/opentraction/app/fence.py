"""Two people at two pages: a request names the session it means, and reaches no other.

A session's UUID is used once, for its recording is made once; so it serves as the fencing token. A page left open from
an earlier session can then start, change or watch over nothing. Stop asks for no name and is heard from anyone.
"""

from __future__ import annotations

from typing import Any

from opentraction.quantities import BadInput

UNFENCED = {"hello", "stop", "simulate", "checks"}
"""Greeting, stopping, reading, and what happens to a simulated table by itself."""


def refuse_stranger(do: str, request: dict[str, Any], bound: str | None) -> None:
    """Refuse what means another session than the one that is bound. Raises BadInput."""
    if bound is None or do in UNFENCED:
        return
    key = "instead_of" if do in {"bind", "bind-trial"} else "session"
    if request.get(key) != bound:
        named = str(request.get(key) or "no session")[:64]
        raise BadInput(key, named, "the session that is bound to the table now; open that one, or end it first")
