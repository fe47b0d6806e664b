"""The book of rules, read from rules/*.toml: a rule has paragraphs, each a condition and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from opentraction.quantities import BadInput
from opentraction.quantities.canonical import canonical, sha256
from opentraction.quantities.toml_file import Table, parse_toml
from opentraction.screening.actions import Action
from opentraction.screening.codes import Code, codes_of
from opentraction.screening.conditions import Condition, atoms, parse_condition
from opentraction.screening.cut_offs import CERTAINTIES, CutOff, read_cut_offs
from opentraction.screening.question import REGIONS, Questions
from opentraction.screening.questions import intake_questions, read_questions
from opentraction.screening.well_formed import check_condition

_HERE = Path(__file__).parent

LIMITS = (
    "do_not_start", "reduced_force", "supine_flexed", "occipital_harness_only", "treated_region_excluded",
    "no_inversion", "neurological_check_each_visit", "no_thoracic_belt", "imaging_before_full_force", "stop_test_twice",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One sentence of a rule: if this, then that; `why` for the patient, `clinical` for the letter."""

    id: str
    condition: Condition
    action: Action
    why: str
    clinical: str
    next_step: str
    limits: tuple[str, ...]
    regions: tuple[str, ...]
    certainty: str

    def document(self) -> dict[str, Any]:
        return {
            "id": self.id, "if": self.condition.document(), "action": self.action.name, "why": self.why,
            "clinical": self.clinical, "next_step": self.next_step, "limits": list(self.limits),
            "regions": list(self.regions), "certainty": self.certainty,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with its source, how sure it is, and who has reviewed it (nobody yet: empty)."""

    id: str
    title: str
    theme: str
    source: str
    certainty: str
    reviewed_by: str
    codes: tuple[Code, ...]
    cut_offs: Mapping[str, CutOff]
    paragraphs: tuple[Paragraph, ...]

    def document(self) -> dict[str, Any]:
        return {
            "id": self.id, "title": self.title, "source": self.source, "certainty": self.certainty,
            "reviewed_by": self.reviewed_by, "codes": [code.document() for code in self.codes],
            "cut_offs": {name: cut.document() for name, cut in self.cut_offs.items()},
            "paragraphs": [paragraph.document() for paragraph in self.paragraphs],
        }  # fmt: skip


@dataclass(frozen=True)
class RuleBook:
    """All rules with the questions they ask. Its hash is the version that a verdict names."""

    rules: tuple[Rule, ...]
    questions: Questions

    @cached_property
    def sha256(self) -> str:
        """The version: it changes with any rule, cut-off, question's bounds or `when`."""
        asked = [question.document() for page in self.questions.pages for question in page.questions]
        cuts = {name: cut.document() for name, cut in self.questions.cut_offs.items()}
        rules = [rule.document() for rule in self.rules]
        return sha256(canonical({"rules": rules, "questions": asked, "cut_offs": cuts}))

    def paragraphs(self, region: str) -> Iterator[tuple[Rule, Paragraph]]:
        """Every paragraph that applies to a region."""
        for rule in self.rules:
            for paragraph in rule.paragraphs:
                if region in paragraph.regions:
                    yield rule, paragraph

    def with_cut_off(self, rule: str, name: str, value: float) -> RuleBook:
        """A copy with one cut-off changed, to see what hangs on it."""

        def changed(one: Rule) -> Rule:
            if one.id != rule:
                return one
            return replace(one, cut_offs={**one.cut_offs, name: replace(one.cut_offs[name], value=value)})

        return RuleBook(tuple(changed(one) for one in self.rules), self.questions)


@cache
def rule_book() -> RuleBook:
    """The shipped rules of the full intake."""
    return read_rules("rules", intake_questions())


@cache
def visit_book() -> RuleBook:
    """The shipped rules of the check on the day of a session."""
    return read_rules("visit", read_questions("visit"))


def read_rules(folder: str, questions: Questions) -> RuleBook:
    """The rules of every theme in a folder of this room, in the order of their ids. Raises BadInput."""
    there = (_HERE / folder).iterdir()
    themes = sorted(entry.name for entry in there if entry.name.endswith(".toml") and not entry.name[0].isdigit())
    rules = [rule for name in themes if name.count(".") == 1 for rule in _theme(folder, name, questions)]
    return RuleBook(tuple(sorted(rules, key=lambda rule: rule.id)), questions)


def _theme(folder: str, name: str, questions: Questions) -> Iterator[Rule]:
    text = (_HERE / folder / name).read_text("utf-8")
    top = parse_toml(text, f"{folder}/{name}")
    for key in top.data:
        yield _rule(key, name.removesuffix(".toml"), top.table(key), questions)


def _rule(key: str, theme: str, table: Table, questions: Questions) -> Rule:
    table.only("title", "regions", "source", "certainty", "reviewed_by", "codes", "cut_offs", "paragraphs")
    cut_offs = read_cut_offs(table.table("cut_offs"))
    certainty = table.word("certainty", CERTAINTIES)
    regions = _regions(table, REGIONS)
    paragraphs = tuple(_paragraph(part, regions, certainty) for part in table.tables("paragraphs"))
    for paragraph, part in zip(paragraphs, table.tables("paragraphs"), strict=True):
        check_condition(paragraph.condition, questions, cut_offs, part.refuse)
    _all_used(table, cut_offs, paragraphs)
    return Rule(
        id=key,
        title=table.text("title"),
        theme=theme,
        source=table.text("source", longest=300),
        certainty=certainty,
        reviewed_by=table.text("reviewed_by", ""),
        codes=codes_of(table.data.get("codes", []), table.place("codes"), table.source),
        cut_offs=cut_offs,
        paragraphs=paragraphs,
    )


def _paragraph(table: Table, regions: tuple[str, ...], certainty: str) -> Paragraph:
    table.only("id", "if", "action", "why", "clinical", "next_step", "limits", "regions", "certainty")
    limits = tuple(table.data.get("limits", ()))
    for limit in limits:
        if limit not in LIMITS:
            raise table.refuse("limits", limit, "among " + ", ".join(LIMITS))
    return Paragraph(
        id=table.text("id"),
        condition=parse_condition(table.data.get("if"), table.place("if")),
        action=Action[table.word("action", [action.name for action in Action])],
        why=table.text("why", longest=300),
        clinical=table.text("clinical", longest=300),
        next_step=table.text("next_step", "", longest=300),
        limits=limits,
        regions=_regions(table, regions),
        certainty=table.word("certainty", CERTAINTIES, certainty),
    )


def _regions(table: Table, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    regions = tuple(table.data.get("regions", otherwise))
    if not regions or not set(regions) <= set(REGIONS):
        raise table.refuse("regions", list(regions), "a list of " + " and ".join(REGIONS))
    return regions


def _all_used(table: Table, cut_offs: Mapping[str, CutOff], paragraphs: tuple[Paragraph, ...]) -> None:
    used = {atom.cut_off for paragraph in paragraphs for atom in atoms(paragraph.condition)}
    for name in cut_offs:
        if name not in used:
            raise BadInput(table.place(f"cut_offs.{name}"), name, "a cut-off that a paragraph uses", table.source)
