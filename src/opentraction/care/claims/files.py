"""The door for files to be checked: any text in UTF-8."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from opentraction.care.claims.check import Finding, check
from opentraction.care.claims.readers import kind_of
from opentraction.quantities import BadInput
from opentraction.quantities.refusal import State

LARGEST: Final = 4 * 1024 * 1024


def check_file(path: Path) -> list[Finding]:
    """Every claim in a file; its name tells how it is read. Raises BadInput for what is no text."""
    return check(_read(path), kind_of(path.name))


def _read(path: Path) -> str:
    source = str(path)
    try:
        if not path.is_file():
            what = "a folder" if path.is_dir() else "not an ordinary file" if path.exists() else "not there"
            raise BadInput("file", State(what), "a text file", source)
        with path.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except BadInput:
        raise
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or "not a file name"
        raise BadInput("file", State(f"not readable ({why})"), "a text file that can be read", source) from None
    if len(raw) > LARGEST:
        raise BadInput("file", State("too long"), f"at most {LARGEST // 1024 // 1024} MiB", source)
    return _decoded(raw, source)


def _decoded(raw: bytes, source: str) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        what = State(f"not text (byte {problem.start} is 0x{raw[problem.start]:02x})")
        raise BadInput("file", what, "text in UTF-8: Markdown, HTML, TOML, PO, Python or plain", source) from None
    if "\x00" in text:
        raise BadInput("file", State(f"not text (byte {text.index(chr(0))} is 0x00)"), "text in UTF-8", source)
    return text
