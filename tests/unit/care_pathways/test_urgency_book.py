"""The book of surgical urgency: fires, just misses, unknown; and laws that no rule may break."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.pathways import LEVELS, URGENT, Facts, compare, level_words, rules, surgical_urgency
from opentraction.care.pathways.facts import HERNIATIONS, REGIONS
from opentraction.quantities import BadInput

BOOK = tomllib.loads((Path(__file__).parent / "urgency.toml").read_text("utf-8"))
CASES: list[dict[str, Any]] = BOOK["case"]


def facts_of(case: dict[str, Any]) -> Facts:
    base = {} if case.get("alone") else BOOK["clear"]
    known = {name: value for name, value in base.items() if name not in case.get("without", [])}
    return Facts.of({**known, **case["facts"]})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_urgency_is_what_the_book_says(case: dict[str, Any]) -> None:
    urgency = surgical_urgency(facts_of(case))
    assert urgency.level == case["level"]
    assert [rule.id for rule in urgency.reasons] == case["fires"]
    if case.get("danger_any"):
        assert urgency.danger
    else:
        assert list(urgency.danger) == case.get("danger", [])
    for question in case.get("ask", []):
        assert question in urgency.ask
    assert (level_words()["open"] in urgency.words) is bool(urgency.danger)


def test_each_rule_fires_in_the_book_and_each_could_miss() -> None:
    fired = {rule for case in CASES for rule in case["fires"]}
    assert fired == {rule.id for rule in rules()}
    for rule in rules():
        assert any(rule.condition.judge(facts_of(case).mapping()) is not True for case in CASES), rule.id


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_each_rule_has_a_source_and_proposals_say_so(rule: Any) -> None:
    assert rule.source.text
    assert rule.source.certainty != "design" or rule.source.caveat


@pytest.mark.parametrize("rule", ["R01", "R02", "R03", "R05", "R06", "R07", "R09"])
def test_the_rules_that_cannot_wait_are_urgent(rule: str) -> None:
    assert {one.level for one in rules() if one.rule == rule} <= set(URGENT)
    assert [one for one in rules() if one.rule == rule]


yes_no = st.none() | st.booleans()
people = st.builds(
    Facts,
    region=st.none() | st.sampled_from(REGIONS),
    bladder_bowel=yes_no,
    saddle_numb=yes_no,
    worst_key_muscle=st.none() | st.integers(0, 5),
    foot_drop=yes_no,
    tumour=yes_no,
    fracture=yes_no,
    large_or_free_fragment=yes_no,
    deficit=yes_no,
    radiculopathy=yes_no,
    herniation=st.none() | st.sampled_from(HERNIATIONS),
    stenosis_claudication=yes_no,
    slip_grade=st.none() | st.integers(0, 5),
    unstable=yes_no,
    pregnant=yes_no,
    screening_excludes=yes_no,
    weeks_of_symptoms=st.none() | st.integers(0, 60),
    concordant_imaging=yes_no,
    odi=st.none() | st.floats(0, 100),
    leg_pain=st.none() | st.floats(0, 10),
    sessions_done=st.none() | st.integers(0, 30),
    better_enough=yes_no,
)


@given(people, st.data())
def test_learning_an_answer_never_makes_it_less_urgent(facts: Facts, data: st.DataObject) -> None:
    known = facts.mapping()
    unknown = [name for name, value in known.items() if value is None and name in BOOK["clear"]]
    if not unknown:
        return
    name = data.draw(st.sampled_from(unknown))
    value = data.draw(st.booleans()) if isinstance(BOOK["clear"][name], bool) else data.draw(st.integers(0, 5))
    before, after = surgical_urgency(facts), surgical_urgency({**known, name: value})
    assert LEVELS.index(after.level) <= LEVELS.index(before.level)


@given(people)
def test_an_answer_that_could_raise_it_is_always_asked_for(facts: Facts) -> None:
    """If any way of answering what is unknown would be more urgent, something is asked; if nothing is, none would."""
    urgency = surgical_urgency(facts)
    worst = {
        name: (0 if "muscle" in name else True)
        for name, value in facts.mapping().items()
        if value is None and name in BOOK["clear"]
    }
    worst.update({"muscle_drop": 5} if "muscle_drop" in worst else {})
    if surgical_urgency({**facts.mapping(), **worst}).level in URGENT and not urgency.urgent:
        assert urgency.danger


@given(people)
def test_every_road_is_on_the_table_once_and_urgent_ones_put_the_emergency_first(facts: Facts) -> None:
    cards, urgency = compare(facts), surgical_urgency(facts)
    assert sorted(card.pathway.key for card in cards) == sorted({card.pathway.key for card in cards})
    assert len(cards) == 9
    if urgency.urgent:
        assert (cards[0].pathway.key, cards[0].standing) == ("emergency", "first")
        assert {card.standing for card in cards[1:]} == {"after"}
    else:
        assert "first" not in {card.standing for card in cards}
        assert (cards[0].standing == "ask first") is bool(urgency.danger)


@given(people)
def test_the_table_may_fit_only_whom_the_screening_allows(facts: Facts) -> None:
    card = next(card for card in compare(facts) if card.pathway.key == "decompression")
    if card.standing == "may fit":
        assert facts.screening_excludes is False
        assert facts.radiculopathy is True
        assert not (facts.large_or_free_fragment and facts.deficit)


@pytest.mark.parametrize(
    "known",
    [
        {"bladder": True},
        {"saddle_numb": 1},
        {"saddle_numb": "no"},
        {"worst_key_muscle": 6},
        {"worst_key_muscle": 2.5},
        {"worst_key_muscle": True},
        {"odi": 101},
        {"odi": float("nan")},
        {"leg_pain": -1},
        {"herniation": "slipped"},
        {"region": "elbow"},
    ],
)
def test_a_fact_that_cannot_be_is_refused(known: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        surgical_urgency(known)
