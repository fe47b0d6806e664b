"""Consent: its words in versions and two languages, who gave it, and when somebody is asked again."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pypdf
import pytest

from opentraction.care.consent import (
    REASONS,
    Consent,
    Lapse,
    consent_form,
    current,
    signed_form,
    since_consent,
    standing_of,
    version_of,
    versions,
)
from opentraction.care.consent import standing as rules
from opentraction.care.consent.text import LANGUAGES, ConsentText
from opentraction.quantities import BadInput

TODAY = date(2026, 11, 22)
SIGNED = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def given(region: str = "lumbar", language: str = "en", **other: object) -> Consent:
    text = current(TODAY, language)
    plain = Consent(
        "P-001", text.version, language, region, text.sha256(region), SIGNED, "Ana Ruiz", "patient", "clinician"
    )
    return replace(plain, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize("version", [one.version for one in versions()])
def test_every_language_says_the_same_things_in_the_same_order(version: str) -> None:
    texts = [version_of(version, language) for language in LANGUAGES]
    shapes = {
        (
            tuple((one.id, one.region, len(one.text)) for one in text.sections),
            tuple((one.id, one.right, len(one.choices)) for one in text.questions),
            tuple(one.id for one in text.purposes),
            text.since,
            text.material,
        )
        for text in texts
    }
    assert len(shapes) == 1


@pytest.mark.parametrize("text", [one for language in LANGUAGES for one in versions(language)], ids=str)
def test_the_words_tell_what_speaks_against_it(text: ConsentText) -> None:
    """What an honest consent cannot leave out; the claims checker looks for what it must not say."""
    assert {"stop", "known", "risks", "not-for", "alternatives", "cost", "free"} <= {one.id for one in text.sections}
    known = " ".join(next(one.text for one in text.sections if one.id == "known"))
    assert all(number in known for number in ("32", "60", "38", "63"))


def test_a_neck_is_told_about_the_neck() -> None:
    lumbar, cervical = (current(TODAY).for_region(region) for region in ("lumbar", "cervical"))
    assert {one.id for one in cervical} - {one.id for one in lumbar} == {"what-neck", "known-neck"}
    assert current(TODAY).sha256("lumbar") != current(TODAY).sha256("cervical")


def test_a_wrong_answer_and_one_not_given_are_told() -> None:
    text = current(TODAY)
    right = {one.id: one.right for one in text.questions}
    assert text.wrong(right) == ()
    assert [one.id for one in text.wrong(right | {"works": 0})] == ["works"]
    assert len(text.wrong({})) == len(text.questions)


def test_a_consent_holds_from_the_day_it_is_signed() -> None:
    standing = standing_of([given()], "lumbar", TODAY)
    assert standing.holds
    assert standing.lapse is None


@pytest.mark.parametrize(
    ("consents", "today", "said"),
    [
        ([], TODAY, Lapse("unsigned")),
        ([given("cervical")], TODAY, Lapse("other_region")),
        ([given(withdrawn=SIGNED + timedelta(hours=1))], TODAY, Lapse("withdrawn", {"day": date(2026, 11, 22)})),
        ([given()], date(2027, 11, 22), Lapse("old", {"months": 12})),
        ([given()], date(2026, 11, 21), Lapse("future")),
    ],
)
def test_what_does_not_hold_is_said(consents: list[Consent], today: date, said: Lapse) -> None:
    standing = standing_of(consents, "lumbar", today)
    assert not standing.holds
    assert standing.lapse == said
    assert said.reason in REASONS


def test_days_are_those_of_the_zone_that_is_named() -> None:
    late = given(signed=datetime(2026, 11, 23, 3, 0, tzinfo=UTC))
    assert standing_of([late], "lumbar", TODAY).lapse == Lapse("future")
    assert standing_of([late], "lumbar", TODAY, None, ZoneInfo("America/Chicago")).holds


def test_one_day_before_a_year_it_still_holds() -> None:
    assert standing_of([given()], "lumbar", date(2027, 11, 21)).holds


def test_twenty_sessions_or_a_serious_event_ask_again() -> None:
    assert standing_of([given()], "lumbar", TODAY, since_consent(sessions=19)).holds
    assert not standing_of([given()], "lumbar", TODAY, since_consent(sessions=20)).holds
    assert not standing_of([given()], "lumbar", TODAY, since_consent(serious_event=True)).holds


def test_the_latest_consent_counts_also_when_it_was_withdrawn() -> None:
    later = given(signed=SIGNED + timedelta(minutes=5), withdrawn=SIGNED + timedelta(minutes=9))
    assert not standing_of([later, given()], "lumbar", TODAY).holds
    again = given(signed=SIGNED + timedelta(minutes=20))
    assert standing_of([again, later, given()], "lumbar", TODAY).consent == again


def test_changed_words_ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    old = current(TODAY)
    newer = replace(old, version="2027-01", since=date(2027, 1, 1))
    monkeypatch.setattr(rules, "versions", lambda language: (old, newer))
    assert standing_of([given()], "lumbar", date(2026, 12, 31)).holds
    assert standing_of([given()], "lumbar", date(2027, 1, 1)).lapse == Lapse("words", {"version": "2027-01"})
    monkeypatch.setattr(rules, "versions", lambda language: (old, replace(newer, material=False)))
    assert standing_of([given()], "lumbar", date(2027, 1, 1)).holds


@pytest.mark.parametrize(
    "change",
    [
        {"text_sha256": "0" * 64},
        {"name": "  "},
        {"purposes": ("sell-data",)},
        {"version": "1999-01"},
        {"signed": datetime(2026, 11, 22, 9, 30)},  # noqa: DTZ001 - the fault under test
        {"withdrawn": SIGNED - timedelta(seconds=1)},
    ],
)
def test_a_consent_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        given(**change)


def test_taking_it_back_does_not_change_what_was_signed() -> None:
    assert given().sha256 == given(withdrawn=SIGNED + timedelta(days=1)).sha256
    assert given().sha256 != given(purposes=("research",)).sha256


def words_on(raw: bytes) -> str:
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(raw)).pages)
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_carries_every_word_of_its_region(language: str) -> None:
    text = current(TODAY, language)
    paper = words_on(consent_form(text, "cervical", reference="P-001"))
    for section in text.for_region("cervical"):
        assert section.title in paper
        assert all(" ".join(paragraph.split()) in paper for paragraph in section.text)


def test_the_signed_form_says_who_when_and_what_else() -> None:
    paper = words_on(signed_form(given(purposes=("research",), withdrawn=SIGNED + timedelta(days=1))))
    for words in ("Ana Ruiz", "2026-11-22 09:30 UTC", "Withdrawn on 2026-11-23", "Yes Research without my name"):
        assert words in paper
