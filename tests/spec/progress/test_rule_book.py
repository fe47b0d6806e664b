"""The rule book of a course: every rule fires, just misses, and treats a missing answer as missing.

Change a number in rules.toml and the paragraph of that rule fails: the last test changes every number and looks.
"""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from opentraction.prescription import progress
from opentraction.prescription.progress import Findings, Moment, Pain, read_rules, shipped, starting_force
from opentraction.prescription.progress.rules import NUMBERS, Book
from opentraction.quantities import parse_force, parse_quantity
from tests.spec.progress.book import KINDS, TODAY, Paragraph, advise, changed, paragraphs, read

BOOK = paragraphs("bounds", "before", "progress", "course", "gaps", "maintenance")
SESSION = paragraphs("session")
SURGERY = paragraphs("surgery")
TEXT = files(progress).joinpath("rules.toml").read_text("utf-8")


def complaint(paragraph: Paragraph, rules: Book | None = None) -> str:
    """What is not as the paragraph says; empty when all is."""
    if paragraph in SESSION:
        return "; ".join(_session(paragraph, rules))
    if paragraph in SURGERY:
        return "; ".join(_surgery(paragraph, rules))
    return "; ".join(_advice(paragraph, rules))


def _advice(paragraph: Paragraph, rules: Book | None) -> list[str]:
    then, advice = dict(paragraph.then), advise(paragraph, rules)
    said = [reason.rule for reason in advice.reasons]
    wrong = _names("says", then.pop("says", []), said) + _names("asks", then.pop("asks", []), _keys(advice.questions))
    wrong += _names("refers", then.pop("refers", []), [one.rule for one in advice.referrals])
    wrong += [f"{rule} spoke" for rule in then.pop("silent", []) if rule in said]
    wrong += _force("force", then.pop("force", None), advice.force)
    if "length" in then:
        length = parse_quantity(then.pop("length"), "time", "length")
        wrong += [] if advice.length == pytest.approx(length, abs=0.5) else [f"length {advice.length}"]
    wrong += _start(paragraph, then, rules)
    for key, value in then.items():
        got = getattr(advice, key)
        if (list(got) if isinstance(got, tuple) else got) != value:
            wrong.append(f"{key} is {got!r}, not {value!r}: {said}")
    return wrong


def _keys(questions: Any) -> list[str]:
    return [question.key for question in questions]


def _names(what: str, wanted: list[str], got: list[str]) -> list[str]:
    return [f"{what}: no {one} in {got}" for one in wanted if one not in got]


def _force(what: str, wanted: str | None, got: float | None) -> list[str]:
    """The written force, rounded down to a whole newton at the most."""
    if wanted is None:
        return []
    if wanted == "none" or got is None:
        return [] if (wanted == "none") == (got is None) else [f"{what} is {got}, not {wanted}"]
    newtons = parse_force(wanted, what).newtons(80.0)
    return [] if -1.0 < got - newtons < 0.8 else [f"{what} is {got:.1f} N, not {wanted} ({newtons:.1f} N)"]


def _start(paragraph: Paragraph, then: dict[str, Any], rules: Book | None) -> list[str]:
    course = read(paragraph)
    start = starting_force(course.course, course.history.screened, rules)
    wrong = _force("planned", then.pop("planned", None), start.planned.force)
    wrong += _force("cap", then.pop("cap", None), start.cap.force)
    bound = then.pop("cap_bound", None)
    if bound is not None and start.cap.binding.reason.rule != bound:
        wrong.append(f"the cap is bound by {start.cap.binding.reason.rule}, not {bound}")
    return wrong


def _session(paragraph: Paragraph, rules: Book | None) -> list[str]:
    plain: dict[str, Any] = {"before": {"spine": 4, "limb": 3}, "now": {"spine": 4, "limb": 3}}
    plain |= dict.fromkeys(("new_distal", "dizzy", "button", "force_error", "slip"), False)
    told = changed(plain, paragraph.given["moment"])
    told |= {key: Pain(**told[key]) for key in ("before", "now") if key in told}
    verdict, then = progress.stop_session(Moment(**told), rules), paragraph.then
    wrong = [] if verdict.stop == then["stop"] else [f"stop is {verdict.stop}: {verdict.reasons}"]
    wrong += _names("says", then.get("says", []), [reason.rule for reason in verdict.reasons])
    wrong += _names("asks", then.get("asks", []), _keys(verdict.questions))
    return wrong + (["asks"] if then.get("asks") == [] and verdict.questions else [])


def _surgery(paragraph: Paragraph, rules: Book | None) -> list[str]:
    plain = {"today": TODAY, "odi": 40, "limb": 6, "onset": date(2026, 1, 1), "imaging_fits": True}
    if set(paragraph.given["found"]) & {"red_flags", "strength_drop", "weakest_muscle"}:
        plain["odi"] = 39
    fired, questions = progress.surgical_referral(Findings(**changed(plain, paragraph.given["found"])), rules)
    then, rules_fired = paragraph.then, [one.reason.rule for one in fired]
    wrong = [] if rules_fired == then["refers"] else [f"refers to {rules_fired}"]
    if "asks" in then and _keys(questions) != then["asks"]:
        wrong.append(f"asks {_keys(questions)}")
    if "urgency" in then and [one.urgency for one in fired] != [then["urgency"]]:
        wrong.append(f"urgency of {fired}")
    return wrong


@pytest.mark.parametrize("paragraph", BOOK + SESSION + SURGERY, ids=str)
def test_the_advice_is_as_the_book_says(paragraph: Paragraph) -> None:
    assert complaint(paragraph) == ""


def test_every_rule_has_a_paragraph_in_which_it_speaks() -> None:
    told = {paragraph.rule for paragraph in BOOK + SESSION + SURGERY}
    assert told == set(NUMBERS)
    assert {paragraph.kind for paragraph in BOOK + SESSION + SURGERY} == set(KINDS)


def test_every_rule_says_whether_a_clinician_has_reviewed_it() -> None:
    assert {rule.reviewed_by for rule in shipped().values()} == {""}
    assert [rule.id for rule in shipped().values() if len(rule.source) < 7] == []


def numbers() -> list[tuple[str, str]]:
    return [(rule, name) for rule, kinds in NUMBERS.items() for name in kinds]


def other_numbers(written: str) -> list[str]:
    """The number a step lower and a step higher: one for what is counted, a tenth for what is measured."""
    match = re.match(r'"?([0-9.]+)(.*)', written)
    assert match is not None
    number, unit = float(match[1]), match[2]
    if not unit:
        return [str(int(number) - 1), str(int(number) + 1)]
    return [f'"{number * 0.9:.6g}{unit}', f'"{number * 1.1:.6g}{unit}']


@pytest.mark.parametrize(("rule", "name"), numbers(), ids=str)
def test_a_changed_number_fails_a_paragraph_of_its_rule(rule: str, name: str) -> None:
    head, body = TEXT.split(f"[{rule}]\n", 1)
    line = re.search(rf"^{name} = (.+)$", body, re.MULTILINE)
    assert line is not None
    own = [paragraph for paragraph in BOOK + SESSION + SURGERY if paragraph.rule == rule]
    for other in other_numbers(line[1]):
        changed_body = body[: line.start(1)] + other + body[line.end(1) :]
        rules = read_rules(f"{head}[{rule}]\n{changed_body}")
        assert any(complaint(paragraph, rules) for paragraph in own), f"{rule}.{name} = {other} goes unnoticed"
