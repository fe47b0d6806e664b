"""Compiled kernels: kept where they can be, and where not the work goes on."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path

import pytest

from opentraction.app.compiling_once import say_if_compiling
from opentraction.body.compiling import kept, will_compile


def doubled(x: float) -> float:
    return 2.0 * x


def full(*_what: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_kernel_is_kept_and_is_compiled_once(tmp_path: Path) -> None:
    one = kept(doubled, tmp_path / "kernels")
    assert will_compile(one)
    assert one(2.0) == 4.0
    assert not will_compile(one)
    assert not will_compile(kept(doubled, tmp_path / "kernels")), "another process finds it"


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "kernels").write_text("a file where a folder should be", "utf-8")
    one = kept(doubled, tmp_path / "kernels")
    assert one(2.0) == 4.0
    assert [file.name for file in tmp_path.iterdir()] == ["kernels"]


def test_where_numba_may_not_compile_the_function_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("numba.config.DISABLE_JIT", True)
    one = kept(doubled, tmp_path / "kernels")
    assert one is doubled
    assert not will_compile(one)


@pytest.mark.parametrize("act", ["save_overload", "load_overload"])
def test_a_full_disk_is_said_with_its_folder_and_the_work_goes_on(
    act: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = kept(doubled, tmp_path / "kernels")
    monkeypatch.setattr(one._cache._of, act, full)  # type: ignore[attr-defined]
    with caplog.at_level(logging.WARNING):
        assert one(2.0) == 4.0
    assert str(tmp_path / "kernels") in caplog.text
    assert "No space left on device" in caplog.text


@pytest.mark.parametrize("terminal", [True, False])
def test_the_first_compiling_is_said_at_a_terminal(
    terminal: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one = kept(doubled, tmp_path / "kernels")
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal, raising=False)
    say_if_compiling(one)
    assert ("Compiling the model, once: about half a minute" in capsys.readouterr().err) is terminal
    one(2.0)
    say_if_compiling(one)
    assert capsys.readouterr().err == ""
