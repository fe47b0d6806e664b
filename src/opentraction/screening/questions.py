"""The questions of the intake, read from questions/*.toml: a file is a page, in the order of its number."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml
from opentraction.screening.conditions import parse_condition
from opentraction.screening.cut_offs import CutOff, read_cut_offs
from opentraction.screening.question import ASKED_OF, KINDS, REGIONS, Page, Question, Questions
from opentraction.screening.well_formed import Refuse, check_condition

_HERE = Path(__file__).parent
_KEYS = (
    "id", "kind", "text", "text_cervical", "help", "when", "safety", "record_only", "regions",
    "unit", "measure", "low", "high", "whole", "options", "rows",
)  # fmt: skip


@cache
def intake_questions() -> Questions:
    """The shipped intake."""
    return read_questions("questions")


@cache
def read_questions(folder: str) -> Questions:
    """The pages in a folder of this room. Raises BadInput for a file that is not one."""
    names = sorted(entry.name for entry in (_HERE / folder).iterdir() if entry.name[0].isdigit())
    read = [_page(folder, name) for name in names if name.endswith(".toml") and name.count(".") == 1]
    cuts = {name: cut for _, page_cuts in read for name, cut in page_cuts.items()}
    questions = Questions(tuple(page for page, _ in read), cuts)
    _check_when(questions)
    return questions


def _check_when(questions: Questions) -> None:
    """Every `when` can be judged; what it asks comes from a question that exists."""
    for key, question in questions.by_id.items():
        if question.when is not None:
            check_condition(question.when, questions, questions.cut_offs, _refusal_of(key))


def _refusal_of(key: str) -> Refuse:
    return lambda part, value, allowed: BadInput(f"{key}.{part}", value, allowed)


def pages(asked_of: str, region: str) -> tuple[Page, ...]:
    """The intake's pages for one reader (patient or clinician) and region, without questions of the other region."""
    of_region = (
        Page(page.id, page.title, page.asked_of, tuple(q for q in page.questions if region in q.regions))
        for page in intake_questions().pages
        if page.asked_of == asked_of
    )
    return tuple(page for page in of_region if page.questions)


def _page(folder: str, name: str) -> tuple[Page, dict[str, CutOff]]:
    text = (_HERE / folder / name).read_text("utf-8")
    top = parse_toml(text, f"{folder}/{name}")
    top.only("page", "cut_offs", "questions")
    about = top.table("page")
    about.only("id", "title", "asked_of")
    page, asked_of = about.text("id"), about.word("asked_of", ASKED_OF)
    questions = tuple(_question(table, page, asked_of) for table in top.tables("questions"))
    return Page(page, about.text("title"), asked_of, questions), read_cut_offs(top.table("cut_offs"))


def _question(table: Table, page: str, asked_of: str) -> Question:
    table.only(*_KEYS)
    return Question(
        id=table.text("id"),
        page=page,
        asked_of=asked_of,
        kind=table.word("kind", KINDS),
        text=table.text("text", longest=300),
        text_cervical=table.text("text_cervical", "", longest=300),
        help=table.text("help", "", longest=400),
        when=parse_condition(table.data["when"], table.place("when")) if "when" in table else None,
        safety=table.flag("safety"),
        record_only=table.flag("record_only"),
        regions=tuple(table.data.get("regions", REGIONS)),
        unit=table.text("unit", ""),
        measure=table.text("measure", ""),
        low=table.number("low", -1e4, 1e4, 0.0),
        high=table.number("high", -1e4, 1e4, 0.0),
        whole=table.flag("whole"),
        options=table.table("options").data,
        rows=table.table("rows").data,
    )
