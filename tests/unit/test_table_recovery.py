"""A table process closes what an earlier one left open, and does not read again what is closed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from opentraction.session import documents
from opentraction.session.recorder import NO_SYNC, Recorder
from opentraction.session.recovery import is_closed, recover
from opentraction.session.rows import N_COLUMNS

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def begun(folder: Path) -> Recorder:
    recorder = Recorder(folder, pace=NO_SYNC)
    recorder.document(
        documents.start(
            uid="u-1",
            started_utc=NOW.isoformat(),
            plan={"total_time": 60.0},
            plan_sha256="0" * 64,
            patient={"pseudonym": "P-1"},
            table={"kind": "virtual"},
            operator="test",
        )
    )
    recorder.document(documents.descriptor())
    recorder.rows(np.zeros((400, N_COLUMNS)))
    return recorder


def test_an_open_session_is_seen_as_open_and_closed_by_recovery(tmp_path: Path) -> None:
    recorder = begun(tmp_path / "s")
    recorder.close()
    assert not is_closed(tmp_path / "s")
    recover(tmp_path / "s", NOW)
    assert is_closed(tmp_path / "s")


def test_a_torn_stop_document_does_not_count_as_closed(tmp_path: Path) -> None:
    recorder = begun(tmp_path / "s")
    recorder.document(documents.stop(2.0, "completed", "treatment finished", {}))
    recorder.close()
    log = tmp_path / "s" / "documents.jsonl"
    assert is_closed(tmp_path / "s")
    log.write_bytes(log.read_bytes()[:-5])
    assert not is_closed(tmp_path / "s")
