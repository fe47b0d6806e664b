"""An answer of long work as a file: refused before the work where it cannot be kept, and whole or not at all."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from opentraction.quantities import BadInput

FLAG = "--json"
STANDARD_OUTPUT = Path("-")
MODE = 0o666


def check_json_out(out: Path | None, read: Iterable[Path] = (), flag: str = FLAG) -> None:
    """Raises BadInput where no file can be written, and for a file that is `read`.

    `None` and `-` (standard output) always can.
    """
    if out is None or out == STANDARD_OUTPUT:
        return
    if out.is_dir():
        raise BadInput(flag, str(out), "a file; this is a folder")
    folder = out.absolute().parent
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise BadInput(flag, str(out), "a file in a folder that is there and can be written")
    if any(_same(out, one) for one in read):
        raise BadInput(flag, str(out), "another file than those that are read; this one would be written over")


def _same(one: Path, other: Path) -> bool:
    """Whether two names are of one file."""
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return one.absolute() == other.absolute()


def write_json(out: Path, document: Mapping[str, Any]) -> None:
    """Write it; what stood there is replaced only by all of it. Raises BadInput."""
    text = json.dumps(document, indent=1, allow_nan=False) + "\n"
    if out == STANDARD_OUTPUT:
        print(text, end="")
        return
    write_whole(out, text)


def write_whole(out: Path, text: str, flag: str = FLAG) -> None:
    """Write a text; what stood there is replaced only by all of it, what stands beside it never. Raises BadInput."""
    try:
        _write(out.resolve(), text)
    except OSError as error:
        raise BadInput(flag, str(out), f"a file that can be written ({error.strerror})") from None


def _write(out: Path, text: str) -> None:
    if out.exists() and not out.is_file():  # a pipe or a device is written to, never replaced
        out.write_text(text, "utf-8")
        return
    handle, name = tempfile.mkstemp(prefix=f".{out.name[:100]}.", suffix=".part", dir=out.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        part.chmod(_mode(out))
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _mode(out: Path) -> int:
    """What may be done with a file: as with the one that stood there, else as this process makes them."""
    if out.exists():
        return out.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return MODE & ~mask


def counted(what: str) -> Callable[[int, int], None]:
    """A line on a terminal that says how many of how many `what` are done; silent elsewhere."""

    def show(done: int, of: int) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{done} of {of} {what}" if done < of else "\r\x1b[K", end="", file=sys.stderr, flush=True)

    return show
