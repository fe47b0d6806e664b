"""Laws of screening that hold for anyone: a red flag never helps, not knowing never frees, the worst is the verdict."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from opentraction.screening import UNKNOWN, UNSURE, Action, Answer, Intake, Verdict, known, screen, visible
from tests.unit.screening.drawn import QUESTIONS, TODAY, healthy_answers, intake, people

FLAGS: list[tuple[str, Answer]] = [
    *((key, True) for key in (
        "bladder_bowel", "saddle_numb", "both_legs", "tearing_pain", "fever", "weight_loss", "cancer", "foot_drop",
        "pregnant", "guarded", "injection", "spine_surgery", "surgery_advised", "compensation", "fragility_fracture",
        "slip_progressing", "cancer_new_pain", "drug_injection", "pars_acute", "scoliosis_severe", "device_in_path",
    )),
    *((key, False) for key in ("can_use_stop", "can_communicate", "motor_full", "cancer_imaged", "trauma_imaged")),
    *(("limb_weakness", word) for word in ("worse",)),
    ("trauma", "major"), ("night_pain", "unrelieved"), ("reflexes", "brisk"), ("inflammation", "active"),
    ("unloading_test", "worse"), ("stenosis_degree", "severe"), ("anal_tone", "lax"), ("motor_drop", 2.0),
    ("systolic", 200.0), ("diastolic", 130.0), ("t_score", -4.0), ("body_mass", 300.0),
    ("slip_grade", 3.0), ("slip_motion", 5.0),
]  # fmt: skip
TICKS = [
    (key, option)
    for key in ("spine_history", "devices", "heart_vessels", "chest_belly", "conditions", "medicines", "cord_signs",
                "vascular_signs", "belly_signs", "brain_stem_signs", "imaging_findings", "hardware_where")
    for option in QUESTIONS[key].options
]  # fmt: skip


def verdict(region: str, answers: dict[str, Answer]) -> Verdict:
    return screen(intake(region, answers), today=TODAY)


@settings(max_examples=150, deadline=None)
@given(people(), st.sampled_from(TICKS))
def test_one_more_tick_never_makes_it_milder(person: tuple[str, dict[str, Answer]], tick: tuple[str, str]) -> None:
    region, answers = person
    key, option = tick
    before = answers.get(key)
    assume(known(before))
    assert isinstance(before, tuple)
    ticked = tuple(sorted({*before, option}))  # type: ignore[type-var]
    assert verdict(region, {**answers, key: ticked}).action >= verdict(region, answers).action


@settings(max_examples=150, deadline=None)
@given(people(), st.sampled_from(FLAGS))
def test_a_red_flag_never_makes_it_milder(person: tuple[str, dict[str, Answer]], flag: tuple[str, Answer]) -> None:
    region, answers = person
    key, value = flag
    assume(known(answers.get(key)))
    assert verdict(region, {**answers, key: value}).action >= verdict(region, answers).action


@settings(max_examples=150, deadline=None)
@given(people(), st.sampled_from(FLAGS))
def test_a_red_flag_says_the_same_whatever_else_is_true(
    person: tuple[str, dict[str, Answer]], flag: tuple[str, Answer]
) -> None:
    """What it means to a healthy person is the least that it means to anyone who is asked."""
    region, answers = person
    key, value = flag
    flagged = intake(region, {**answers, key: value})
    healthy = dict(intake(region, {**healthy_answers(region), key: value}).answers)
    if key in flagged.answers and key in healthy:
        alone = screen(Intake(region=region, pseudonym="drawn", answers=healthy), today=TODAY)
        sure = max((one.action for one in alone.reasons if one.known and set(one.answers) == {key}), default=Action.OK)
        assert screen(flagged, today=TODAY).action >= sure


@settings(max_examples=150, deadline=None)
@given(people(), st.sampled_from(sorted(key for key, one in QUESTIONS.items() if one.safety)))
def test_not_knowing_a_safety_answer_never_makes_it_milder_than_hold(
    person: tuple[str, dict[str, Answer]], key: str
) -> None:
    region, answers = person
    unknown = {**answers, key: (UNSURE,) if QUESTIONS[key].kind == "several" else UNKNOWN}
    if region in QUESTIONS[key].regions and visible(QUESTIONS[key], intake(region, unknown).answers, region):
        told = verdict(region, unknown)
        assert told.action >= Action.HOLD
        assert not told.may_treat
        assert key in {one["question"] for one in told.missing}
    left_out = {name: value for name, value in answers.items() if name != key}
    assert verdict(region, left_out).action == verdict(region, unknown).action


@settings(max_examples=100, deadline=None)
@given(people())
def test_the_verdict_is_its_worst_reason_and_comes_back_from_its_document(
    person: tuple[str, dict[str, Answer]],
) -> None:
    told = verdict(*person)
    assert told.action == max((reason.action for reason in told.reasons), default=Action.OK)
    assert [reason.action for reason in told.reasons] == sorted((one.action for one in told.reasons), reverse=True)
    assert Verdict.from_document(told.document()) == told
    assert verdict(*person).sha256 == told.sha256
