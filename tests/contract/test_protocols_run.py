"""Every shipped protocol on five bodies, 5th to 95th percentile, completes; three readers open the recording."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from opentraction.body.person import Person, person_at
from opentraction.patient import Body, Patient
from opentraction.prescription import protocols, read_prescription
from opentraction.quantities import FakeClock, Streams
from opentraction.session.log_chain import verify
from opentraction.session.recorder import NO_SYNC, Recorder
from opentraction.session.session import Binding, Session
from opentraction.twin.compiled import compiled_run
from opentraction.twin.treatment import Treatment, play
from tests.readers import READERS

# Mass [kg], stature [m] and where in every other spread the body lies: 5th, 25th, 50th, 75th, 95th percentile.
BODIES = ((48.0, 1.55, -1.645), (62.0, 1.64, -0.674), (75.0, 1.70, 0.0), (90.0, 1.78, 0.674), (118.0, 1.88, 1.645))


def treated(name: str, person: Person, stature: float, out: Path, seed: int) -> Session:
    """One treatment of a protocol, recorded into `out`."""
    patient = Patient("P-001", Body(mass=person.mass, stature=stature, age=50, sex="female", disc_grade=3))
    plan = read_prescription(protocols()[name]).resolve(patient)
    treatment = Treatment(plan, person, Streams(seed), (), compiled_run())
    binding = Binding(f"protocol-{seed}", plan, patient.document(), {"kind": "virtual"}, "test", seed)
    session = Session(binding, [Recorder(out, pace=NO_SYNC)], datetime(2026, 1, 1, tzinfo=UTC))
    play(treatment, session, FakeClock(), None)
    session.close()
    return session


@pytest.mark.parametrize(("mass", "stature", "z"), BODIES, ids=[f"{mass:.0f} kg" for mass, _, _ in BODIES])
@pytest.mark.parametrize("name", protocols())
def test_a_protocol_completes_and_its_recording_opens(
    name: str, mass: float, stature: float, z: float, tmp_path: Path
) -> None:
    session = treated(name, person_at(mass, z), stature, tmp_path / "out", seed=1)
    assert session.ending == "completed"
    summary = session.metrics.summary("completed")
    assert summary["peak_force_n"] <= session.binding.plan.ceiling
    logged = [d for d in verify(tmp_path / "out" / "documents.jsonl").documents if d["doc"] == "event"]
    for reader in READERS.values():
        seconds, notes = reader(tmp_path / "out" / "session.edf")
        assert seconds >= session.binding.plan.total_time
        assert len(notes) >= len(logged)
        assert {f"{d['kind']}: {d['text']}"[:40] for d in logged} <= {text[:40] for _, text in notes}
