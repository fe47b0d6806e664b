"""The pages of screening in short screens: the same questions, none lost, none twice; both languages whole."""

from __future__ import annotations

import pytest

from opentraction import screening
from opentraction.clinic.intake.figure import body_figure, places
from opentraction.clinic.intake.screens import LONG_LIST, asked_now, neighbours, screens
from opentraction.clinic.intake.wording import words
from opentraction.screening import Mark
from tests.unit.intake.ground import WELL, answers_of


@pytest.mark.parametrize("region", screening.REGIONS)
def test_the_screens_are_the_pages_cut(region: str) -> None:
    whole = [q.id for of in ("patient", "clinician") for page in screening.pages(of, region) for q in page.questions]
    assert [q.id for screen in screens(region) for q in screen.questions] == whole
    own = [q.id for screen in screens(region, patient_only=True) for q in screen.questions]
    assert own == [q.id for page in screening.pages("patient", region) for q in page.questions]


@pytest.mark.parametrize("region", screening.REGIONS)
def test_a_screen_is_short(region: str) -> None:
    for screen in screens(region, patient_only=True):
        asked = screen.shown({}, region)
        assert len(asked) <= 4
        assert sum(len(one.options) > LONG_LIST for one in asked) <= 2
    assert len({screen.id for screen in screens(region)}) == len(screens(region))


def test_what_follows_from_an_answer_stands_beside_it() -> None:
    for screen in screens("lumbar"):
        ids = [one.id for one in screen.questions]
        assert ("cancer" in ids) == ("cancer_imaged" in ids)
        assert ("spine_surgery" in ids) == ("spine_surgery_count" in ids)


def test_next_and_back_skip_what_is_not_asked() -> None:
    answers = answers_of(WELL)
    asked = [screen.id for screen in asked_now(answers, "lumbar")]
    for one, name in zip(asked_now(answers, "lumbar"), asked, strict=True):
        before, after = neighbours(one, answers, "lumbar")
        here = asked.index(name)
        assert before == (asked[here - 1] if here else "")
        assert after == (asked[here + 1] if here + 1 < len(asked) else "")


def test_the_words_around_the_questions_are_the_same_in_both_languages() -> None:
    english, spanish = words("en"), words("es")
    assert {key: set(said) for key, said in english.items()} == {key: set(said) for key, said in spanish.items()}
    for section, said in english.items():
        for key, text in said.items():
            fields = {part for part in ("{n}", "{m}", "{low}", "{high}", "{unit}") if part in text}
            assert fields == {
                part for part in ("{n}", "{m}", "{low}", "{high}", "{unit}") if part in spanish[section][key]
            }


def test_every_place_on_the_figure_is_a_place_of_the_chart() -> None:
    known = set(screening.body_map().places)
    drawn = set(places("front")) | set(places("back"))
    assert drawn <= known
    assert {"saddle", "low_back", "neck", "L5", "S1", "C6"} <= drawn


def test_marks_show_on_the_figure_with_their_strength() -> None:
    svg = body_figure([Mark("L5", "left", "pain", 7), Mark("saddle", "middle", "numbness", 3)])
    assert svg.count('class="area s7"') == 2  # in front and behind
    assert 'data-place="L5" data-side="left"' in svg
    assert 'class="area s3"' in svg
    assert "style=" not in svg
    assert "izquierda" in body_figure([], "es")
