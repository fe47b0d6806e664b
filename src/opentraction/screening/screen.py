"""Screening: every rule is asked, the worst answer wins, and what is not known holds the treatment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from opentraction.screening.actions import Action, unknown_weighs
from opentraction.screening.answers import known, plain_answers
from opentraction.screening.conditions import atoms
from opentraction.screening.indications import indications
from opentraction.screening.intake import Intake, check_dates
from opentraction.screening.rules import Paragraph, Rule, RuleBook, rule_book
from opentraction.screening.scene import Finding, Scene
from opentraction.screening.validity import validity
from opentraction.screening.verdict import Reason, Verdict

GRAVE = Action.REFER  # from here on up, a paragraph makes each question it asks a safety question


def screen(intake: Intake, rules: RuleBook | None = None, *, today: date) -> Verdict:
    """The verdict on an intake on the day `today`. Pure: the same three give the same verdict. Raises BadInput."""
    book = rules or rule_book()
    check_dates(intake.answers, today)
    scene = Scene(intake.answers, intake.region, today, book.questions)
    reasons = judge(book, scene)
    worst = max((reason.action for reason in reasons), default=Action.OK)
    spoke = {(reason.rule, reason.paragraph) for reason in reasons if reason.known}
    return Verdict(
        region=intake.region,
        action=worst,
        reasons=reasons,
        missing=missing(reasons, scene),
        next_steps=_next_steps(book, reasons),
        limits=_limits(book, spoke),
        indications=indications(scene) if worst < Action.EXCLUDE else (),
        pseudonym=intake.pseudonym,
        rules_version=book.sha256,
        intake_sha256=intake.sha256,
        decided=today,
        valid_until=today + timedelta(days=validity().intake_days),
    )


def judge(book: RuleBook, scene: Scene) -> tuple[Reason, ...]:
    """Every paragraph that speaks, worst first; those that hold before those that are not known."""
    told = set()
    reasons = []
    for rule, paragraph in book.paragraphs(scene.region):
        finding = scene.judge(paragraph.condition, rule.cut_offs)
        reason = _reason(rule, paragraph, finding, scene)
        if reason is not None:
            reasons.append(reason)
            told |= set(finding.open)
    reasons += _silent(book, scene, told)
    return tuple(sorted(reasons, key=lambda reason: (-reason.action, not reason.known)))


def _reason(rule: Rule, paragraph: Paragraph, finding: Finding, scene: Scene) -> Reason | None:
    if finding.truth is True:
        return _said(rule, paragraph, paragraph.action, finding.stands_on, scene)
    weight = unknown_weighs(paragraph.action)
    if finding.truth is None and weight > Action.OK:
        return _not_known(rule, paragraph, weight, finding.open, scene)
    return None


def _silent(book: RuleBook, scene: Scene, told: set[str]) -> list[Reason]:
    """A safety question that is asked and not known holds, even where other answers make its paragraphs false."""
    found = []
    for key in unanswered(scene):
        if key in told or not scene.questions[key].safety:
            continue
        rule, paragraph = _asker(book, scene.region, key)
        found.append(_not_known(rule, paragraph, Action.HOLD, (key,), scene))
    return found


def unanswered(scene: Scene) -> tuple[str, ...]:
    """Every question that is asked now and is not known in full, in the order of the pages."""
    return tuple(key for key in scene.questions if scene.asked(key).truth is True and not known(scene.answers.get(key)))


def _asker(book: RuleBook, region: str, key: str) -> tuple[Rule, Paragraph]:
    """The gravest paragraph that asks a question."""
    asking = [
        (rule, paragraph)
        for rule, paragraph in book.paragraphs(region)
        if any(atom.question == key for atom in atoms(paragraph.condition))
    ]
    return max(asking, key=lambda pair: pair[1].action)


def _said(rule: Rule, paragraph: Paragraph, action: Action, stands_on: tuple[str, ...], scene: Scene) -> Reason:
    return Reason(
        rule=rule.id, paragraph=paragraph.id, title=rule.title, action=action, known=True, why=paragraph.why,
        clinical=paragraph.clinical, codes=tuple(code.document() for code in rule.codes), source=rule.source,
        certainty=paragraph.certainty, answers=_given(scene, stands_on),
    )  # fmt: skip


def _not_known(rule: Rule, paragraph: Paragraph, action: Action, open_: Iterable[str], scene: Scene) -> Reason:
    keys = tuple(open_)
    return Reason(
        rule=rule.id, paragraph=paragraph.id, title=rule.title, action=action, known=False,
        why=f"We do not know yet: {_asked_words(scene, keys)}",
        clinical=f"{rule.title}: not known ({', '.join(keys)}).", codes=(), source=rule.source,
        certainty=paragraph.certainty, answers=_given(scene, keys), open=keys,
    )  # fmt: skip


def _asked_words(scene: Scene, keys: tuple[str, ...]) -> str:
    return " / ".join(scene.questions[key].words(scene.region) for key in keys)


def _given(scene: Scene, keys: Iterable[str]) -> Mapping[str, Any]:
    return plain_answers({key: scene.answers[key] for key in keys if key in scene.answers})


def missing(reasons: tuple[Reason, ...], scene: Scene) -> tuple[Mapping[str, str], ...]:
    """The questions that a reason waits for, in the order of the pages."""
    waited_for = {key for reason in reasons for key in reason.open}
    left_open = [key for key in scene.questions if key in waited_for]
    return tuple({"question": key, "text": scene.questions[key].words(scene.region)} for key in left_open)


def _next_steps(book: RuleBook, reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    steps = {(rule.id, paragraph.id): paragraph.next_step for rule in book.rules for paragraph in rule.paragraphs}
    forbidden = any(reason.known and reason.action >= Action.EXCLUDE for reason in reasons)
    least = Action.HOLD if forbidden else Action.OK  # how to pull with care is no next step where nobody pulls
    said = [steps[reason.rule, reason.paragraph] for reason in reasons if reason.known and reason.action >= least]
    if any(not reason.known for reason in reasons):
        said.append("Answer the questions that are still open, then screen again.")
    return tuple(dict.fromkeys(step for step in said if step))


def _limits(book: RuleBook, spoke: set[tuple[str, str]]) -> tuple[str, ...]:
    found = [
        limit
        for rule in book.rules
        for paragraph in rule.paragraphs
        if (rule.id, paragraph.id) in spoke
        for limit in paragraph.limits
    ]
    return tuple(sorted(set(found)))
