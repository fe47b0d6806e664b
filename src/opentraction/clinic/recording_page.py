"""A recording made ready for a page: picture, numbers, events. The session room reads, measures and draws it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from opentraction.session.reader import read_session


def shown(folder: Path, unit: str) -> dict[str, Any]:
    """What the session page shows. Raises BadInput for a recording that cannot be read."""
    from opentraction.session.chart import session_chart

    recording = read_session(folder)
    return {
        "chart": session_chart(recording, unit=unit),
        "events": recording.events,
        "remarks": recording.remarks,
        "duration": recording.duration,
        "summary": (recording.stop or {}).get("summary", {}),
        "start": recording.start,
    }


def report_pdf(folder: Path, name: str) -> bytes:
    """The report's PDF, made in a folder that is gone afterwards: the name never lies beside the recording."""
    from opentraction.session.report import write_report

    with TemporaryDirectory() as temporary:
        path = Path(temporary) / "report.pdf"
        write_report(folder, path, name=name)
        return path.read_bytes()
