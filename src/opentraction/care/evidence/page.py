"""What the patient's page of evidence says: our wording in short, both sides, what guidelines and regulators say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from opentraction.care.evidence.natural_history import ID, NaturalHistory, natural_history
from opentraction.care.evidence.positions import Position, guidelines, regulators
from opentraction.care.evidence.questions import Question, questions
from opentraction.care.evidence.studies import DIRECTIONS, Direction, Study, studies
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml, read_text

FILE: Final = Path(__file__).parent / "words.toml"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence for patients and the ids it leans on."""

    id: str
    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """The page's content in its order. `sides` holds every study by direction, both regions."""

    headline: Sentence
    known: tuple[Sentence, ...]
    unknown: tuple[Sentence, ...]
    ours: tuple[Sentence, ...]
    sides: dict[Direction, tuple[Study, ...]]
    natural: NaturalHistory
    guidelines: tuple[Position, ...]
    regulators: tuple[Position, ...]
    questions: tuple[Question, ...]


@cache
def evidence_page() -> EvidencePage:
    """The whole content. Raises BadInput when a sentence leans on something that is not there."""
    file = parse_toml(read_text(FILE), FILE.name)
    said = {key: tuple(_sentence(one) for one in file.tables(key)) for key in ("headline", "known", "unknown", "ours")}
    page = EvidencePage(
        headline=said["headline"][0],
        known=said["known"],
        unknown=said["unknown"],
        ours=said["ours"],
        sides={side: tuple(one for one in studies() if one.direction == side) for side in DIRECTIONS},
        natural=natural_history(),
        guidelines=guidelines(),
        regulators=regulators(),
        questions=questions(),
    )
    _check_cites(page)
    return page


def citation(ident: str) -> str:
    """One line for a reader: `Wegner, 2013: Cochrane Database ...`. A KeyError names a programming mistake."""
    return _citations()[ident]


@cache
def _citations() -> dict[str, str]:
    lines = {ID: natural_history().pooled.source}
    for study in studies():
        lines[study.id] = _line(f"{study.name}, {study.year}", study.source, study.caveat)
    for position in guidelines() + regulators():
        lines[position.id] = _line(f"{position.who}, {position.year}", position.source, position.caveat)
    return lines


def _line(name: str, source: str, caveat: str) -> str:
    return name + (f": {source}" if source else "") + (f" ({caveat})" if caveat else "")


def _sentence(table: Table) -> Sentence:
    cites = table.need("cites", "[]")
    if not isinstance(cites, list):
        raise table.refuse("cites", cites, "a list of ids")
    return Sentence(table.text("id"), table.text("text", longest=250), tuple(str(one) for one in cites))


def _check_cites(page: EvidencePage) -> None:
    leaning: tuple[Sentence | Question, ...] = (page.headline, *page.known, *page.unknown, *page.ours, *page.questions)
    for one in leaning:
        for ident in one.cites:
            if ident not in _citations():
                raise BadInput(f"{one.id}.cites", ident, "the id of a study, a guideline or a regulator", FILE.name)
