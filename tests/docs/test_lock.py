"""The lock files pin and hash everything, and name neither a registry nor a machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "requirements"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)((?: \\\n +--hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


def text(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text("utf-8")


def pins(name: str) -> dict[str, str]:
    return {match[1]: match[2] for match in PIN.finditer(text(name))}


@pytest.mark.parametrize("name", ["bootstrap", "core", "dev"])
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    rest = PIN.sub("", text(name))
    assert [line for line in rest.splitlines() if line.strip() and not line.lstrip().startswith("#")] == []


@pytest.mark.parametrize("name", ["bootstrap", "core", "dev"])
def test_no_address_and_no_path_is_named(name: str) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|file:|(^|[\s=])/", text(name))


@pytest.mark.parametrize("name", ["bootstrap", "core", "dev"])
def test_what_is_asked_for_is_locked(name: str) -> None:
    asked = re.findall(r"^([a-z][a-z0-9-]*)", (FOLDER / f"{name}.in").read_text("utf-8"), re.MULTILINE)
    assert set(asked) <= set(pins(name))


def test_development_adds_to_the_core_and_changes_nothing_of_it() -> None:
    assert pins("core").items() <= pins("dev").items()
