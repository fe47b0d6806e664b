"""SAFETY.md is drawn from data, and nothing hangs loose at either end."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from opentraction.twin.campaign.faults import FAULTS

ROOT = Path(__file__).parents[2]
HAZARDS: dict[str, Any] = tomllib.loads((ROOT / "docs" / "engineer" / "hazards.toml").read_text("utf-8"))


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("safety_page", ROOT / "scripts" / "safety_page.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_page_is_what_the_data_say() -> None:
    assert (ROOT / "SAFETY.md").read_text("utf-8") == script().page(), "run scripts/safety_page.py"


def test_all_46_hazards_are_there_in_order() -> None:
    assert list(HAZARDS) == [f"H{n}" for n in range(1, 47)]


@pytest.mark.parametrize("name", list(HAZARDS))
def test_a_hazard_says_what_stands_against_it_and_where(name: str) -> None:
    one = HAZARDS[name]
    assert all(one[key] for key in ("hazard", "by", "required", "against"))
    assert 1 <= one["severity"] <= 5
    assert one["state"] in {"met", "partly", "open"}
    assert one.get("open") or one["state"] == "met", "what is open has to be said"
    assert (one["code"] and one["tests"]) or one["state"] == "open"
    for path in one["code"]:
        assert (ROOT / "src" / "opentraction" / path).is_file(), path
    for path in one["tests"]:
        assert (ROOT / "tests" / path).is_file(), path


def test_each_fault_of_the_campaign_belongs_to_a_hazard() -> None:
    assert {fault.hazard for fault in FAULTS} <= set(HAZARDS)


def test_each_safety_test_belongs_to_a_hazard() -> None:
    named = {path for one in HAZARDS.values() for path in one["tests"]}
    there = {f"safety/{path.name}" for path in (ROOT / "tests" / "safety").glob("test_*.py")}
    assert there - named == set()


def test_each_file_of_the_guard_belongs_to_a_hazard() -> None:
    named = {path for one in HAZARDS.values() for path in one["code"]}
    there = {f"guard/{path.name}" for path in (ROOT / "src" / "opentraction" / "guard").glob("*.py")} - {
        "guard/__init__.py"
    }
    assert there - named == set()
