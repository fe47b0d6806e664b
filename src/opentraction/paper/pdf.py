"""Laying out a page: typst, our fonts, our letterhead.

Words of people travel as JSON data, never as source, so they cannot become markup. A picture is an SVG text in the
data: ``image(bytes(data.picture), format: "svg")``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from opentraction.quantities.plain import plain

FONTS = Path(__file__).parent / "fonts"
LETTERHEAD = Path(__file__).parent / "letterhead.typ"


def pdf(template: Path, data: Mapping[str, Any], *, standard: str = "a-2b", made: datetime | None = None) -> bytes:
    """The PDF of `template` with `data`; the template finds it as ``data``, after importing the letterhead.

    `standard` is a PDF standard as typst names them; empty for none. `made` is the time of making that stands in the
    file; without one it is 1970, so that the same data give the same bytes.
    """
    import typst

    laid_out: bytes = typst.compile(
        _files(template),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(plain(data))},
        pdf_standards=_standards(standard),
        timestamp=made or datetime(1970, 1, 1, tzinfo=UTC),
        format="pdf",
    )
    return laid_out


def pages(template: Path, data: Mapping[str, Any], *, per_inch: float = 96.0) -> list[bytes]:
    """The same pages as PNG pictures, to look at."""
    import typst

    pictures = typst.compile(
        _files(template),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(plain(data))},
        format="png",
        ppi=per_inch,
    )
    return pictures if isinstance(pictures, list) else [pictures]


def _files(template: Path) -> Any:
    """The template and the letterhead it imports, wherever they lie; typst's own types do not know this way yet."""
    return {"main.typ": template.read_bytes(), "letterhead.typ": LETTERHEAD.read_bytes()}


def _standards(standard: str) -> Any:
    return [standard] if standard else []
