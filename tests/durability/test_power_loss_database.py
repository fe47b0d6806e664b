"""Power goes at any step of SQLite's own writing: the database opens whole, with every act that was acknowledged.

SQLite's writes and syncs and those of the file beside the database are noted while recordings are taken in
(`sqlite_trace.py`) and played back as in `test_power_loss.py`. A plain run takes some steps; OPENTRACTION_KILLS=1000
all.
"""

from __future__ import annotations

import pickle
import random
import shutil
from pathlib import Path

from tests.durability.figures import FULL, tell_figure
from tests.durability.nursery_client import Nursery, asked, copied, whole
from tests.durability.power import CHOICES, SECTORS, Disk, Step, Sync, Told, Write, cuts

TAKEN = "SELECT lower(replace(id, '-', '')) FROM clinic_treatmentsession WHERE ending <> ''"
ACTS = "SELECT count(*) FROM clinic_auditrow WHERE act = 'take in recording'"


def steps_of(nursery: Nursery, template: Path, data: Path) -> list[Step]:
    copied(template, data)
    nursery.do("traced", data)
    steps: list[Step] = pickle.loads((data / "trace").read_bytes())
    return steps


def test_the_database_waits_for_the_disk(nursery: Nursery, clinic: tuple[Path, list[str]], tmp_path: Path) -> None:
    """As its connection says, and as SQLite does: a sync between the last write of an act and its acknowledgement."""
    said, _ = nursery.do("settings", copied(clinic[0], tmp_path / "set"))
    assert said == ["journal_mode wal", "synchronous 2", "foreign_keys 1"]
    steps = steps_of(nursery, clinic[0], tmp_path / "one")
    for at, step in enumerate(steps):
        if isinstance(step, Told) and str(step.what).startswith("taken"):
            before = [one for one in steps[:at] if isinstance(one, Write | Sync) and one.file >= 500]
            assert isinstance(before[-1], Sync)


def test_the_database_opens_after_a_cut_at_every_step(
    nursery: Nursery, clinic: tuple[Path, list[str]], tmp_path: Path
) -> None:
    root = tmp_path / "one"
    steps, states, audited = steps_of(nursery, clinic[0], root), 0, 0
    for number, disk in cuts(steps, root, every=1 if FULL else 61, first=5 if not FULL else 0):
        if number < 20:  # the database as it stood is still being laid down
            continue
        for sector in SECTORS:
            for choice in CHOICES:
                folder = tmp_path / "left"
                disk.leave(folder, choice, sector, random.Random(f"{number} {sector} {choice}"))
                try:
                    _check(folder, disk)
                    if states % (50 if FULL else 20) == 0:
                        audited += 1
                        assert nursery.do("audit", folder)[0] == ["broken None"]
                except Exception as error:
                    error.add_note(f"step {number} of {len(steps)}, {choice}, {sector} bytes")
                    raise
                states += 1
                shutil.rmtree(folder)
    tell_figure("D2 database", steps=len(steps), states=states, audited=audited)


def _check(folder: Path, disk: Disk) -> None:
    whole(folder)
    told = {str(one).split()[1].replace("-", "") for one in disk.told if str(one).startswith("taken")}
    taken = {str(name) for (name,) in asked(folder, TAKEN)}
    assert told <= taken
    assert asked(folder, ACTS) == [(len(taken),)]
