"""One nursery for all tests that kill, and the clinics they begin with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.nursery_client import Nursery


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    made = Nursery(tmp_path_factory.mktemp("nursery"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def old(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic whose database lacks the last migrations."""
    data = tmp_path_factory.mktemp("old")
    nursery.do("old", data)
    (data / "recordings").mkdir()
    return data


@pytest.fixture(scope="session")
def clinic(nursery: Nursery, old: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A clinic with recordings that wait to be taken in, and the names of their sessions, oldest first."""
    data = tmp_path_factory.mktemp("waiting")
    shutil.copy(old / "clinic.sqlite3", data)
    said, _ = nursery.do("waiting", data)
    return data, json.loads(said[0].split(" ", 1)[1])
