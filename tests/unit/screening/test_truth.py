"""Three-valued logic: the tables of Kleene, and that more knowledge never turns a known truth round."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.screening.truth import Truth, at_least, both, either, opposite

TRUTHS = (True, False, None)


@pytest.mark.parametrize(("a", "b"), list(product(TRUTHS, TRUTHS)))
def test_and_or_and_not_follow_the_tables(a: Truth, b: Truth) -> None:
    expected_and = False if False in (a, b) else None if None in (a, b) else True
    expected_or = True if True in (a, b) else None if None in (a, b) else False
    assert both([a, b]) is expected_and
    assert either([a, b]) is expected_or
    assert opposite(a) is {True: False, False: True, None: None}[a]


@given(st.lists(st.sampled_from(TRUTHS), min_size=1, max_size=6), st.integers(1, 6), st.data())
def test_learning_an_answer_never_turns_a_known_truth_round(values: list[Truth], n: int, data: st.DataObject) -> None:
    learned = [data.draw(st.booleans()) if value is None else value for value in values]
    for law in (both, either, lambda many: at_least(n, many)):
        if law(values) is not None:
            assert law(learned) is law(values)
        assert law(learned) is not None


def test_at_least_one_and_all_are_or_and_and() -> None:
    for values in product(TRUTHS, repeat=3):
        assert at_least(1, values) is either(values)
        assert at_least(3, values) is both(values)
