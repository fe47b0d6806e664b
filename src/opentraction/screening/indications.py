"""What a pull might be for, from indications.toml: told only where nothing excludes it, with the evidence in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from opentraction.quantities.toml_file import Table, parse_toml
from opentraction.screening.codes import Code, codes_of
from opentraction.screening.conditions import Condition, parse_condition
from opentraction.screening.cut_offs import CERTAINTIES, CutOff, read_cut_offs
from opentraction.screening.question import REGIONS
from opentraction.screening.questions import intake_questions
from opentraction.screening.scene import Scene
from opentraction.screening.well_formed import check_condition

_HERE = Path(__file__).parent

SCORES = {3: "best fit of those studied", 2: "weak", 1: "low priority", 0: "not a proven predictor"}


@dataclass(frozen=True, slots=True)
class Indication:
    """One indication or subgroup: `score` 3 to 0 is how well trials studied it, not a chance of success."""

    id: str
    title: str
    score: int
    evidence: str
    source: str
    certainty: str
    regions: tuple[str, ...]
    condition: Condition
    cut_offs: Mapping[str, CutOff]
    codes: tuple[Code, ...]


@cache
def all_indications() -> tuple[Indication, ...]:
    """P1 to P6 and the subgroups, as shipped."""
    top = parse_toml((_HERE / "indications.toml").read_text("utf-8"), "indications.toml")
    return tuple(_indication(key, top.table(key)) for key in top.data)


def indications(scene: Scene) -> tuple[Mapping[str, Any], ...]:
    """Those that hold, best studied first."""
    holds = [
        one
        for one in all_indications()
        if scene.region in one.regions and scene.judge(one.condition, one.cut_offs).truth is True
    ]
    return tuple(_told(one) for one in sorted(holds, key=lambda one: -one.score))


def _told(one: Indication) -> dict[str, Any]:
    return {
        "id": one.id, "title": one.title, "score": one.score, "strength": SCORES[one.score], "evidence": one.evidence,
        "source": one.source, "certainty": one.certainty, "codes": [code.document() for code in one.codes],
    }  # fmt: skip


def _indication(key: str, table: Table) -> Indication:
    table.only("title", "score", "evidence", "source", "certainty", "reviewed_by", "regions", "if", "cut_offs", "codes")
    cut_offs = read_cut_offs(table.table("cut_offs"))
    condition = parse_condition(table.data.get("if"), table.place("if"))
    check_condition(condition, intake_questions(), cut_offs, table.refuse)
    return Indication(
        id=key,
        title=table.text("title"),
        score=table.count("score", 0, 3),
        evidence=table.text("evidence", longest=400),
        source=table.text("source", longest=300),
        certainty=table.word("certainty", CERTAINTIES),
        regions=tuple(table.data.get("regions", REGIONS)),
        condition=condition,
        cut_offs=cut_offs,
        codes=codes_of(table.data.get("codes", []), table.place("codes"), table.source),
    )
