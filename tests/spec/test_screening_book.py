"""The rule book of screening: a rule is data, and its test is a small patient with the expected verdict.

What is expected was written by hand from the clinical sources, never from the shipped rules.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from opentraction.screening import Verdict, intake_questions, rule_book, screen, visible
from opentraction.screening.conditions import atoms
from opentraction.screening.indications import all_indications
from opentraction.screening.rules import Rule
from tests.spec.screening_cases import KINDS, TODAY, Case, bases, cases, intake_of, more

PARAGRAPHS = {f"{rule.id}.{one.id}": one for rule in rule_book().rules for one in rule.paragraphs}


@cache
def judged(index: int) -> Verdict:
    return screen(cases()[index].intake, today=TODAY)


def said(verdict: Verdict, known: bool) -> set[str]:
    return {f"{reason.rule}.{reason.paragraph}" for reason in verdict.reasons if reason.known is known}


@pytest.mark.parametrize("index", range(len(cases())), ids=[str(case) for case in cases()])
def test_case(index: int) -> None:
    case, verdict = cases()[index], judged(index)
    assert verdict.action.name == case.raw["verdict"], verdict.reasons
    assert (case.paragraph in said(verdict, True)) is (case.kind == "fires")
    if case.kind == "unknown" and PARAGRAPHS[case.paragraph].action > 0:
        assert case.paragraph in said(verdict, False)
        assert verdict.missing
    if case.kind == "misses":
        assert case.paragraph not in said(verdict, False)
    if "limits" in case.raw:
        assert list(verdict.limits) == case.raw["limits"]
    assert verdict.may_treat is case.raw.get("may_treat", case.raw["verdict"] in {"OK", "CAUTION"})


@pytest.mark.parametrize("raw", more("combinations"), ids=lambda raw: raw["title"])
def test_combination(raw: Mapping[str, Any]) -> None:
    verdict = screen(intake_of(raw), today=TODAY)
    assert verdict.action.name == raw["verdict"]
    assert said(verdict, True) == set(raw["says"])
    if "limits" in raw:
        assert list(verdict.limits) == raw["limits"]
    if "missing" in raw:
        assert [one["question"] for one in verdict.missing] == raw["missing"]
    if "for" in raw:
        assert [one["id"] for one in verdict.indications] == raw["for"]


@pytest.mark.parametrize("raw", more("adaptive"), ids=lambda raw: raw["title"])
def test_pages_adapt(raw: Mapping[str, Any]) -> None:
    intake = intake_of(raw)
    questions = intake_questions().by_id
    shown = {key for key in questions if visible(questions[key], intake.answers, intake.region)}
    assert set(raw.get("asked", ())) <= shown
    assert not set(raw.get("hidden", ())) & shown


def test_the_book_is_long_enough() -> None:
    assert len(cases()) >= 300


def test_every_rule_of_the_list_is_there() -> None:
    assert {f"R{n:02d}" for n in range(1, 41)} <= {rule.id for rule in rule_book().rules}


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_every_paragraph_has_its_three_cases(paragraph: str) -> None:
    kinds = Counter(case.kind for case in cases() if case.paragraph == paragraph)
    assert all(kinds[kind] for kind in KINDS), kinds


def test_no_case_is_about_a_paragraph_that_is_not_there() -> None:
    assert {case.paragraph for case in cases()} == set(PARAGRAPHS)


def test_a_title_stands_for_one_case() -> None:
    names = Counter(str(case) for case in cases())
    assert [name for name, count in names.items() if count > 1] == []


def cut_offs() -> Iterator[tuple[Rule, str, float]]:
    for rule in rule_book().rules:
        for name, cut in rule.cut_offs.items():
            yield rule, name, cut.value + cut.step
            yield rule, name, cut.value - cut.step


@cache
def by_rule() -> dict[str, list[tuple[int, Case]]]:
    found = defaultdict(list)
    for index, case in enumerate(cases()):
        found[case.paragraph.partition(".")[0]].append((index, case))
    return found


@pytest.mark.parametrize(("rule", "name", "value"), list(cut_offs()), ids=lambda part: getattr(part, "id", str(part)))
def test_a_cut_off_moved_by_one_step_fails_a_case_of_its_paragraph(rule: Rule, name: str, value: float) -> None:
    changed = rule_book().with_cut_off(rule.id, name, value)
    broken = set()
    for index, case in by_rule()[rule.id]:
        before = case.paragraph in said(judged(index), True)
        if (case.paragraph in said(screen(case.intake, changed, today=TODAY), True)) is not before:
            broken.add(case.paragraph)
    using = {
        f"{rule.id}.{one.id}" for one in rule.paragraphs if name in {atom.cut_off for atom in atoms(one.condition)}
    }
    assert broken == using, f"{rule.id} {name} moved to {value}"
    assert changed.sha256 != rule_book().sha256


def test_healthy_people_are_asked_little() -> None:
    questions = intake_questions().by_id
    for name in ("man", "woman", "neck"):
        answers = intake_of({"base": name}).answers
        region = bases()[name]["region"]
        asked = [one for one in questions.values() if visible(one, answers, region)]
        assert sum(one.asked_of == "patient" for one in asked) <= 42
        assert sum(one.asked_of == "clinician" for one in asked) <= 28


def test_an_indication_is_never_a_promise() -> None:
    for one in all_indications():
        assert one.evidence
        assert one.source
        assert "%" not in one.evidence or "without surgery" in one.evidence or "Oswestry" in one.evidence
