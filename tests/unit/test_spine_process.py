"""The process that follows the modelled spine: what it hears, what it answers, and that nothing it meets ends it."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from opentraction.app import spine_file, spine_following, spine_plays
from opentraction.app.spine_following import Following, pull_of
from opentraction.app.spine_plays import Plays
from opentraction.app.spine_process import SpineProcess
from opentraction.app.table_socket import listen
from opentraction.body.column.follow import NOTHING, Pull
from opentraction.patient import Body, Complaint, Patient
from opentraction.quantities import BadInput
from opentraction.session.edf import EdfWriter
from opentraction.session.recorder import EDF
from opentraction.session.rows import N_COLUMNS, RATE_HZ, SPINE, SPINE_HIGH, SPINE_LOW
from opentraction.twin.spine_view import somebody

UID = "0d5e3c1a-0000-4000-8000-000000000001"
OTHER = "0d5e3c1a-0000-4000-8000-000000000002"
PLAN = {"region": "lumbar", "position": "supine", "angle": 0.2}
PATIENT = {"mass_kg": 70.0, "stature_m": 1.75, "age": 45.0, "sex": "female", "disc_grade": 4, "levels": ["L5-S1"]}


def start(**plan: Any) -> dict[str, Any]:
    return {"doc": "start", "uid": UID, "plan": PLAN | plan, "patient": PATIENT}


def telemetry(t: float, force: float | None, uid: str | None = UID) -> dict[str, Any]:
    band = {"spine_low_n": None, "spine_n": None, "spine_high_n": None}
    if force is not None:
        band = {"spine_low_n": 0.9 * force, "spine_n": force, "spine_high_n": 1.05 * force}
    return {"telemetry": {"t": t, "bound": {"session": uid} if uid else None, **band}}


def process(tmp_path: Path) -> SpineProcess:
    return SpineProcess(tmp_path / "t", tmp_path)


def hear(one: SpineProcess, *messages: dict[str, Any]) -> None:
    async def story() -> None:
        for message in messages:
            one.hear(message)
            await one.settled()

    asyncio.run(story())


def test_who_is_pulled_opens_and_whoever_asks_is_told(tmp_path: Path) -> None:
    one = process(tmp_path)
    hear(one, {"document": start()}, *(telemetry(t, 12.0 * t) for t in range(1, 21)))
    told = one.answer({"do": "now", "session": UID})
    assert told["t_s"] == 20.0
    for level in told["levels"].values():
        low, middle, high = level["against_lying_mm"]
        assert 0.0 < low < middle < high
        assert level["pressure_kpa"][1] < level["pressure_lying_kpa"][1]
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_another_session_is_not_told_of(tmp_path: Path) -> None:
    one = process(tmp_path)
    assert "Nobody" in one.answer({"do": "now", "session": UID})["why"]
    hear(one, {"document": start()})
    assert "Nobody" in one.answer({"do": "now", "session": OTHER})["why"]
    assert "levels" not in one.answer({"do": "now", "session": UID})


def test_a_pull_at_the_neck_is_said_not_to_be_modelled(tmp_path: Path) -> None:
    one = process(tmp_path)
    hear(one, {"document": start(region="cervical")}, telemetry(1.0, None))
    assert "neck" in one.answer({"do": "now", "session": UID})["why"]


def test_a_session_that_had_begun_is_taken_up_from_its_log(tmp_path: Path) -> None:
    folder = tmp_path / "recordings" / UID
    folder.mkdir(parents=True)
    (folder / "documents.jsonl").write_text(json.dumps(start()) + "\n")
    one = process(tmp_path)
    hear(one, telemetry(2.0, 50.0), telemetry(4.0, 60.0))
    assert one.answer({"do": "now", "session": UID})["t_s"] == 4.0


@pytest.mark.parametrize("uid", [None, "", "../../etc/passwd", "nowhere", "..", OTHER])
def test_a_session_nobody_recorded_is_left_alone(tmp_path: Path, uid: str | None) -> None:
    one = process(tmp_path)
    hear(one, telemetry(2.0, 50.0, uid), {}, {"document": {"doc": "event"}})
    assert one.following is None
    why = one.answer({"do": "after", "session": uid or ""})["why"]
    assert ("no recording" if uid == OTHER else "UUID") in why


def test_steps_are_made_once_a_second_and_never_backwards(tmp_path: Path) -> None:
    one = Following(start(), tmp_path)
    for t in (1.0, 1.5, 0.5, 1.9):
        one.step(t, NOTHING)
    assert one.document()["t_s"] == 1.0


def test_a_time_that_was_ahead_freezes_nothing(tmp_path: Path) -> None:
    """The first time heard was another's: no picture stands still until the session is that old."""
    misled, straight = Following(start(), tmp_path), Following(start(), tmp_path)
    misled.step(137.1, NOTHING)
    for t in range(1, 13):
        for one in (misled, straight):
            one.step(float(t), Pull(8.0 * t, 9.0 * t, 10.0 * t))
        assert misled.document()["t_s"] == float(t)
    assert misled.document() == straight.document()
    assert misled.document()["levels"]["L4-L5"]["against_lying_mm"][1] > 0.0


