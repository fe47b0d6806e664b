"""Mutants let loose: each in a process of its own, in plain Python, against tests that have to notice.

The process is forked from one that has already loaded whatever is not ours, so that a mutant takes about as long as its
tests. The module is mutated as it is imported; no file is touched.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.abc
import importlib.machinery
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import NamedTuple

from tests.mutating import Mutant, Types, mutants, types_of

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "opentraction"
LONGEST = 120
"""[s] that a mutant is given; longer counts as noticed: a test that never ends is red."""
INI = "[pytest]\naddopts = --import-mode=importlib\n"
GUARDS = (
    "tests/safety/test_guard_limits.py",
    "tests/safety/test_guard_words.py",
    "tests/safety/test_guard_lets_out.py",
    "tests/safety/test_guard_stands_alone.py",
)
"""The guard's own tests, the quickest first."""
TESTS: dict[str, tuple[str, ...]] = {
    "guard/step.py": GUARDS,
    "guard/supervise.py": (GUARDS[1], GUARDS[0], *GUARDS[2:]),
    "guard/let_out.py": GUARDS,
    "control/transitions.py": ("tests/safety/test_transition_cells.py", "tests/safety/test_transitions.py"),
    "table/two_words.py": ("tests/unit/test_two_words.py",),
}
"""What is mutated, and the tests that have to notice: those that need no simulated session."""


class Ran(NamedTuple):
    """What became of a mutant."""

    mutant: Mutant
    killed: bool
    too_long: bool


class Swapped(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, with other code in it."""

    def __init__(self, name: str, code: CodeType, file: Path) -> None:
        self.name, self.code, self.file = name, code, file

    def find_spec(self, fullname: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        """The mutated module's, for no other name."""
        if fullname != self.name:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=str(self.file))

    def exec_module(self, module: ModuleType) -> None:
        """Run the mutated code."""
        exec(self.code, module.__dict__)


def module_of(file: str) -> str:
    """The dotted name of a file in `opentraction`."""
    return "opentraction." + file.removesuffix(".py").replace("/", ".")


def text_of(file: str) -> str:
    """The text of a file in `opentraction`."""
    return (SOURCE / file).read_text("utf-8")


def known_types() -> Types:
    """What the functions and NamedTuples of all mutated files take."""
    return {name: kinds for file in TESTS for name, kinds in types_of(ast.parse(text_of(file))).items()}


def mutants_of(file: str) -> Iterator[Mutant]:
    """Every mutant of a file."""
    return mutants(text_of(file), str(SOURCE / file), known_types())


def fingerprint(file: str) -> str:
    """SHA-256 of what a file says to the machine: comments and docstrings may change."""
    tree = ast.parse(text_of(file))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [s for s in body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]  # type: ignore[attr-defined]
    return hashlib.sha256(ast.unparse(tree).encode()).hexdigest()


def warm() -> None:
    """Load what the tests need and is not mutated; numbers are drawn in the same order each time."""
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "NUMBA_DISABLE_JIT": "1", "OPENBLAS_NUM_THREADS": "1"}
    sys.path[:0] = [one for one in (str(ROOT), str(ROOT / "src")) if one not in sys.path]
    import numpy as np  # noqa: F401
    import pytest  # noqa: F401
    from hypothesis import settings

    from opentraction import quantities  # noqa: F401

    settings.register_profile("mutants", deadline=None, derandomize=True, database=None)
    settings.load_profile("mutants")
    early = [name for name in sys.modules if name.startswith(tuple(module_of(file) for file in TESTS))]
    assert not early, f"loaded before they can be mutated: {early}"


def run_one(file: str, code: CodeType | None, tests: Sequence[str], ini: Path) -> tuple[bool, bool]:
    """Whether the tests notice, and whether they had to be ended. Without code: the file as it is."""
    child = os.fork()
    if child == 0:
        try:
            _child(file, code, tests, ini)
        finally:
            os._exit(70)
    _, status = os.waitpid(child, 0)
    too_long = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
    return status != 0, too_long


def _child(file: str, code: CodeType | None, tests: Sequence[str], ini: Path) -> None:
    import pytest

    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.chdir(ROOT)
    signal.alarm(LONGEST)
    if code is not None:
        sys.meta_path.insert(0, Swapped(module_of(file), code, SOURCE / file))
    os._exit(int(pytest.main(["-x", "-q", "-c", str(ini), "--rootdir", str(ROOT), "-p", "no:cacheprovider", *tests])))


def run_all(file: str, chosen: Sequence[Mutant], ini: Path) -> Iterator[Ran]:
    """Let mutants of a file loose, one after the other. Raises AssertionError where the tests are red without any."""
    ini.write_text(INI, "utf-8")
    assert run_one(file, None, TESTS[file], ini) == (False, False), f"the tests of {file} are red without a mutant"
    for mutant in chosen:
        yield Ran(mutant, *run_one(file, mutant.make(), TESTS[file], ini))
