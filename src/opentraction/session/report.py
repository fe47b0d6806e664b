"""The report of a session: one page of PDF/A-2b from its recording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from opentraction.paper import pdf
from opentraction.quantities import BadInput
from opentraction.session.reader import read_session
from opentraction.session.report_data import Who, report_data
from opentraction.session.whole_file import write_whole

__all__ = ["Who", "render", "write_report"]

_HERE = Path(__file__).parent


def write_report(folder: Path, out: Path, who: Who | None = None, letter: bool = False, unit: str = "") -> None:
    """Write the report of the session in `folder` to the file `out`. Raises BadInput; then nothing is written.

    `who` names the patient on paper; the recording itself holds a pseudonym only. `letter` takes US Letter, not A4.
    `unit` is the force unit of curve and words: lb, kgf, N, kN or daN; empty is the one of the prescription as written.
    """
    pdf = render(report_data(read_session(folder), who, letter, unit))
    try:
        write_whole(out, pdf)
    except OSError as error:
        raise BadInput("out", str(out), f"a file that can be written ({error.strerror})") from error


def render(data: dict[str, Any]) -> bytes:
    """Lay out report data. Words of people travel as JSON data, never as source, so they cannot become markup."""
    return pdf(_HERE / "report.typ", data)