def test_a_model_that_failed_at_a_wrong_time_is_asked_again_at_the_right_one(tmp_path: Path) -> None:
    one = Following(start(), tmp_path)
    one.step(2.0, NOTHING)
    one.why, one._t = "The model failed; its log says how.", 500.0
    one.step(3.0, NOTHING)
    assert one.document()["t_s"] == 3.0


def recording(folder: Path, force: np.ndarray) -> None:
    """A recording on the disk whose spine carries `force` [N], a sample a second."""
    rows = np.zeros((force.size * RATE_HZ, N_COLUMNS))
    rows[:, 0] = np.arange(len(rows)) / RATE_HZ
    for column, share in ((SPINE_LOW, 0.9), (SPINE, 1.0), (SPINE_HIGH, 1.1)):
        rows[:, column] = share * np.repeat(force, RATE_HZ)
    writer = EdfWriter(folder / EDF, datetime(2026, 1, 1, tzinfo=UTC), UID, simulated=True, sync=False)
    writer.rows(rows)
    writer.finish()


def test_what_was_not_heard_is_read_from_the_recording(tmp_path: Path) -> None:
    """While bodies are made or the kernels compiled nobody listens; the pull of that time is not drawn as one line."""
    force = np.interp(np.arange(101.0), [0.0, 10.0, 90.0, 100.0], [0.0, 250.0, 250.0, 0.0])
    recording(tmp_path, force)
    late, deaf = Following(start(), tmp_path), Following(start(), tmp_path / "nowhere")
    for one in (late, deaf):
        one.step(1.0, NOTHING)
        one.step(105.0, NOTHING)
        assert one.document()["t_s"] == 105.0
    left = [one.document()["levels"]["L4-L5"]["against_lying_mm"][1] for one in (late, deaf)]
    assert left[0] > 0.02
    assert left[1] == 0.0


def test_everything_is_compiled_before_anybody_lies_down(tmp_path: Path) -> None:
    """In a process of its own: here the tests before have compiled it all."""
    done = subprocess.run([sys.executable, "-c", COMPILED], capture_output=True, text=True, check=True)
    warm, followed = map(int, done.stdout.split())
    assert warm == followed > 0


COMPILED = f"""
import sys
from pathlib import Path
from opentraction.app import spine_following
from opentraction.body.column.follow import NOTHING
from opentraction.body.column.follow import Pull

def kernels():
    rooms = [one for name, one in sys.modules.items() if name.startswith("opentraction.body")]
    parts = {{id(part): part for room in rooms for part in vars(room).values() if hasattr(part, "signatures")}}
    return sum(len(part.signatures) for part in parts.values())

spine_following.warmed()
warm = kernels()
one = spine_following.Following({{"uid": "", "plan": {PLAN}, "patient": {PATIENT}}}, Path("nowhere"))
one.step(1.0, NOTHING)
one.step(2.0, Pull(90.0, 100.0, 110.0))
one._follower.rise()
one._follower.step(NOTHING, 10.0)
print(warm, kernels())
"""


def test_the_process_begins_by_compiling_and_hears_the_table_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, compiled = threading.Event(), threading.Event()

    def compiling() -> None:
        assert go.wait(10.0)
        compiled.set()

    monkeypatch.setattr(spine_following, "warmed", compiling)

    async def story() -> None:
        one = process(tmp_path)
        one.warm()
        one.hear({"document": start()})
        one.hear(telemetry(1.0, 50.0))
        assert "being made ready" in one.answer({"do": "now", "session": UID})["why"]
        assert not compiled.is_set()
        go.set()
        await one.settled()
        assert compiled.is_set()
        one.hear(telemetry(2.0, 50.0))
        await one.settled()
        assert one.answer({"do": "now", "session": UID})["t_s"] == 2.0

    asyncio.run(story())


def test_a_model_that_cannot_be_made_ready_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spine_following, "follower_of", broken)
    spine_following.warmed()


def test_a_force_that_is_not_known_stays_what_it_was(tmp_path: Path) -> None:
    known, unknown = Following(start(), tmp_path), Following(start(), tmp_path)
    for t in range(1, 8):
        known.step(float(t), Pull(90.0, 100.0, 105.0))
        unknown.step(float(t), Pull(90.0, 100.0, 105.0) if t < 4 else None)
    assert unknown.document() == known.document()
    assert pull_of(telemetry(1.0, None)["telemetry"]) is None
    assert pull_of(telemetry(1.0, 100.0)["telemetry"]) == Pull(90.0, 100.0, 105.0)


