"""A file of its own for a few sealed lines: opened, verified, one line appended, on the disk, closed again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from opentraction.session.durable import DurableFile, sync_folder
from opentraction.session.log_chain import LogChain, verify


def append_line(path: Path, doc: dict[str, Any]) -> None:
    """One line more, or none at all. Raises OSError; who comes next does not read what nobody was told is kept."""
    fresh = not path.exists()
    log = None if fresh else verify(path)
    file = DurableFile.create(path) if log is None else DurableFile.reopen(path, log.good_bytes)
    chain = LogChain(file) if log is None else LogChain(file, len(log.documents), log.last)
    before = file.size
    try:
        chain.append(doc)
        if fresh:
            sync_folder(path.parent)
    except OSError:
        file.cut(before)
        raise
    finally:
        file.close()
