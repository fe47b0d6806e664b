"""No line of the guard, and no way out of one, that its own tests do not take; and what it is, said aloud."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.mutant_runs import GUARDS, INI, ROOT

GUARD = "src/opentraction/guard"


def covered(folder: Path) -> dict[str, Any]:
    """What the guard's own tests run of it, in plain Python in a process of its own, as coverage tells it."""
    (ini := folder / "pytest.ini").write_text(INI, "utf-8")
    data, out = folder / "data", folder / "coverage.json"
    environment = {
        **os.environ,
        "NUMBA_DISABLE_JIT": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))),
    }
    run = ["run", "--branch", f"--source={ROOT / GUARD}", f"--data-file={data}", "-m", "pytest", "-q"]
    pytest = ["-c", str(ini), "--rootdir", str(ROOT), "--noconftest", "-p", "no:cacheprovider", *GUARDS]
    for arguments in ([*run, *pytest], ["json", f"--data-file={data}", "-o", str(out)]):
        done = subprocess.run(
            [sys.executable, "-m", "coverage", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    told: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return told


def test_its_own_tests_take_every_line_and_every_way_of_the_guard(tmp_path: Path) -> None:
    told = covered(tmp_path)
    files = {str(Path(ROOT, name).resolve().relative_to(ROOT / GUARD)): one for name, one in told["files"].items()}
    assert set(files) == {path.name for path in (ROOT / GUARD).glob("*.py")}
    missing = {name: one["missing_lines"] for name, one in files.items() if one["missing_lines"]}
    ways = {name: one["missing_branches"] for name, one in files.items() if one["missing_branches"]}
    for name, one in files.items():
        print(name, one["summary"])
    print(*runpy.run_path(str(ROOT / "scripts" / "guard_page.py"))["size"](), sep="\n")
    assert not missing, f"lines that no test of the guard runs: {missing}"
    assert not ways, f"ways [from line, to line] that no test of the guard takes: {ways}"
    assert told["totals"]["num_branches"] > 50
