"""People drawn at random: any answers, also odd and missing ones, in either region."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from opentraction.screening import Answer, Intake, Question, body_map, intake_questions, read_answer
from tests.spec.screening_cases import intake_of

TODAY = date(2026, 3, 31)
QUESTIONS = intake_questions().by_id


def raw_answers(question: Question) -> st.SearchStrategy[Any]:
    """What somebody may write for a question, "unknown" among it."""
    known = {
        "yes-no": st.booleans(),
        "number": _number(question),
        "choice": st.sampled_from(sorted(question.options) or ["none"]),
        "several": st.lists(st.sampled_from([*question.options, "unknown"]), max_size=3, unique=True),
        "date": st.integers(0, 800).map(lambda days: TODAY - timedelta(days=days)),
        "body-map": st.lists(_mark(), max_size=2),
        "grid": st.fixed_dictionaries({row: _pair() for row in question.rows}),
        "text": st.just("text"),
    }[question.kind]
    return st.one_of(known, st.just("unknown"))


def _number(question: Question) -> st.SearchStrategy[Any]:
    whole = st.integers(int(question.low) + 1, int(question.high))
    return whole.map(lambda value: f"{value} {question.unit}") if question.measure else whole


def _pair() -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from([5, 5, 5, 4, 3, "unknown"]), min_size=2, max_size=2)


def _mark() -> st.SearchStrategy[Any]:
    chart = body_map()
    return st.fixed_dictionaries(
        {
            "place": st.sampled_from(sorted(chart.places)),
            "side": st.sampled_from(["left", "right"]),
            "kind": st.sampled_from(sorted(chart.kinds)),
            "score": st.integers(0, 10),
        }
    )


@st.composite
def people(draw: st.DrawFn) -> tuple[str, dict[str, Answer]]:
    """A region and answers; a few questions are left out."""
    region = draw(st.sampled_from(["lumbar", "cervical"]))
    healthy = draw(st.booleans())
    answers: dict[str, Answer] = dict(healthy_answers(region)) if healthy else {}
    keys = draw(st.lists(st.sampled_from(sorted(QUESTIONS)), max_size=12 if healthy else 60, unique=True))
    answers.update({key: read_answer(QUESTIONS[key], draw(raw_answers(QUESTIONS[key]))) for key in keys})
    return region, answers


def healthy_answers(region: str) -> dict[str, Answer]:
    """A healthy person's."""
    return dict(intake_of({"base": "man" if region == "lumbar" else "neck"}).answers)


def intake(region: str, answers: dict[str, Answer]) -> Intake:
    """As the clinic makes it: without answers to what is not asked."""
    return Intake.of("drawn", region, answers)
