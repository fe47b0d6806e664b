"""Taking recordings in: again and again, in any order, beside copies, while the database is locked, gone or full."""

from __future__ import annotations

import hashlib
import random
import shutil
import threading
import time
from pathlib import Path

import pytest

from tests.durability.figures import FULL, tell_figure
from tests.durability.nursery_client import OUTCOMES, Nursery, asked, copied, whole
from tests.postgres_server import PostgresServer, tools

Clinic = tuple[Path, list[str]]
ACTS = "SELECT subject FROM clinic_auditrow WHERE act = 'take in recording' ORDER BY id"


@pytest.fixture
def calm(nursery: Nursery, clinic: Clinic, tmp_path: Path) -> list[tuple[object, ...]]:
    """The outcomes when nothing disturbs."""
    data = copied(clinic[0], tmp_path / "calm")
    nursery.do("take in", data)
    return asked(data, OUTCOMES)


def test_ten_times_in_any_order_and_twice_it_is_the_same(
    nursery: Nursery, clinic: Clinic, calm: list[tuple[object, ...]], tmp_path: Path
) -> None:
    template, names = clinic
    hashes = set()
    for number in range(10):
        chance = random.Random(number)
        data = copied(template, tmp_path / "again")
        (data / "recordings").unlink()
        (data / "recordings").mkdir()
        arriving = [*names, *(f"{name} copy" for name in chance.sample(names, 3))]
        chance.shuffle(arriving)
        # A copy that sorts behind its original must not come first, or the row would name the copy's folder.
        arriving.sort(key=lambda name: name.endswith("copy"))
        for count, name in enumerate(arriving):
            shutil.copytree(template / "recordings" / name.removesuffix(" copy"), data / "recordings" / name)
            if chance.random() < 0.4 or count == len(arriving) - 1:
                nursery.do("take in", data)
        nursery.do("take in", data)
        assert asked(data, OUTCOMES) == calm
        assert len(asked(data, ACTS)) == len(names)
        whole(data)
        hashes.add(hashlib.sha256(repr(asked(data, OUTCOMES)).encode()).hexdigest())
    assert len(hashes) == 1
    tell_figure("D7 import", times=10, rows=len(names), hashes=len(hashes))


def test_a_database_locked_for_a_minute_loses_nothing_and_fills_in_order(
    nursery: Nursery, clinic: Clinic, calm: list[tuple[object, ...]], tmp_path: Path
) -> None:
    data = copied(clinic[0], tmp_path / "locked")
    said, _ = nursery.do("take in when there", data)
    assert [line for line in said if line.startswith("waited")][-1] == "waited 60"
    assert asked(data, OUTCOMES) == calm
    assert _in_order(data, clinic[1])
    tell_figure("D6 locked", locked_s=60, lost=0, taken_in=len(calm))


def _in_order(data: Path, names: list[str]) -> bool:
    """Whether the oldest session was taken in first."""
    order = [str(subject) for (subject,) in asked(data, ACTS)]
    return [next(name for name in names if name in subject) for subject in order] == names


@pytest.mark.slow
def test_a_postgresql_that_was_stopped_is_filled_when_it_is_back(tmp_path: Path) -> None:
    if not FULL:
        pytest.skip("takes half a minute: OPENTRACTION_KILLS=1000 runs it")
    if tools() is None:
        pytest.skip("needs PostgreSQL")
    server = PostgresServer()
    server.start()
    nursery = Nursery(tmp_path, server.address)
    try:
        nursery.do("waiting", tmp_path)
        server.kill()
        back = threading.Thread(target=_back_once_waited_for, args=(tmp_path / "waiting", server))
        back.start()
        nursery.do("take in at last", tmp_path)
        back.join()
        said, _ = nursery.do("outcomes", tmp_path)
    finally:
        nursery.close()
        server.close()
    assert len(said) == 7
    assert not any('""' in line for line in said)
    tell_figure("D6 PostgreSQL stopped", lost=0, taken_in=len(said) - 1)


def _back_once_waited_for(waiting: Path, server: PostgresServer) -> None:
    end = time.monotonic() + 60.0
    while not waiting.exists() and time.monotonic() < end:
        time.sleep(0.05)
    server.start()


def test_a_full_disk_refuses_whole_acts_and_all_follow_when_there_is_room(
    nursery: Nursery, clinic: Clinic, calm: list[tuple[object, ...]], tmp_path: Path
) -> None:
    template, _ = clinic
    # Acts are written at the end of the log beside the database: a limit stops it at a write of its own.
    size = (template / "clinic.sqlite3-wal").stat().st_size
    limits = range(size, size + 420_000, 2048 if FULL else 69_000)
    refused = 0
    for most in limits:
        data = copied(template, tmp_path / "full")
        said, _ = nursery.do("take in or say why", data, most=most)
        refused += any(line.startswith("refused") for line in said)
        whole(data)
        taken = asked(data, "SELECT count(*) FROM clinic_treatmentsession WHERE ending <> ''")[0][0]
        assert taken == len(asked(data, ACTS)), "an act and its row stand or fall together"
        assert sum(line.startswith("taken") for line in said) <= taken
        nursery.do("take in", data)
        assert asked(data, OUTCOMES) == calm
    assert 0 < refused < len(limits)
    tell_figure("D4 database", limits=len(limits), refused=refused)
