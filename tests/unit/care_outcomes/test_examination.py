"""The examination, what is new in it, and the body map."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from xml.etree import ElementTree

import pytest

from opentraction.care.outcomes import (
    Examination,
    Felt,
    Raise,
    body_map,
    body_maps,
    findings,
    must_stop,
    roots,
    summary,
)
from opentraction.care.outcomes.body_map import _middle, _size
from opentraction.care.outcomes.skin import VIEWS, areas
from opentraction.quantities import BadInput

DAY = date(2026, 11, 22)
ROOTS = (
    [f"C{n}" for n in range(2, 9)] + [f"T{n}" for n in range(1, 13)] + [f"{r}{n}" for r in "LS" for n in range(1, 6)]
)


def weak(**grades: int) -> Examination:
    return Examination(DAY, strength={key.replace("__", "-"): value for key, value in grades.items()})


def test_all_roots_from_c2_to_s5_are_there() -> None:
    assert list(roots().dermatomes) == ROOTS
    assert set(areas("front")) | set(areas("back")) == set(ROOTS)
    assert {one.root for one in roots().muscles.values()} == {
        "C5", "C6", "C7", "C8", "T1", "L2", "L3", "L4", "L5", "S1",
    }  # fmt: skip


def test_ids_on_the_map_are_unique_and_complete() -> None:
    picture = body_map({}, interactive=True)
    ids = re.findall(r' id="([^"]+)"', picture)
    assert [one for one, count in Counter(ids).items() if count > 1] == []
    wanted = {f"{root}-{side}" for root in ROOTS for side in ("left", "right")}
    assert wanted <= set(ids)
    parts = {f"{root}-{side}-{view}" for view in VIEWS for root in areas(view) for side in ("left", "right")}
    assert set(ids) == wanted | parts


def test_each_area_is_one_stop_for_the_keyboard_with_its_words() -> None:
    tree = ElementTree.fromstring(body_map({"L5-left": Felt(pain=7)}, interactive=True))
    stops = [one for one in tree.iter() if one.get("tabindex") == "0"]
    assert len(stops) == 58
    assert all(one.get("role") == "button" and one.get("aria-label") for one in stops)
    l5 = next(one for one in stops if one.get("id") == "L5-left")
    assert l5.get("aria-label") == "L5 left, outer shin, top of the foot and big toe: 7 of 10"
    assert next(one for one in stops if one.get("id") == "L5-right").get("aria-label", "").endswith("not asked")
    assert not [one for one in ElementTree.fromstring(body_map({})).iter() if one.get("tabindex")]


def test_not_asked_differs_from_none_and_more_is_darker() -> None:
    def fill(value: int | None) -> tuple[str | None, float]:
        tree = ElementTree.fromstring(body_map({"L4-left": Felt(pain=value)}, theme="print"))
        area = next(one for one in tree.iter() if one.get("id") == "L4-left")
        return area.get("fill"), float(area.get("fill-opacity") or 0)

    assert fill(None)[0] != fill(0)[0]
    shades = [fill(value)[1] for value in range(1, 11)]
    assert shades == sorted(set(shades))


def test_left_of_the_patient_is_right_in_front_and_left_behind() -> None:
    tree = ElementTree.fromstring(body_map({}))
    first = {one.get("id"): float((one.get("d") or "M0").split()[0][1:]) for one in tree.iter() if one.get("d")}
    assert first["C5-left-front"] > 160 > first["C5-right-front"]
    assert first["C5-left-back"] < 480 < first["C5-right-back"]


@pytest.mark.parametrize("view", VIEWS)
def test_areas_have_room_and_their_numbers_stand_inside(view: str) -> None:
    for root, loops in areas(view).items():
        assert all(_size(loop) > 4.0 for loop in loops), root
        x, y = _middle(max(loops, key=_size))
        assert -1.0 <= x <= 150.0
        assert 0.0 <= y <= 755.0
        assert all(px >= -2.0 for loop in loops for px, _ in loop), root


def test_the_map_says_itself_in_words_and_draws_all_four() -> None:
    felt = {"S1-right": Felt(pain=3, numbness=0), "L5-left": Felt(pain=8)}
    assert summary(felt, "pain") == "Pain, 0 to 10: L5 left 8, S1 right 3."
    assert summary(felt, "numbness") == "Numbness, 0 to 10: none where asked."
    assert summary(felt, "tingling") == "Tingling: not asked."
    ElementTree.fromstring(body_maps(felt))


def test_an_examination_comes_back_from_its_document() -> None:
    one = Examination(
        DAY,
        "ann",
        felt={"L5-left": Felt(numbness=4, pain=0)},
        raises={"left": Raise(45.0, True), "crossed-right": Raise(60.0, False)},
        motion={"fingertip_floor_cm": 22.5, "schober_modified_modified_cm": 5.1},
        strength={"big_toe_extensor-left": 4},
        reflexes={"achilles-left": 1},
        light_touch={"L5-left": 1},
        pin={"L5-left": 2},
        walking_m=350.0,
    )
    again = Examination.from_document(json.loads(one.canonical()))
    assert again == one
    assert again.sha256 == one.sha256
    assert one.document()["felt"]["L5-left"]["tingling"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"felt": {"L6-left": Felt()}},
        {"felt": {"L5": Felt()}},
        {"felt": {"L5-left": Felt(pain=11)}},
        {"strength": {"tail-left": 5}},
        {"strength": {"hip_flexors-left": 6}},
        {"strength": {"hip_flexors-left": 4.5}},
        {"reflexes": {"achilles-middle": 2}},
        {"pin": {"L5-left": 3}},
        {"raises": {"up": Raise(30)}},
        {"raises": {"left": Raise(130)}},
        {"motion": {"jump_cm": 30}},
        {"motion": {"flexion_deg": float("nan")}},
        {"walking_m": -1},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="allowed"):
        Examination(DAY, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("degrees", "familiar", "positive"),
    [(30, True, True), (70, True, True), (29, True, False), (71, True, False), (45, False, False), (45, None, None)],
)
def test_leg_raise(degrees: float, familiar: bool | None, positive: bool | None) -> None:
    assert Raise(degrees, familiar).positive is positive


@pytest.mark.parametrize(
    ("before", "after", "stops"),
    [
        (5, 5, False),
        (5, 4, True),
        (4, 4, False),
        (3, 3, True),
        (4, 5, False),
        (2, 3, True),
        (None, 4, False),
        (None, 3, True),
    ],
)
def test_a_grade_lost_or_three_and_less_is_rule_two(before: int | None, after: int, stops: bool) -> None:
    then = None if before is None else weak(ankle_dorsiflexors__left=before)
    found = findings(then, weak(ankle_dorsiflexors__left=after))
    assert must_stop(found) is stops
    assert [one.rule for one in found if one.weight == "refer"] == (["R02"] if stops else [])


def test_the_other_side_does_not_count() -> None:
    then, now = weak(hip_flexors__left=5, hip_flexors__right=4), weak(hip_flexors__right=4)
    assert findings(then, now) == []


def test_numbness_of_the_saddle_is_rule_one() -> None:
    now = Examination(DAY, felt={"S4-left": Felt(numbness=1)})
    assert [one.rule for one in findings(None, now)] == ["R01"]
    assert not must_stop(findings(now, now))
    less = Examination(DAY, pin={"S3-right": 1})
    assert [one.rule for one in findings(None, less)] == ["R01"]
    assert findings(None, Examination(DAY, felt={"S4-left": Felt(numbness=0)})) == []


def test_reflexes_and_symptoms_that_change_are_watched() -> None:
    before = Examination(DAY, reflexes={"achilles-left": 2}, felt={"L5-left": Felt(pain=3)}, pin={"L5-left": 2})
    after = Examination(DAY, reflexes={"achilles-left": 0}, felt={"L5-left": Felt(pain=5)}, pin={"L5-left": 1})
    assert [one.weight for one in findings(before, after)] == ["watch", "watch", "watch"]
    back = findings(after, before)
    assert {one.weight for one in back} == {"watch", "better"}
    assert [one.rule for one in findings(None, Examination(DAY, reflexes={"patellar-left": 4}))] == ["R03"]
    assert findings(None, Examination(DAY)) == []
