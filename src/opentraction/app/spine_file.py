"""What was played after a session, kept beside its recording; stale once the model or the recording is another."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

NAME = "spine.json"


def kept(folder: Path) -> dict[str, Any] | None:
    """What is kept, None where nothing is, or where it belongs to another model or recording."""
    try:
        told = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and told.get("of") == _of(folder) else None


def keep(folder: Path, heard: Callable[[float], None]) -> None:
    """Play the recording of a folder and keep what came out. Raises BadInput, NotSolved, OSError."""
    from opentraction.session.reader import read_session
    from opentraction.twin.spine_afterwards import afterwards
    from opentraction.twin.spine_view import AFTERWARDS, BODIES, known

    recording = read_session(folder)
    played = afterwards(recording.start, recording.rows, heard)
    told = {"of": _of(folder), "bodies": BODIES, "known": known(AFTERWARDS), "played": played}
    fresh = folder / f"{NAME}.new"
    fresh.write_text(json.dumps(told, allow_nan=False), "utf-8")
    fresh.replace(folder / NAME)


def _of(folder: Path) -> dict[str, str]:
    """Model and recording: a hash of the body's sources and data, and the log's last line."""
    lines = (folder / "documents.jsonl").read_bytes().splitlines()
    return {"model": _model(), "log": str(json.loads(lines[-1]).get("sha256", "")) if lines else ""}


@cache
def _model() -> str:
    from opentraction import body
    from opentraction.body.compiling import hashed

    inside = Path(body.__path__[0])
    return hashed(sorted((*inside.rglob("*.py"), *inside.rglob("*.toml"))))[:16]
