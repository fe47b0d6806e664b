"""The letter: to whom, what it says, one page of PDF/A with the same bytes each time."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pypdf
import pytest

from opentraction.quantities import BadInput
from opentraction.screening import Correspondents, addressee, letter, screen, write_letter
from tests.spec.screening_cases import TODAY, intake_of

WHO = Correspondents(patient="Jo Doe", born="1980-02-01", clinic="South clinic", clinician="Ann Lee", reference="P-017")


@pytest.mark.parametrize(
    ("answers", "to"),
    [
        ({}, "primary"),
        ({"compensation": True}, "primary"),
        ({"saddle_numb": True, "anal_tone": "normal"}, "emergency"),
        ({"foot_drop": True}, "surgeon"),
        ({"cord_signs": ["clonus"]}, "surgeon"),
        ({"spine_history": ["fracture"]}, "imaging"),
        ({"spine_history": ["infection"]}, "emergency"),
        ({"heart_vessels": ["unstable_angina"]}, "emergency"),
        ({"heart_vessels": ["aneurysm"]}, "vascular"),
        ({"systolic": 190}, "primary"),
        ({"conditions": ["rheumatoid"], "inflammation": "active"}, "rheumatology"),
        ({"fever": "unknown"}, "primary"),
    ],
)
def test_it_goes_to_who_must_know(answers: dict[str, Any], to: str) -> None:
    assert addressee(screen(intake_of({"answers": answers}), today=TODAY)) == to


def test_the_neck_goes_to_the_neurologist() -> None:
    told = screen(intake_of({"base": "neck", "answers": {"brain_stem_signs": ["speech"]}}), today=TODAY)
    assert addressee(told) == "neurology"


def test_it_says_findings_codes_and_what_is_asked() -> None:
    intake = intake_of({"answers": {"foot_drop": True}})
    told = letter(screen(intake, today=TODAY), WHO, intake=intake)
    assert told["title"] == "Urgent referral, same day"
    assert told["date"] == "31 March 2026"
    assert told["reasons"][0]["clinical"] == "Foot drop."
    assert "M21.37-" in told["reasons"][0]["codes"]
    assert told["reasons"][0]["answers"] == "foot drop: yes"
    assert ["Blood pressure", "126/80 mmHg"] in told["examined"]
    assert ["Patient", "Jo Doe"] in told["patient"]


def test_what_was_not_examined_is_not_written_as_normal() -> None:
    intake = intake_of({"unset": ["sensation", "reflexes"], "answers": {"systolic": "unknown"}})
    names = {name for name, _ in letter(screen(intake, today=TODAY), WHO, intake=intake)["examined"]}
    assert not names & {"Sensation", "Reflexes", "Blood pressure"}


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages]


WORST = {
    "saddle_numb": True, "bladder_bowel": True, "both_legs": True, "limb_weakness": "worse", "foot_drop": True,
    "cord_signs": ["babinski", "clonus", "gait", "hand"], "reflexes": "brisk", "fever": True, "cancer": True,
    "weight_loss": True, "spine_history": ["fracture", "tumour", "infection", "slip", "stenosis", "scoliosis"],
    "devices": ["spinal_hardware", "pump"], "motor_full": False, "conditions": ["rheumatoid", "depression"],
    "imaging_findings": ["sequestration", "stenosis", "slip", "fracture"],
    "motor_leg": {row: [1, 2] for row in ("L2", "L3", "L4", "L5", "S1")},
    "body_chart": [{"place": place, "side": "left", "kind": "numbness", "score": 9} for place in
                   ("L1", "L2", "L3", "L4", "L5", "S1", "S2", "S3", "saddle")],
}  # fmt: skip


@pytest.mark.parametrize("answers", [{}, {"compensation": True}, {"foot_drop": True}, WORST], ids=len)
def test_it_is_one_page(answers: dict[str, Any]) -> None:
    intake = intake_of({"answers": answers})
    verdict = screen(intake, today=TODAY)
    pdf = write_letter(verdict, WHO, planned="20 sessions in 6 weeks, at most 300 N.", intake=intake)
    (text,) = pages(pdf)
    assert "Jo Doe" in text
    assert verdict.sha256[:12] in text
    assert ("We do not treat" in text) is bool(answers and "compensation" not in answers)
    assert write_letter(verdict, WHO, planned="20 sessions in 6 weeks, at most 300 N.", intake=intake) == pdf


def test_words_of_people_never_become_markup() -> None:
    told = screen(intake_of({}), today=TODAY)
    (text,) = pages(write_letter(told, Correspondents(patient="#panic() *x* $y$", clinic='"]; #read("/etc/passwd")')))
    assert "#panic()" in text
    assert "*x*" in text


def test_the_primary_doctor_can_be_told_of_what_goes_to_a_surgeon() -> None:
    verdict = screen(intake_of({"answers": {"foot_drop": True}}), today=TODAY)
    assert letter(verdict)["addressee"] == "surgeon"
    told = letter(verdict, Correspondents(primary_doctor=("Dr. A. Brown",)), to="primary")
    assert told["to"] == ["Primary doctor", "Dr. A. Brown"]
    with pytest.raises(BadInput, match="one of emergency"):
        letter(verdict, to="a friend")


def test_a_place_of_the_body_chart_is_written_in_words() -> None:
    from opentraction.screening.letter import _part

    assert _part({"kind": "pain", "place": "low_back", "side": "left", "score": 7}) == "pain low back left 7/10"
