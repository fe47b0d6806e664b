"""An answer of long work as a JSON file: refused before the work where it cannot be kept, and whole or not at all."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from opentraction.quantities import BadInput

FLAG = "--json"
STANDARD_OUTPUT = Path("-")


def check_json_out(out: Path | None) -> None:
    """Raises BadInput where no file can be written there; `None` and `-` (standard output) always can."""
    if out is None or out == STANDARD_OUTPUT:
        return
    if out.is_dir():
        raise BadInput(FLAG, str(out), "a file; this is a folder")
    folder = out.absolute().parent
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise BadInput(FLAG, str(out), "a file in a folder that is there and can be written")


def write_json(out: Path, document: Mapping[str, Any]) -> None:
    """Write it; what stood there is replaced only by all of it. Raises BadInput."""
    text = json.dumps(document, indent=1, allow_nan=False) + "\n"
    if out == STANDARD_OUTPUT:
        print(text, end="")
        return
    try:
        _write(out.resolve(), text)
    except OSError as error:
        raise BadInput(FLAG, str(out), f"a file that can be written ({error.strerror})") from None


def _write(out: Path, text: str) -> None:
    if out.exists() and not out.is_file():  # a pipe or a device is written to, never replaced
        out.write_text(text, "utf-8")
        return
    part = out.with_name(f"{out.name}.part")
    try:
        part.write_text(text, "utf-8")
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def counted(what: str) -> Callable[[int, int], None]:
    """A line on a terminal that says how many of how many `what` are done; silent elsewhere."""

    def show(done: int, of: int) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{done} of {of} {what}" if done < of else "\r\x1b[K", end="", file=sys.stderr, flush=True)

    return show
