"""An intake: who (a pseudonym), which region, and the answers. As a value, as a TOML file, as a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from opentraction.quantities import BadInput, State
from opentraction.quantities.canonical import Canonical
from opentraction.quantities.toml_file import Table, parse_toml, read_text
from opentraction.screening.answers import Answer, plain_answers
from opentraction.screening.question import REGIONS, Question
from opentraction.screening.questions import intake_questions
from opentraction.screening.reading import read_answer
from opentraction.screening.scene import Scene, asked_answers
from opentraction.screening.spelled import spell

_KEYS = {"doc", "schema", "pseudonym", "region", "answers"}
BODY = {"mass": "body_mass", "stature": "stature", "age": "age", "sex": "sex"}  # as a patient file writes them


@dataclass(frozen=True, slots=True)
class Intake(Canonical):
    """The answers of one person about one region. Answers to questions that are not asked are left out on `of`."""

    pseudonym: str
    region: str
    answers: Mapping[str, Answer]

    @staticmethod
    def of(pseudonym: str, region: str, answers: Mapping[str, Answer]) -> Intake:
        """An intake of answers already read; those whose question is not asked any more are dropped."""
        if region not in REGIONS:
            raise BadInput("region", region, "one of " + ", ".join(REGIONS))
        return Intake(pseudonym, region, asked_answers(answers, region))

    def document(self) -> dict[str, Any]:
        return {
            "doc": "intake", "schema": 1, "pseudonym": self.pseudonym, "region": self.region,
            "answers": plain_answers(self.answers),
        }  # fmt: skip

    @staticmethod
    def from_document(raw: Mapping[str, Any]) -> Intake:
        """The intake that `document` told. Raises BadInput."""
        if not isinstance(raw.get("answers"), dict) or raw.keys() != {
            "doc",
            "schema",
            "pseudonym",
            "region",
            "answers",
        }:
            raise BadInput("intake", sorted(raw), "an intake as its document says it")
        answers = {key: from_plain(_question(key, "intake"), value) for key, value in raw["answers"].items()}
        return Intake.of(str(raw["pseudonym"]), raw["region"], answers)


def from_plain(question: Question, raw: Any) -> Answer:
    """An answer as `plain_answer` wrote it. Raises BadInput."""
    if question.measure and isinstance(raw, int | float) and not isinstance(raw, bool):
        return read_answer(question, f"{raw!r} {question.unit}")
    if question.kind == "grid" and isinstance(raw, list):
        return read_answer(question, _rows(raw))
    return read_answer(question, raw)


def _rows(cells: list[Any]) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {}
    for cell in cells:
        if not isinstance(cell, dict) or cell.keys() != {"row", "side", "value"}:
            raise BadInput("answers", cell, "cells with row, side and value")
        pair = rows.setdefault(str(cell["row"]), ["unknown", "unknown"])
        if cell["value"] is not None:
            pair[cell["side"] == "right"] = cell["value"]
    return rows


def read_intake(path: str | Path) -> Intake:
    """The intake in a TOML file. Raises BadInput, naming file, field, value and what is allowed."""
    return parse_intake(read_text(path), str(path))


def parse_intake(text: str, source: str = "intake") -> Intake:
    """The intake in a TOML text. Raises BadInput."""
    top = parse_toml(text, source)
    try:
        return _intake(top)
    except BadInput as refusal:
        raise refusal.within(source) from None


def _intake(top: Table) -> Intake:
    top.only("region", "patient", "body", "answers")
    region = top.word("region", REGIONS)
    who = top.table("patient")
    who.only("pseudonym")
    answers = _body(top.table("body"))
    for key, raw in top.table("answers").data.items():
        if key in answers:
            raise BadInput(f"answers.{key}", raw, "one answer; the section body has it already")
        answers[key] = read_answer(_question(key, "answers"), raw, f"answers.{key}")
    _nothing_unasked(answers, region)
    return Intake(_pseudonym(who), region, answers)


def _pseudonym(who: Table) -> str:
    name = who.text("pseudonym", longest=40)
    if not name.replace("-", "").replace("_", "").isalnum():
        raise who.refuse("pseudonym", name, "1 to 40 letters, digits, - or _, and never a name")
    return name


def _body(table: Table) -> dict[str, Answer]:
    table.only(*BODY)
    by_id = intake_questions().by_id
    return {
        key: read_answer(by_id[key], _years(table.data[name]) if name == "age" else table.data[name], f"body.{name}")
        for name, key in BODY.items()
        if name in table
    }


def _years(raw: object) -> object:
    """`"54 y"` as a patient file writes it."""
    return raw.removesuffix("years").removesuffix("y").strip() if isinstance(raw, str) else raw


def _question(key: str, where: str) -> Question:
    by_id = intake_questions().by_id
    if key not in by_id:
        raise BadInput(f"{where}.{key[:60]}", key[:60], "the id of a question: " + ", ".join(by_id))
    return by_id[key]


def _nothing_unasked(answers: Mapping[str, Answer], region: str) -> None:
    """A file that answers what its other answers rule out contradicts itself."""
    scene = Scene(answers, region, None)
    for key in answers:
        question = scene.questions[key]
        if region not in question.regions:
            raise BadInput(
                f"answers.{key}", State("answered"), f"no answer; it is asked for {question.regions[0]} only"
            )
        if scene.asked(key).truth is False:
            when = spell(question.when, intake_questions().cut_offs) if question.when else ""
            raise BadInput(f"answers.{key}", State("answered"), f"no answer; it is asked only when {when}")


def check_dates(answers: Mapping[str, Answer], today: date) -> None:
    """Nothing that happened lies in the future. Raises BadInput."""
    for key, answer in answers.items():
        if isinstance(answer, date) and answer > today:
            raise BadInput(key, answer.isoformat(), f"a date up to {today.isoformat()}")
