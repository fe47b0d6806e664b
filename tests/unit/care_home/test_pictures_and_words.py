"""Every step has its picture, every text its key, every fact its source; the sheet and the player carry them."""

from __future__ import annotations

import io
import json
import re
from importlib.resources import files
from xml.etree import ElementTree

import pypdf
import pytest

from opentraction.care.claims import check
from opentraction.care.home import (
    PICTURES,
    Exercise,
    exercises,
    gates,
    home_sheet,
    patient_texts,
    picture,
    player_config,
    programme_for,
    stop_rules,
)
from opentraction.care.home.figures.body import pose
from opentraction.care.home.figures.picture import FRAMES, _poses
from opentraction.drawing import css_variables
from opentraction.quantities import BadInput
from tests.unit.care_home.people import NOON, entry, well

SVG = "{http://www.w3.org/2000/svg}"
IDS = {
    "stretch-a": ["A1", "A2", "A3", "A4", "A5", "A6", "A6-pause", "A7"],
    "stretch-b": ["B1", "B2", "B3", "B4", "B5", "B6", "B7"],
    "thoracic-roll": ["T1", "T2", "T3"],
    "inversion": ["I1", "I2", "I3", "I4", "I5", "I6"],
    "gravity-traction": ["N1", "N2", "N3"],
    "cold-pack": ["C1", "C2", "C3", "C4", "C5"],
    "heat-pack": ["H1", "H2", "H3", "H4", "H5"],
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("theme", ["page", "print"])
def test_a_picture_is_svg_with_a_title_and_a_description(name: str, theme: str) -> None:
    root = ElementTree.fromstring(picture(name, theme))  # type: ignore[arg-type]
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    titles, descriptions = root.findall(f"{SVG}title"), root.findall(f"{SVG}desc")
    assert len(titles[0].text or "") > 5
    assert len(descriptions[0].text or "") > 30
    text = picture(name, theme)  # type: ignore[arg-type]
    assert "style" not in text
    assert "nan" not in text
    assert ("var(" in text) == (theme == "page")


@pytest.mark.parametrize("name", [name for name in PICTURES if "hip" in _poses()[name]])
def test_the_figure_is_whole_stands_on_the_floor_and_stays_in_its_frame(name: str) -> None:
    data = _poses()[name]
    body = pose(data)
    width, above, _ = FRAMES[data["frame"]]
    joints = [*body.spine, body.head]
    for limb in (body.arm, body.far_arm, body.leg, body.far_leg):
        joints += [limb.middle, limb.end, limb.tip]
    assert all(abs(x + float(data.get("shift", 0.0))) <= width / 2 for x, _ in joints)
    assert all(0.0 < y <= above for _, y in joints), [point for point in joints if not 0 < point[1] <= above]


@pytest.mark.parametrize("name", PICTURES)
def test_a_knee_does_not_bend_forward_and_an_elbow_not_backward(name: str) -> None:
    data = _poses()[name]
    if "hip" not in data or data.get("face", 1) != 1:
        return
    body = pose(data)
    for leg in (body.leg, body.far_leg):
        assert _turn(leg.root, leg.middle, leg.end) <= 0.03, "the knee would bend the wrong way"
    # A hand behind the back: the shoulder is turned inward, and the elbow shows the other way.
    arms = (body.far_arm,) if name.startswith("hinge") else (body.arm, body.far_arm)
    for arm in arms:
        assert _turn(arm.root, arm.middle, arm.end) >= -0.03, "the elbow would bend the wrong way"


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Sine of the turn at `b` on the way from a to c: positive to the left."""
    ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]
    return float((ux * vy - uy * vx) / ((ux**2 + uy**2) ** 0.5 * (vx**2 + vy**2) ** 0.5))


def test_no_picture_is_without_a_step_and_none_is_unknown() -> None:
    assert {step.picture for one in exercises().values() for step in one.steps} == set(PICTURES)
    with pytest.raises(BadInput, match="picture"):
        picture("headstand")


@pytest.mark.parametrize("exercise", IDS)
def test_ids_of_steps_stay(exercise: str) -> None:
    assert [step.id for step in exercises()[exercise].steps] == IDS[exercise]


@pytest.mark.parametrize("exercise", ["stretch-a", "stretch-b"])
def test_the_articles_stretches_keep_what_the_article_says_beside_ours(exercise: str) -> None:
    told = [step for step in exercises()[exercise].steps if step.seed_says]
    assert len(told) >= 5
    assert all(step.timed and step.why for step in exercises()[exercise].steps)


def test_the_articles_two_claims_are_corrected() -> None:
    assert "base of the spine" in exercises()["stretch-b"].article
    for name in ("inversion", "gravity-traction"):
        assert "aligned" in exercises()[name].article
        assert "No study supports that" in exercises()[name].article


@pytest.mark.parametrize(
    "thing", [*exercises().values(), *gates().values(), *stop_rules().values()], ids=lambda t: t.id
)
def test_everything_says_where_it_comes_from(thing: Exercise) -> None:
    assert len(thing.source) > 10
    assert thing.certainty in ("read", "memory", "design")
    assert thing.reviewed_by == ""


def test_what_is_from_memory_says_so() -> None:
    assert exercises()["bridge"].caveat == "from memory, unverified"
    assert exercises()["inversion"].caveat == ""


def test_no_text_for_a_patient_promises_what_nobody_has_shown() -> None:
    assert [(key, found) for key, text in patient_texts().items() for found in check(text)] == []


def test_sentences_are_short() -> None:
    long = [
        (key, sentence)
        for key, text in patient_texts().items()
        if key.startswith("exercise.") and ".step." in key
        for sentence in re.split(r"[.?!:]", text)
        if len(sentence.split()) > 16
    ]
    assert long == []


def test_a_second_language_replaces_every_text_it_has() -> None:
    other = {key: f"¡{key}! {text}" for key, text in patient_texts().items()}
    programme = programme_for(well(), 2, NOON, session_ended=NOON)
    config = json.dumps(player_config(programme, store="s", post_url="/log", texts=other), ensure_ascii=False)
    told = player_config(programme, store="s", post_url="/log", texts=other)
    for one in told["exercises"]:  # type: ignore[attr-defined]
        assert all(str(one[key]).startswith("¡") for key in ("name", "purpose", "shown", "not_shown"))
        assert all(step["text"].startswith("¡") for step in one["steps"])
        assert all(reason.startswith("¡") for reason in one["reasons"])
    assert all(text.startswith("¡") for text in told["strings"].values())  # type: ignore[attr-defined]
    assert "¡picture." in config


def test_what_the_player_is_given_is_json_and_has_every_picture_it_names() -> None:
    programme = programme_for(well(), 2, NOON)
    config = json.loads(json.dumps(player_config(programme, store="p-017", post_url="/log")))
    named = {step["picture"] for one in config["exercises"] for step in one["steps"]}
    assert named <= set(config["pictures"])
    assert config["programme"] == programme.sha256


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_the_sheet_carries_pictures_doses_stops_and_what_is_held(paper: str) -> None:
    programme = programme_for(well() | {"stenosis": None}, 2, NOON, session_ended=NOON)
    raw = home_sheet(programme, reference="P-017", paper=paper)
    reader = pypdf.PdfReader(io.BytesIO(raw))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in ("Home programme", "P-017", "Bridge", "6 times", "Go to the emergency room now", "Mon", "10 kg"):
        assert words in text
    assert "Ask your clinician first. We do not know: Your spinal canal is narrow." in text
    assert "Research and education software" in text
    assert home_sheet(programme, reference="P-017", paper=paper) == raw


def test_a_sheet_of_a_stopped_person_says_so_first() -> None:
    programme = programme_for(well(), 2, NOON, log=[entry("walk", -1, leg="weak")])
    text = pypdf.PdfReader(io.BytesIO(home_sheet(programme))).pages[0].extract_text()
    assert "New weakness or numbness" in text
    assert "Tick when done" not in text


def test_the_players_colours_are_the_palettes() -> None:
    sheet = files("opentraction.clinic").joinpath("static", "home", "home.css").read_text("utf-8")
    assert css_variables() in sheet
    assert css_variables(dark=True) in sheet


def test_the_players_words_are_all_used_and_all_there() -> None:
    folder = files("opentraction.clinic").joinpath("static", "home")
    code = "".join(folder.joinpath(f"{name}.js").read_text("utf-8") for name in ("player", "run", "dom", "breath"))
    words = {key.removeprefix("player.") for key in patient_texts() if key.startswith("player.")}
    named = set(re.findall(r"strings\.(\w+)", code)) | set(re.findall(r"word: '(\w+)'", code))
    assert named - words == set()
    assert words - named == {"script"}, "only the page itself says that a script is needed"
