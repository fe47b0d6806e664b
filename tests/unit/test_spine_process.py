"""The process that follows the modelled spine: what it hears, what it answers, and that nothing it meets ends it."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from opentraction.app import spine_file, spine_plays
from opentraction.app.spine_following import Following, pull_of
from opentraction.app.spine_plays import Plays
from opentraction.app.spine_process import SpineProcess
from opentraction.app.table_socket import listen
from opentraction.body.column.follow import NOTHING, Pull
from opentraction.patient import Body, Complaint, Patient
from opentraction.quantities import BadInput
from opentraction.twin.spine_view import somebody

UID = "0d5e3c1a-0000-4000-8000-000000000001"
OTHER = "0d5e3c1a-0000-4000-8000-000000000002"
PATIENT = {"mass_kg": 70.0, "stature_m": 1.75, "age": 45.0, "sex": "female", "disc_grade": 4, "levels": ["L5-S1"]}


def start(**plan: Any) -> dict[str, Any]:
    told = {"region": "lumbar", "position": "supine", "angle": 0.2} | plan
    return {"doc": "start", "uid": UID, "plan": told, "patient": PATIENT}


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
