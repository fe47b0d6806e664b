"""What the spine process says: a question and an answer on its socket. Nobody there is an answer too."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from django.conf import settings

from opentraction.clinic.spine_pictures import spine_now

ANSWER_S = 1.0
LONGEST = 1 << 16
AWAY = "No model of the spine is running; the pull needs none."


async def ask(do: str, session: str) -> dict[str, Any]:
    """The answer; `why` where there is none."""
    try:
        return await asyncio.wait_for(_asked(do, session), ANSWER_S)
    except (OSError, ValueError, TimeoutError):
        return {"session": session, "why": AWAY}


async def drawn_now(session: str) -> dict[str, Any]:
    """The spine of this session now, drawn; or why there is none."""
    told = await ask("now", session)
    if "levels" not in told:
        return {"session": session, "why": str(told.get("why", AWAY))}
    try:
        drawn = {"t_s": float(told["t_s"]), "svg": spine_now(told["levels"], told["treated"])}
        return {"session": session, "known": [str(one) for one in told["known"]], **drawn}
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return {"session": session, "why": "The model of the spine answers in words this console does not know."}


async def _asked(do: str, session: str) -> dict[str, Any]:
    reader, writer = await asyncio.open_unix_connection(str(settings.SPINE_SOCKET), limit=LONGEST)
    try:
        writer.write(json.dumps({"do": do, "session": session}).encode() + b"\n")
        await writer.drain()
        told = json.loads(await reader.readline())
    finally:
        writer.close()
    if not isinstance(told, dict):
        raise ValueError("the answer is no object")
    return told


def played(folder: Path) -> dict[str, Any] | None:
    """What was played after a session, as the spine process keeps it beside the recording; None while nothing is."""
    try:
        told = json.loads((folder / "spine.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and told.keys() >= {"bodies", "known", "levels", "played"} else None
