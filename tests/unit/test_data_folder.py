"""The clinic's folder holds names and birth dates: nobody but its owner looks into it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from opentraction.app.data_folder import DATABASE, OWNER_ONLY, data_folder
from opentraction.app.settings import _secret_key
from opentraction.quantities import BadInput


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture(autouse=True)
def _usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_new_folder_is_its_owners_alone(tmp_path: Path) -> None:
    assert mode(data_folder(tmp_path / "a" / "clinic")) == 0o700


def test_an_empty_folder_becomes_its_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "clinic").mkdir(mode=0o755)
    assert mode(data_folder(tmp_path / "clinic")) == 0o700


def test_a_clinic_of_before_is_closed(tmp_path: Path) -> None:
    clinic = tmp_path / "clinic"
    clinic.mkdir(mode=0o755)
    for name in DATABASE:
        (clinic / name).write_bytes(b"names")
    data_folder(clinic)
    assert mode(clinic) == 0o700
    assert {mode(clinic / name) for name in DATABASE} == {0o600}


def test_a_folder_with_other_things_is_left_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    (shared / "letter.txt").write_text("mine")
    data_folder(shared)
    assert (mode(shared), mode(shared / "letter.txt")) == (0o755, 0o644)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(BadInput, match=r"--data = .*a folder that can be written"):
        data_folder(tmp_path / "file")


def test_what_the_processes_write_is_their_owners_alone(tmp_path: Path) -> None:
    write = "import sys; open(sys.argv[1], 'w').close()"
    subprocess.run([sys.executable, "-c", write, str(tmp_path / "it")], check=True, umask=OWNER_ONLY)
    assert mode(tmp_path / "it") == 0o600


def test_a_folder_that_the_settings_make_is_closed_too(tmp_path: Path) -> None:
    _secret_key(tmp_path / "clinic")
    assert mode(tmp_path / "clinic") == 0o700
