"""The commands in the README are run as they stand there, and leave what it says they leave."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
BLOCK = re.compile(r"^```console runnable(?: exit=(\d+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OURS = [sys.executable, "-c", "import sys; from opentraction.app.cli import main; sys.exit(main())"]


class Example(NamedTuple):
    """A command a reader may copy, and the exit code the text promises."""

    command: str
    code: int


def examples() -> list[Example]:
    return [
        Example(line.removeprefix("$ "), int(match[1] or 0))
        for match in BLOCK.finditer(README)
        for line in match[2].splitlines()
        if line.startswith("$ ")
    ]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program, *arguments = shlex.split(command)
    assert program == "opentraction"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OPENTRACTION_DATA": str(folder / "var")}
    return subprocess.run(
        [*OURS, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=180, check=False
    )


@pytest.mark.slow
@pytest.mark.parametrize("example", examples(), ids=lambda example: example.command.split()[1])
def test_an_example_does_what_the_readme_says(example: Example, tmp_path: Path) -> None:
    for name in ("examples", "README.md"):
        (tmp_path / name).symlink_to(ROOT / name)
    done = run(example.command, tmp_path)
    assert done.returncode == example.code, done.stdout[-2000:] + done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    if "--out out" in example.command:
        promised = re.findall(r"^\| `([\w.]+)` \|", README, re.MULTILINE)
        assert len(promised) >= 5
        assert [name for name in promised if not (tmp_path / "out" / name).stat().st_size] == []
    else:
        assert done.stdout.strip()


def test_the_readme_has_examples_to_run() -> None:
    assert {example.command.split()[1] for example in examples()} == {
        "rehearse",
        "treat",
        "screen",
        "estimate",
        "claims",
        "simulate",
    }


def test_every_make_target_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    named = {name for page in pages for name in re.findall(r"`(?:\$ )?make ([a-z]+)", page.read_text("utf-8"))}
    assert {"run", "test", "bench", "lint", "docs", "lock"} <= named <= targets
