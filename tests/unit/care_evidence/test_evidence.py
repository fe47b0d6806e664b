"""The evidence as data: both sides are there, nothing uncontrolled has an effect, what we remember says so."""

from __future__ import annotations

import pytest

from opentraction.care.evidence import (
    FROM_MEMORY,
    Study,
    citation,
    evidence_page,
    guidelines,
    natural_history,
    questions,
    regulators,
    studies,
)
from opentraction.care.evidence.studies import read_study
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import parse_toml

WHOLE = """
[[study]]
id = "a"
name = "A"
year = 2020
kind = "KIND"
region = "lumbar"
design = "d"
compared = "c"
result = "r"
plain = "p"
direction = "DIRECTION"
certainty = "memory"
source = ""
"""
EFFECT = """
[[study.effect]]
label = "pain"
scale = "sd"
value = -0.5
low = LOW
high = -0.1
certainty = "read"
"""


def read(text: str) -> Study:
    return read_study(parse_toml(text, "studies.toml").tables("study")[0])


def test_both_sides_and_the_uncontrolled_are_there() -> None:
    sides = evidence_page().sides
    assert min(len(sides[side]) for side in ("for", "no difference", "uncontrolled")) >= 3
    assert sum(len(side) for side in sides.values()) == len(studies())


def test_nothing_without_a_comparison_has_an_effect() -> None:
    assert [study.id for study in studies() if study.direction == "uncontrolled" and study.effects] == []
    with pytest.raises(BadInput, match="effects only where something was compared"):
        read((WHOLE + EFFECT).replace("KIND", "series").replace("DIRECTION", "uncontrolled").replace("LOW", "-0.9"))


@pytest.mark.parametrize(("low", "good"), [("-0.9", True), ("-0.2", False)])
def test_an_interval_holds_its_value(low: str, good: bool) -> None:
    text = (WHOLE + EFFECT).replace("KIND", "trial").replace("DIRECTION", "for").replace("LOW", low)
    if good:
        assert read(text)
    else:
        with pytest.raises(BadInput, match="the value between them"):
            read(text)


def test_what_is_from_memory_says_so() -> None:
    study = read(WHOLE.replace("KIND", "trial").replace("DIRECTION", "for"))
    assert study.caveat == FROM_MEMORY
    remembered = [one for one in (*guidelines(), *regulators()) if one.certainty == "memory"]
    assert remembered
    assert all(FROM_MEMORY in one.caveat and FROM_MEMORY in citation(one.id) for one in remembered)


def test_the_numbers_of_the_reference_stand() -> None:
    by_id = {study.id: study for study in studies()}
    assert (by_id["wegner-2013"].trials, by_id["wegner-2013"].n) == (32, 2762)
    pain, disability = by_id["vanti-2021"].effects
    assert (pain.value, pain.low, pain.high) == (-0.58, -0.87, -0.29)
    assert (disability.value, disability.low, disability.high) == (-0.78, -1.45, -0.11)
    assert [effect.value for effect in by_id["amjad-2022"].effects] == [-10.7, -5.65]
    natural = natural_history()
    assert (natural.pooled.percent, natural.pooled.low, natural.pooled.high) == (63, 49, 77)
    assert [one.percent for one in natural.by_type] == [88, 67, 38, 13]


def test_amjad_found_less_than_people_notice() -> None:
    amjad = next(study for study in studies() if study.id == "amjad-2022")
    for effect in amjad.effects:
        assert effect.worthwhile is not None
        assert -effect.value < effect.worthwhile[0]


def test_cleared_is_told_from_approved() -> None:
    fda = next(one for one in regulators() if one.id == "fda-510k")
    assert fda.stance == "cleared"
    assert "Cleared is not the same as approved" in fda.plain


def test_every_question_of_the_articles_is_answered() -> None:
    by_article = {article: [one.id for one in questions() if article in one.articles] for article in (0, 2)}
    assert {"painful", "how-long", "herniated-disc", "insurance", "side-effects"} <= set(by_article[0])
    assert {"painful", "side-effects", "safe", "cost", "insurance", "right-for-me", "who-offers"} <= set(by_article[2])
    assert all(one.short and one.more for one in questions())


def test_an_answer_leans_on_something() -> None:
    assert [one.id for one in questions() if not one.cites and not one.facts] == []
    assert all(citation(ident) for one in questions() for ident in one.cites)


def test_texts_for_patients_are_short_sentences() -> None:
    said = [study.plain for study in studies()] + [one.plain for one in (*guidelines(), *regulators())]
    said += [one.short for one in questions()] + [text for one in questions() for text in one.more]
    long = [sentence for text in said for sentence in text.split(". ") if len(sentence.split()) > 30]
    assert long == []
