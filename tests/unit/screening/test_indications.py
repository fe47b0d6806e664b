"""What a pull might be for: each cut-off from both sides, in words that promise nothing."""

from __future__ import annotations

from typing import Any

import pytest

from opentraction.screening import screen
from tests.spec.screening_cases import TODAY, intake_of

LEG = [{"place": "S1", "side": "left", "kind": "pain", "score": 6}]
ROOT = {"body_chart": LEG, "slr_left": 40}
TRIAL = {**ROOT, "oswestry": 30}
NECK = {"neck_tests": ["abduction", "upper_limb"]}

CASES: list[tuple[str, str, dict[str, Any], bool]] = [
    ("P1", "man", {"imaging_findings": ["extrusion"]}, True),
    ("P1", "man", {"imaging_findings": ["facet"]}, False),
    ("P2", "man", {"body_chart": LEG, "slr_left": 70}, True),
    ("P2", "man", {"body_chart": LEG, "slr_left": 71}, False),
    ("P2", "man", {"body_chart": LEG, "slr_right": 70}, True),
    ("P2", "man", {"slr_left": 40}, False),
    ("P3", "man", {"imaging_findings": ["degeneration"]}, True),
    ("P4", "man", {"imaging_findings": ["facet"]}, True),
    ("P4", "man", {"imaging_findings": "unknown"}, False),
    ("P5", "man", {}, True),
    ("P5", "man", {"body_chart": LEG}, False),
    ("P6", "neck", {}, True),
    ("P6", "neck", {"body_chart": [{"place": "C7", "side": "left", "kind": "tingling", "score": 2}]}, True),
    ("P6", "man", {}, False),
    ("G1", "man", {"crossed_slr": True, "crossed_slr_angle": 70}, True),
    ("G1", "man", {"crossed_slr": True, "crossed_slr_angle": 71}, False),
    ("G1", "man", {"repeated_movements": "peripheralises", "extension_tests": ["sustained_prone"]}, True),
    ("G1", "man", {"repeated_movements": "peripheralises", "extension_tests": []}, False),
    ("G2", "man", {**TRIAL, "age": 18}, True),
    ("G2", "man", {**TRIAL, "age": 60}, True),
    ("G2", "man", {**TRIAL, "age": 61}, False),
    ("G2", "man", {**ROOT, "oswestry": 29}, False),
    ("G2", "man", {**TRIAL, "slr_left": 71}, False),
    ("G2", "man", {**TRIAL, "slr_left": 70}, True),
    ("G3", "neck", {**NECK, "age": 55}, True),
    ("G3", "neck", {**NECK, "age": 54}, False),
    ("G3", "neck", {"neck_tests": ["abduction", "upper_limb", "distraction"], "age": 30}, True),
    ("G4", "man", {"care_weeks": 3}, True),
    ("G4", "man", {"care_weeks": 2}, False),
    ("G5", "man", {"repeated_movements": "centralises"}, True),
    ("G5", "man", {"repeated_movements": "no_change"}, False),
]


@pytest.mark.parametrize(("which", "base", "answers", "holds"), CASES)
def test_it_holds_or_not(which: str, base: str, answers: dict[str, Any], holds: bool) -> None:
    told = screen(intake_of({"base": base, "answers": answers}), today=TODAY).indications
    assert (which in {one["id"] for one in told}) is holds


def test_the_best_studied_comes_first_and_subgroups_predict_nothing() -> None:
    told = screen(intake_of({"answers": {**TRIAL, "care_weeks": 9}}), today=TODAY).indications
    assert [one["id"] for one in told] == ["P2", "P1", "G2", "G4"]
    assert {one["strength"] for one in told if one["id"].startswith("G")} == {"not a proven predictor"}