def test_what_is_kept_of_another_recording_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "documents.jsonl").write_text('{"sha256": "a"}\n')
    (tmp_path / spine_file.NAME).write_text(json.dumps({"of": {"model": "other", "log": "a"}}))
    assert spine_file.kept(tmp_path) is None
    (tmp_path / spine_file.NAME).write_text("{")
    assert spine_file.kept(tmp_path) is None


async def _asked(one: SpineProcess, line: bytes) -> dict[str, Any]:
    own = one.data / "s"
    task = asyncio.create_task(one.run(listen(own, "--own", socket.SOCK_STREAM)))
    reader, writer = await asyncio.open_unix_connection(str(own))
    writer.write(line)
    told = json.loads(await reader.readline())
    writer.close()
    task.cancel()
    return dict(told)


def test_its_socket_is_its_owners_and_takes_nothing_elses_place(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with listen(path, "--own", socket.SOCK_STREAM):
        assert path.stat().st_mode & 0o777 == 0o600
        with pytest.raises(BadInput, match="no other process listens"):
            listen(path, "--own", socket.SOCK_STREAM)
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    with pytest.raises(BadInput, match="nothing but an old socket"):
        listen(notes, "--own", socket.SOCK_STREAM)
    assert notes.read_text() == "mine"


@pytest.mark.parametrize("patient", [{"pseudonym": "A", "mass_kg": 70.0}, PATIENT | {"disc_grade": "worn"}])
def test_a_patient_it_cannot_read_is_said_and_the_next_one_is_followed(tmp_path: Path, patient: dict[str, Any]) -> None:
    one = process(tmp_path)
    hear(one, {"document": start() | {"patient": patient}}, telemetry(1.0, 50.0))
    assert "failed" in one.answer({"do": "now", "session": UID})["why"]
    hear(one, {"document": start() | {"uid": OTHER}}, telemetry(1.0, 50.0, OTHER))
    assert "levels" in one.answer({"do": "now", "session": OTHER})


def test_a_grade_is_that_of_the_levels_complained_of_as_a_document_tells_them() -> None:
    told = Patient("A", Body(70.0, 1.75, 45.0, "female", 5), Complaint("lumbar", ("L5-S1",))).document()
    assert somebody(told).grades == (None, None, None, None, None, 5.0)
    assert somebody(told | {"levels": []}).grades == (5.0,) * 6


def recorded(folder: Path, *documents: dict[str, Any]) -> Path:
    folder.mkdir(parents=True)
    (folder / "documents.jsonl").write_text("".join(json.dumps(one) + "\n" for one in documents))
    return folder


def test_a_session_still_on_the_table_is_not_played(tmp_path: Path) -> None:
    folder = recorded(tmp_path / UID, start(), {"doc": "event"})
    assert "still on the table" in Plays().asked(UID, folder)["why"]
    (folder / "documents.jsonl").write_text("[1]\n")
    assert "still on the table" in Plays().asked(UID, folder)["why"]


def test_what_goes_wrong_is_said_without_a_path_and_tried_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, now, troubles = recorded(tmp_path / UID, start(), {"doc": "stop"}), [0.0], [0]

    def full(folder: Path, heard: Any) -> None:
        troubles[0] += 1
        raise OSError(28, "No space left on device", str(folder))

    monkeypatch.setattr(spine_plays, "keep", full)
    plays = Plays(lambda: now[0])
    assert plays.asked(UID, folder) == {"share": 0.0}
    plays.settled()
    why = plays.asked(UID, folder)["why"]
    assert "No space" in why
    assert str(tmp_path) not in why
    now[0] = spine_plays.FORGOTTEN_S + 1.0
    assert plays.asked(UID, folder) == {"share": 0.0}
    plays.settled()
    assert troubles == [2]


def test_what_waits_to_be_played_is_given_up_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    began, played = threading.Event(), []

    def endless(folder: Path, heard: Any) -> None:
        began.set()
        while True:
            heard(0.5)
            played.append(folder)

    monkeypatch.setattr(spine_plays, "keep", endless)
    plays = Plays()
    for uid in (UID, OTHER):
        plays.begin(uid, tmp_path / uid)
    assert began.wait(10.0)
    plays.end()
    plays._worker.shutdown(wait=True)
    assert tmp_path / OTHER not in played


@pytest.mark.parametrize("line", [b"\n", b"[]\n", b"{\n", b'{"do": "else"}\n', b"x" * 5000 + b"\n"])
def test_nonsense_gets_a_sentence(tmp_path: Path, line: bytes) -> None:
    assert "allowed" in asyncio.run(_asked(process(tmp_path), line))["why"]
