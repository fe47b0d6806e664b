"""Laws of every scorer: inside its range, never better for what is missing, moving with each answer."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.outcomes import Instrument, instruments, score

ALL = list(instruments().values())
SCALED = [one for one in ALL if one.rule in {"proportion", "mean", "start_back"}]


@st.composite
def filled(draw: st.DrawFn, some: list[Instrument], full: bool = False) -> tuple[Instrument, dict[str, Any]]:
    """An instrument and answers to some or all of its items."""
    about = draw(st.sampled_from(some))
    answers: dict[str, Any] = {}
    for one in about.items:
        whole = st.integers(int(one.low), int(one.high))
        value = whole if one.whole else st.floats(one.low, one.high)
        answers[one.id] = draw(value if full else st.none() | value)
    return about, answers


@given(filled(ALL))
def test_a_score_lies_in_its_range_or_is_none(case: tuple[Instrument, dict[str, Any]]) -> None:
    about, answers = case
    told = score(about, answers)
    assert told.value is None or about.low <= told.value <= about.high
    assert told.document()["valid"] is (told.value is not None)


@given(filled(SCALED), st.data())
def test_a_missing_answer_is_never_better_than_the_best_answer(
    case: tuple[Instrument, dict[str, Any]], data: st.DataObject
) -> None:
    """Leaving a question out cannot win against answering it as well as can be: missing is not zero."""
    about, answers = case
    item = data.draw(st.sampled_from(about.items))
    best = item.low if about.better == "lower" else item.high
    without, with_best = score(about, answers | {item.id: None}), score(about, answers | {item.id: best})
    if without.value is None or with_best.value is None:
        return
    gain = without.value - with_best.value
    assert (gain if about.better == "lower" else -gain) >= -1e-9


@given(filled(SCALED), st.data())
def test_taking_an_answer_away_never_makes_a_form_valid(
    case: tuple[Instrument, dict[str, Any]], data: st.DataObject
) -> None:
    about, answers = case
    item = data.draw(st.sampled_from(about.items))
    if not score(about, answers).valid:
        assert not score(about, answers | {item.id: None}).valid


@given(filled(SCALED, full=True), st.data())
def test_a_higher_answer_never_lowers_the_sum(case: tuple[Instrument, dict[str, Any]], data: st.DataObject) -> None:
    about, answers = case
    item = data.draw(st.sampled_from(about.items))
    if answers[item.id] >= item.high:
        return
    before, after = score(about, answers).value, score(about, answers | {item.id: answers[item.id] + 1}).value
    assert before is not None
    assert after is not None
    assert after >= before
    assert item.one_from is not None or after > before


@given(filled([one for one in ALL if not one.primary], full=True))
def test_the_ends_are_reached_and_nothing_is_estimated_on_a_full_form(
    case: tuple[Instrument, dict[str, Any]],
) -> None:
    about, answers = case
    assert not score(about, answers).estimated
    assert score(about, {one.id: one.low for one in about.items}).value == about.low
    assert score(about, {one.id: one.high for one in about.items}).value == about.high


def test_licences_that_keep_their_words_are_kept() -> None:
    closed = {one.family for one in ALL if not one.item_text}
    assert closed == {"odi", "ndi", "eq5d", "start_back", "promis29", "promis29_pain"}
    assert not [item for one in ALL if not one.item_text for item in one.items if item.text or item.ends]
    assert all(one.licence.words and one.licence.source for one in ALL)


def test_an_item_with_words_is_refused_where_the_licence_forbids_them() -> None:
    import pytest

    from opentraction.care.outcomes.library import FOLDER, instruments_from
    from opentraction.quantities import BadInput
    from opentraction.quantities.toml_file import parse_toml

    text = (FOLDER / "odi.toml").read_text("utf-8")
    with pytest.raises(BadInput, match="licence"):
        instruments_from(parse_toml(text.replace('id = "section_1"', 'id = "section_1"\ntext = "words"'), "odi.toml"))
