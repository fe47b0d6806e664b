"""The process that follows the modelled spine: what it hears, what it answers, and that nothing it meets ends it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from opentraction.app import spine_file
from opentraction.app.spine_following import Following, pull_of
from opentraction.app.spine_process import SpineProcess
from opentraction.body.column.follow import NOTHING, Pull

UID = "0d5e3c1a-0000-4000-8000-000000000001"
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
    return SpineProcess(tmp_path / "t", tmp_path / "s", tmp_path)


def hear(one: SpineProcess, *messages: dict[str, Any]) -> None:
    async def story() -> None:
        for message in messages:
            await one.hear(message)

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
    assert "nobody" in one.answer({"do": "now", "session": UID})["why"]
    hear(one, {"document": start()})
    assert "nobody" in one.answer({"do": "now", "session": "another"})["why"]
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


@pytest.mark.parametrize("uid", [None, "", "../../etc/passwd", "nowhere"])
def test_a_session_nobody_recorded_is_left_alone(tmp_path: Path, uid: str | None) -> None:
    one = process(tmp_path)
    hear(one, telemetry(2.0, 50.0, uid), {}, {"document": {"doc": "event"}})
    assert one.following is None
    assert "no recording" in one.answer({"do": "after", "session": uid or ""})["why"]


def test_steps_are_made_once_a_second_and_never_backwards(tmp_path: Path) -> None:
    one = Following(start(), tmp_path)
    for t in (1.0, 1.5, 0.5, 1.9):
        one.step(t, NOTHING)
    assert one.document()["t_s"] == 1.0


def test_a_force_that_is_not_known_is_no_pull() -> None:
    assert pull_of(telemetry(1.0, None)["telemetry"]) == NOTHING
    assert pull_of(telemetry(1.0, 100.0)["telemetry"]) == Pull(90.0, 100.0, 105.0)


def test_what_is_kept_of_another_recording_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "documents.jsonl").write_text('{"sha256": "a"}\n')
    (tmp_path / spine_file.NAME).write_text(json.dumps({"of": {"model": "other", "log": "a"}}))
    assert spine_file.kept(tmp_path) is None
    (tmp_path / spine_file.NAME).write_text("{")
    assert spine_file.kept(tmp_path) is None


async def _asked(one: SpineProcess, line: bytes) -> dict[str, Any]:
    task = asyncio.create_task(one.run())
    while not one.own.exists():
        await asyncio.sleep(0)
    reader, writer = await asyncio.open_unix_connection(str(one.own))
    writer.write(line)
    told = json.loads(await reader.readline())
    writer.close()
    task.cancel()
    return dict(told)


@pytest.mark.parametrize("line", [b"\n", b"[]\n", b"{\n", b'{"do": "else"}\n', b"x" * 5000 + b"\n"])
def test_nonsense_gets_a_sentence(tmp_path: Path, line: bytes) -> None:
    assert "allowed" in asyncio.run(_asked(process(tmp_path), line))["why"]
