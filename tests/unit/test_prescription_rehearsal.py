"""A rehearsal says in plain words what will happen, and what deserves a second look."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from opentraction.patient import Body, Complaint, Patient
from opentraction.prescription import Rehearsal, protocols, read_prescription, rehearse
from opentraction.prescription.rehearsal import bands
from opentraction.prescription.waveform import TO
from opentraction.quantities import BadInput

PATIENT = Patient("017", Body(70.0, 1.76, 54.0))


def rehearsal(name: str, patient: Patient = PATIENT, unit: str = "lb") -> Rehearsal:
    return rehearse(read_prescription(protocols()[name]).resolve(patient), patient, unit)


def test_the_summary_is_what_happens() -> None:
    told = rehearsal("vax-d-1997").summary
    assert told[0] == "Pull the lumbar spine at 0 deg, patient prone, couch split."
    assert told[1] == "Take up the slack to 5.6 lb (25 N) in 15 s, hold included."
    assert told[2] == "Pull 15 times to 70.0 lb (311 N), easing to 6.7 lb (30 N) between pulls."
    assert told[3] == "Each pull: rise 20 s, hold 1 min, fall 10 s, rest 30 s."
    assert told[4] == "Treat for 30 min 15 s, then release at 6.7 lb/s (30 N/s)."


def test_totals_are_the_plan() -> None:
    shown = rehearsal("two-level-split")
    plan = shown.plan
    assert (shown.peak, shown.cycles, shown.impulse) == (plan.peak, plan.cycles, plan.impulse)
    assert shown.mean == pytest.approx(plan.impulse / plan.total_time)


def test_the_clinician_chooses_the_unit() -> None:
    assert "311 N, easing to 30 N" in rehearsal("vax-d-1997", unit="N").summary[2]
    assert "31.8 kgf (311 N)" in rehearsal("vax-d-1997", unit="kgf").summary[2]
    with pytest.raises(BadInput, match="stone"):
        rehearsal("vax-d-1997", unit="stone")


@pytest.mark.parametrize(
    ("unit", "force"),
    [("lb", "70.0 lb (311 N)"), ("kgf", "31.8 kgf (311 N)"), ("N", "311 N"), ("kN", "0.311 kN (311 N)")],
)
def test_every_finding_speaks_that_unit_first(unit: str, force: str) -> None:
    found = rehearsal("vax-d-1997", unit=unit).findings
    assert (found[0].quantity, found[0].value) == ("force", force)
    for one in found:
        newtons = re.findall(r"(\(?)\b[\d.]+ N\b(?![ /]s)", one.sentence)
        assert set(newtons) <= ({""} if unit == "N" else {"("}), one.sentence


def test_the_curve_ends_with_the_release() -> None:
    told = rehearsal("vax-d-1997")
    plan = told.plan
    last = bands(plan)[-1]
    assert (last.label, last.x0) == ("release", plan.total_time)
    assert last.x1 - last.x0 == pytest.approx(plan.rows[-1][TO] / plan.release_rate)


def test_a_locked_couch_takes_its_share() -> None:
    """26 % of 686.5 N is 178 N; of 275 N, 96 N are left."""
    found = next(one for one in rehearsal("fowler-supine-static").findings if one.quantity == "couch friction")
    assert found.verdict == "unusual"
    assert "178 N" in found.sentence
    assert "about 21.6 lb (96 N)" in found.sentence
    assert not [one for one in rehearsal("vax-d-1997").findings if one.quantity == "couch friction"]


def test_steps_are_told_from_first_to_last() -> None:
    assert "at first and 69.4 lb (309 N) at last" in rehearsal("triton-progressive").summary[2]


def test_a_usual_plan_raises_no_question() -> None:
    shown = rehearsal("kdt-first-visit")
    assert (shown.unusual, shown.refused) == ((), ())


def test_more_than_half_of_body_weight_gets_a_second_look() -> None:
    assert [one.quantity for one in rehearsal("idd-oscillation").unusual] == ["share of body weight"]


def test_another_patient_breaks_the_plan() -> None:
    plan = read_prescription(protocols()["drx-case"]).resolve(PATIENT)
    light = Patient("018", Body(50.0, 1.60, 40.0))
    broken = {one.quantity for one in rehearse(plan, light).refused}
    assert broken == {"room below the ceiling", "plan and patient"}


def test_the_wrong_site_is_named() -> None:
    neck = Patient("019", PATIENT.body, Complaint("cervical"))
    found = next(one for one in rehearsal("drx-case", neck).findings if one.quantity == "region")
    assert found.sentence == "This plan pulls the lumbar spine, but the complaint is cervical. Check the site."


@pytest.mark.parametrize("name", sorted(protocols()))
def test_every_sentence_is_short_and_whole(name: str) -> None:
    shown = rehearsal(name)
    for sentence in [*shown.summary, *(one.sentence for one in shown.findings)]:
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert len(sentence) < 220
        assert not re.search(r"nan|inf\b|None|\{", sentence)


@pytest.mark.parametrize("name", sorted(protocols()))
def test_the_curve_is_a_picture_in_the_clinicians_unit(name: str) -> None:
    svg = rehearsal(name).svg(theme="standalone")
    root = ET.fromstring(svg)
    assert root.tag.endswith("svg")
    words = " ".join(root.itertext())
    assert "lb" in words
    assert "ceiling" in words
    assert "hold" in words


def test_the_dose_is_said_in_thousands() -> None:
    told = rehearsal("vax-d-1997", unit="N")
    assert re.search(r"dose \d{3} kN s\.", told.summary[-1])
    dose = next(one for one in told.findings if "integral" in one.quantity or one.value.endswith("N s"))
    assert dose.value == f"{told.impulse / 1000.0:.0f} kN s"
    assert " 1000 kN s" in dose.sentence


@pytest.mark.parametrize(
    ("levels", "name", "says"),
    [
        (("L5-S1",), "cervical-supine", "Complaint is at L5-S1; this pulls the neck. Check the site."),
        (("C5-C6", "C6-C7"), "vax-d-1997", "Complaint is at C5-C6, C6-C7; this pulls the low back. Check the site."),
    ],
)
def test_a_complaint_at_a_level_that_is_not_pulled_is_warned_of_once(
    levels: tuple[str, ...], name: str, says: str
) -> None:
    region = "lumbar" if levels[0].startswith("L") else "cervical"
    for complaint in (Complaint("unstated", levels), Complaint(region, levels)):
        found = rehearsal(name, Patient("017", PATIENT.body, complaint)).findings
        assert [one.sentence for one in found if "omplaint" in one.sentence] == [says]
        assert found[0].verdict == "unusual"


@pytest.mark.parametrize(
    ("levels", "name"), [((), "cervical-supine"), (("C5-C6",), "cervical-supine"), (("T12-L1",), "vax-d-1997")]
)
def test_a_complaint_where_it_is_pulled_is_no_warning(levels: tuple[str, ...], name: str) -> None:
    found = rehearsal(name, Patient("017", PATIENT.body, Complaint("unstated", levels))).findings
    assert not [one for one in found if one.quantity in {"site", "region"}]


def test_a_force_above_todays_ceiling_is_drawn_with_it() -> None:
    plan = rehearsal("vax-d-1997").plan
    weaker = Patient("017", PATIENT.body, ceiling=200.0)
    told = rehearse(plan, weaker, "N")
    assert told.ceiling == 200.0
    assert "is 111 N above the ceiling of 200 N" in told.refused[0].sentence
    assert ">300<" in told.svg()
