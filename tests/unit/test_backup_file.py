"""A backup with any byte altered or its end cut off is told as torn, never as an error of the system."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest

from opentraction.app.backup_file import WHOLE, Manifest, Writer, unpack
from opentraction.quantities import BadInput


@pytest.fixture(scope="module")
def good() -> bytes:
    file = io.BytesIO()
    writer = Writer(file, Manifest("2026-11-22", {"sha256": "x"}))
    writer.put(WHOLE, iter([b'{"a":1}\n' * 200]))
    writer.put("recordings/a/documents.jsonl", iter([b"hello" * 100]))
    writer.close()
    return file.getvalue()


def unpacked(data: bytes, folder: Path) -> str:
    """What it says of this file."""
    folder.mkdir()
    (folder / "x.backup").write_bytes(data)
    try:
        unpack(folder / "x.backup", folder / "out")
    except BadInput as refusal:
        return str(refusal)
    return ""


def test_a_whole_one_is_unpacked(good: bytes, tmp_path: Path) -> None:
    assert unpacked(good, tmp_path / "a") == ""
    assert (tmp_path / "a" / "out" / WHOLE).read_bytes() == b'{"a":1}\n' * 200


def test_a_damaged_one_is_refused_in_a_sentence_or_is_the_same(good: bytes, tmp_path: Path) -> None:
    """Some bytes of a ZIP mean nothing to its reader, such as its dates; what comes out is then what went in."""
    chance = random.Random(1)
    for n in range(400):
        data = bytearray(good)
        for _ in range(chance.choice([1, 1, 2, 4])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if n % 10 == 0:
            data = data[: chance.randrange(len(data))]
        said = unpacked(bytes(data), tmp_path / str(n))
        if said:
            assert said.startswith("backup"), n
        else:
            assert (tmp_path / str(n) / "out" / WHOLE).read_bytes() == b'{"a":1}\n' * 200


def test_an_offset_before_the_beginning_is_told_as_torn(good: bytes, tmp_path: Path) -> None:
    """The operating system's word for it was `Invalid argument`."""
    end = good.rindex(b"PK\x05\x06")
    data = bytearray(good)
    data[end + 16 : end + 20] = b"\xff\xff\xff\x7f"  # where its directory begins
    assert "torn or altered" in unpacked(bytes(data), tmp_path / "a")


def test_a_disk_that_is_full_is_not_told_as_a_torn_backup(
    good: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        unpacked(good, tmp_path / "a")


def test_a_file_that_is_not_there_is_not_torn(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        unpack(tmp_path / "none", tmp_path / "out")
