"""Each of the articles' 74 points is built, corrected or answered, and what it points at is there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from opentraction.care.articles import VERDICTS, Ground, Pointer, conflicts, points, resolve
from opentraction.care.claims import check
from opentraction.care.evidence import questions
from tests.specimens import urls

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def ground() -> Ground:
    return Ground(ROOT, frozenset(name for name, _ in urls()))


def test_there_are_74_points_in_order() -> None:
    assert [point.id for point in points()] == [f"I{number:02}" for number in range(1, 75)]


def test_every_verdict_is_used_and_every_point_has_somewhere_to_look() -> None:
    assert set(Counter(point.verdict for point in points())) == set(VERDICTS)
    assert [point.id for point in points() if not point.where] == []
    assert [point.id for point in points() if all(one.planned for one in point.where)] == []


def test_every_pointer_holds(ground: Ground) -> None:
    failures = [
        f"{point.id}: {pointer}: {why}"
        for point in points()
        for pointer in point.where
        if not pointer.planned and (why := resolve(pointer, ground))
    ]
    assert not failures, "\n" + "\n".join(failures)


def test_a_planned_pointer_that_holds_loses_the_mark(ground: Ground) -> None:
    there = [
        f"{point.id}: {pointer}"
        for point in points()
        for pointer in point.where
        if pointer.planned and not resolve(pointer, ground)
    ]
    assert not there, "built by now, remove planned = true:\n" + "\n".join(there)


@pytest.mark.parametrize(
    "pointer",
    [
        Pointer("python", "opentraction.nowhere:thing"),
        Pointer("python", "opentraction.care.articles:nothing"),
        Pointer("url", "no-such-address"),
        Pointer("rule", "R99"),
        Pointer("data", "care/nothing.toml#x"),
        Pointer("data", "care/articles/points.toml#I75"),
        Pointer("doc", "docs/index.md#no-such-heading"),
        Pointer("doc", "docs/nothing.md"),
        Pointer("test", "tests/nothing.py"),
    ],
    ids=str,
)
def test_a_pointer_to_nothing_is_told(pointer: Pointer, ground: Ground) -> None:
    assert resolve(pointer, ground)


def test_the_conflicts_are_those_of_known_points() -> None:
    known = {point.id for point in points()}
    in_conflict = {ident for one in conflicts() for ident in one.points}
    assert in_conflict <= known
    expected = "I17 I23 I24 I28 I32 I35 I38 I40 I44 I48 I50 I54 I59 I60 I62 I69"
    assert in_conflict == set(expected.split())


def test_the_questions_answer_known_points() -> None:
    known = {point.id for point in points()}
    assert {ident for one in questions() for ident in one.points} <= known


def test_no_answer_makes_a_claim_of_its_own() -> None:
    said = [point.answer for point in points()] + [one.settled for one in conflicts()]
    assert [(text, found) for text in said if (found := check(text))] == []


def test_a_claim_the_articles_make_is_corrected_or_answered_never_built() -> None:
    """A sentence of theirs that the checker flags must not be taken over as something we built."""
    flagged = [point.id for point in points() if check(point.says) and point.verdict == "built"]
    assert flagged == []
