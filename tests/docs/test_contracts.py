"""The walls of the house stand: import contracts, and the guard's own imports one by one."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ROOT / "src" / "opentraction"
LINTER = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path, source: Path, config: str) -> subprocess.CompletedProcess[str]:
    file = folder / "contracts.toml"
    file.write_text(config, "utf-8")
    return subprocess.run(
        [LINTER, "--config", str(file), "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )


def contracts() -> str:
    return (ROOT / "pyproject.toml").read_text("utf-8")


def test_the_contracts_are_kept(tmp_path: Path) -> None:
    done = lint(tmp_path, ROOT / "src", contracts())
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


ROOF = ("app", "clinic", "care", "twin", "session", "prescription", "screening")
FLOOR = ("patient", "table", "table/virtual", "control", "guard", "body", "quantities", "drawing", "paper")
BREACHES = {
    "quantities/breach.py": "import opentraction.patient",
    "patient/breach.py": "import opentraction.table",
    "body/breach.py": "import opentraction.control",
    "control/breach.py": "import opentraction.prescription",
    "guard/breach.py": "import numpy",
    "prescription/breach.py": "import opentraction.table",
    "session/breach.py": "import opentraction.table.virtual",
    "session/another.py": "import opentraction.body",
    "twin/breach.py": "import django",
    "clinic/breach.py": "import opentraction.guard",
    "drawing/breach.py": "import opentraction.quantities",
    "paper/breach.py": "import opentraction.patient",
    "screening/breach.py": "import opentraction.prescription",
    "care/breach.py": "import django",
    "care/another.py": "import opentraction.twin",
    "ballroom/__init__.py": "",
}


@pytest.mark.parametrize("place", BREACHES)
def test_a_breach_is_seen(place: str, tmp_path: Path) -> None:
    """A copy of the house as empty rooms, with one import through a wall."""
    house = tmp_path / "src" / "opentraction"
    for room in ROOF + FLOOR:
        (house / room).mkdir(parents=True)
        (house / room / "__init__.py").touch()
    (house / "__init__.py").touch()
    assert lint(tmp_path, tmp_path / "src", contracts()).returncode == 0
    (house / place).parent.mkdir(exist_ok=True)
    (house / place).write_text(BREACHES[place], "utf-8")
    assert lint(tmp_path, tmp_path / "src", contracts()).returncode == 1


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield node.module or ""


def of_room(room: str) -> set[tuple[str, str]]:
    """(file, imported name) for every import in a room."""
    found = {(file.name, name) for file in sorted((ROOMS / room).rglob("*.py")) for name in imported(file)}
    assert found
    return found


def test_the_guard_speaks_the_shared_language_and_the_standard_library() -> None:
    for file, name in of_room("guard"):
        ours = name.startswith(("opentraction.quantities", "opentraction.guard"))
        assert ours or name.split(".")[0] in sys.stdlib_module_names, f"{file} imports {name}"


@pytest.mark.parametrize("room", ["control", "guard"])
def test_what_runs_on_the_table_does_not_know_the_compiler(room: str) -> None:
    assert {(file, name) for file, name in of_room(room) if name.split(".")[0] in {"numba", "llvmlite"}} == set()
