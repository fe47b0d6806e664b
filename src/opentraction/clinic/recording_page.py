"""A recording made ready for a page: picture, numbers, events. The session room reads, measures and draws it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from opentraction.clinic.models import TreatmentSession
from opentraction.session.chart import session_chart
from opentraction.session.metrics import summarise
from opentraction.session.reader import read_session
from opentraction.session.report import Who, write_report


def shown(folder: Path, unit: str = "N") -> dict[str, Any]:
    """What the session page shows, chart in the reader's unit. Raises BadInput for a recording that cannot be read."""
    recording = read_session(folder)
    told = (recording.stop or {}).get("summary", {})

    def drawn(size: tuple[int, int]) -> str:
        return session_chart(recording.rows, recording.documents, size=size, theme="page", unit=unit)

    return {
        "chart": drawn((1120, 400)),
        "chart_narrow": drawn((400, 300)),
        "events": recording.events,
        "changes_made": {doc["data"]["plan_sha256"] for doc in recording.changes},
        "remarks": recording.remarks,
        "duration": recording.duration,
        "summary": told if "peak_force_n" in told else summarise(recording.rows, recording.documents),
        "start": recording.start,
    }


def report_pdf(folder: Path, session: TreatmentSession, unit: str = "N") -> bytes:
    """The report's PDF, made in a folder that is gone afterwards: the name never lies beside the recording.

    Raises BadInput for a recording that cannot be read.
    """
    patient = session.patient
    signer = session.plan.prescription.signed_by
    who = Who(
        name=patient.name,
        birth_date=patient.birth_date.isoformat(),
        clinician=signer.get_username() if signer else "",
    )
    with TemporaryDirectory() as temporary:
        path = Path(temporary) / "report.pdf"
        write_report(folder, path, who, unit=unit)
        return path.read_bytes()
