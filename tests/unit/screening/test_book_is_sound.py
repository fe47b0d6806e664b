"""The data hold together: sources, certainty, safety marks, every question used, every code pinned."""

from __future__ import annotations

import pytest

from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table
from opentraction.screening import Action, all_indications, body_map, intake_questions, rule_book, visit_book
from opentraction.screening.codes import all_codes
from opentraction.screening.conditions import atoms, parse_condition
from opentraction.screening.rules import LIMITS
from opentraction.screening.screen import GRAVE
from opentraction.screening.spelled import spell
from opentraction.screening.well_formed import check_condition
from opentraction.screening.words import caveat, limit_words
from tests.unit.screening.pinned_codes import PINNED

QUESTIONS = intake_questions().by_id
RULES = (*rule_book().rules, *visit_book().rules)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_where_it_comes_from_and_that_nobody_reviewed_it(rule) -> None:  # type: ignore[no-untyped-def]
    assert rule.source
    assert rule.certainty in {"read", "memory", "design"}
    assert rule.reviewed_by == ""
    assert rule.paragraphs
    for paragraph in rule.paragraphs:
        assert paragraph.why
        assert paragraph.clinical
        assert paragraph.next_step or paragraph.action is Action.OK


def asked_by_rules(least: Action) -> set[str]:
    return {
        atom.question
        for rule in rule_book().rules
        for paragraph in rule.paragraphs
        if paragraph.action >= least
        for atom in atoms(paragraph.condition)
    }


def with_gates(keys: set[str]) -> set[str]:
    """With the questions that decide whether these are asked."""
    gates = {atom.question for key in keys if (when := QUESTIONS[key].when) is not None for atom in atoms(when)}
    return keys if gates <= keys else with_gates(keys | gates)


def test_safety_questions_are_those_that_can_lead_to_a_grave_action() -> None:
    grave = with_gates(asked_by_rules(GRAVE))
    assert {key for key, question in QUESTIONS.items() if question.safety} == grave


def test_every_question_is_used_or_marked_as_record_only() -> None:
    used = with_gates(asked_by_rules(Action.OK)) | {
        atom.question for one in all_indications() for atom in atoms(one.condition)
    }
    used = with_gates(used)
    assert {key for key, question in QUESTIONS.items() if question.record_only} == set(QUESTIONS) - used


def test_every_tick_of_a_list_does_something() -> None:
    words = {
        (atom.question, atom.word)
        for condition in (
            *(paragraph.condition for rule in rule_book().rules for paragraph in rule.paragraphs),
            *(one.condition for one in all_indications()),
            *(question.when for question in QUESTIONS.values() if question.when is not None),
        )
        for atom in atoms(condition)
    }
    silent = {
        (key, option)
        for key, question in QUESTIONS.items()
        if question.kind == "several" and question.safety
        for option in question.options
        if (key, option) not in words and (key, "any") not in words
    }
    assert silent == set()


def test_every_code_is_pinned_with_its_display() -> None:
    assert {key: code.display for key, code in all_codes().items()} == PINNED


def test_every_code_is_named_somewhere() -> None:
    named = {code.key for rule in RULES for code in rule.codes} | {
        c.key for one in all_indications() for c in one.codes
    }
    assert set(all_codes()) == named


def test_every_limit_has_words() -> None:
    assert all(limit_words(limit) for limit in LIMITS)
    used = {limit for rule in rule_book().rules for paragraph in rule.paragraphs for limit in paragraph.limits}
    assert used == set(LIMITS)


def test_what_is_from_memory_says_so() -> None:
    assert caveat("memory") == "from memory, unverified"
    assert caveat("design")
    assert caveat("read") == ""


def test_patterns_of_the_body_chart_name_places_and_kinds_that_exist() -> None:
    chart = body_map()
    for pattern in chart.patterns.values():
        assert set(pattern.places) <= set(chart.places)
        assert set(pattern.kinds) <= set(chart.kinds)


@pytest.mark.parametrize(
    "raw",
    [
        "fever",
        "fever is",
        "fever equals yes",
        "nobody is yes",
        "fever <= weak",
        "fever is maybe",
        "devices has hip",
        "devices is pump",
        "age > nothing",
        "body_chart shows nose",
        {"any": []},
        {"any": ["fever is yes"], "all": ["fever is yes"]},
        {"some": ["fever is yes"]},
        {"at_least": "two", "of": ["fever is yes"]},
        7,
        None,
    ],
)
def test_a_condition_that_could_never_be_judged_is_refused(raw: object) -> None:
    with pytest.raises(BadInput):
        check_condition(parse_condition(raw, "if"), intake_questions(), {}, Table({}).refuse)


@pytest.mark.parametrize(
    "raw", ["onset_date before_birth systolic", "systolic not_above age", "age before_birth age", "fever not_above age"]
)
def test_answers_of_different_things_contradict_nothing(raw: str) -> None:
    with pytest.raises(BadInput):
        check_condition(parse_condition(raw, "if"), intake_questions(), {}, Table({}).refuse)


def test_a_contradiction_of_two_answers_is_spelled_out() -> None:
    assert spell(parse_condition("onset_date before_birth age", "if"), {}) == "`onset_date` lies before birth, by `age`"
    assert spell(parse_condition("systolic not_above diastolic", "if"), {}) == "`systolic` is not above `diastolic`"
