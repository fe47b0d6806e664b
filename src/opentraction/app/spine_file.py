"""What was played after a session, kept beside its recording; stale once the model or the recording is another."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

NAME = "spine.json"
MODE = 0o640
"""As the recording's own files."""


def kept(folder: Path) -> dict[str, Any] | None:
    """What is kept, None where nothing is, or where it belongs to another model or recording."""
    try:
        told = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and told.get("of") == _of(folder) else None


def closed(folder: Path) -> bool:
    """Whether the recording has been ended."""
    return _last(folder).get("doc") == "stop"


def keep(folder: Path, heard: Callable[[float], None]) -> None:
    """Play the recording of a folder and keep what came out. Raises BadInput, NotSolved, OSError."""
    from opentraction.session.reader import read_session
    from opentraction.twin.spine_afterwards import afterwards
    from opentraction.twin.spine_view import AFTERWARDS, BODIES, known

    of = _of(folder)  # before it is read: what grows meanwhile makes this stale
    recording = read_session(folder)
    played = afterwards(recording.start, recording.rows, heard)
    levels = list(recording.start["patient"].get("levels") or ())
    told = {"of": of, "bodies": BODIES, "levels": levels, "known": known(AFTERWARDS), "played": played}
    fresh = folder / f"{NAME}.new"
    try:
        fresh.write_text(json.dumps(told, allow_nan=False), "utf-8")
        fresh.chmod(MODE)
        fresh.replace(folder / NAME)
    finally:
        fresh.unlink(missing_ok=True)


def _of(folder: Path) -> dict[str, str]:
    """Model and recording: a hash of the model's sources and data, and that of the log's last line."""
    return {"model": _model(), "log": str(_last(folder).get("sha256", ""))}


def _last(folder: Path) -> dict[str, Any]:
    """The last document; empty where there is none, or only a part of one."""
    try:
        lines = (folder / "documents.jsonl").read_bytes().splitlines()
        last = json.loads(lines[-1]) if lines else {}
    except (OSError, ValueError):
        return {}
    return last if isinstance(last, dict) else {}


@cache
def _model() -> str:
    from opentraction import body
    from opentraction.body.compiling import hashed
    from opentraction.twin import spine_afterwards, spine_view

    inside = Path(body.__path__[0])
    told_by = [Path(str(one.__file__)) for one in (spine_afterwards, spine_view)]
    return hashed([*sorted((*inside.rglob("*.py"), *inside.rglob("*.toml"))), *told_by])[:16]
