"""What differs between two versions is told word by word; nothing else is, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.consent import changes, current
from opentraction.care.consent.text import Purpose, Section

OLD = current(date(2026, 11, 22))
TEXTS = st.lists(st.text("abc .", max_size=30).map(lambda text: f"a {text}"), min_size=1, max_size=3).map(tuple)


def with_section(key: str, **other: object) -> object:
    sections = tuple(replace(one, **other) if one.id == key else one for one in OLD.sections)  # type: ignore[arg-type]
    return replace(OLD, version="2027-01", sections=sections)


def test_the_same_words_differ_in_nothing() -> None:
    assert changes(OLD, replace(OLD, version="2027-01"), "lumbar") == ()


def test_one_changed_number_is_the_only_thing_told() -> None:
    risks = next(one for one in OLD.sections if one.id == "risks")
    text = (risks.text[0].replace("for a day", "for two days"), *risks.text[1:])
    (change,) = changes(OLD, with_section("risks", text=text), "lumbar")  # type: ignore[arg-type]
    told = [(piece.kind, piece.text.strip()) for piece in change.pieces if piece.kind != "same"]
    assert (change.id, told) == ("risks", [("gone", "a day,"), ("new", "two days,")])


def test_a_new_section_one_that_is_gone_and_another_purpose() -> None:
    new = replace(
        OLD,
        sections=(*(one for one in OLD.sections if one.id != "machine"), Section("more", "More", ("Words.",), "", "")),
        purposes=(*OLD.purposes[1:], Purpose("photo", "Photos", "You may take photos.")),
    )
    told = {one.id: {piece.kind for piece in one.pieces} for one in changes(OLD, new, "lumbar")}
    gone, fresh = {"gone"}, {"new"}
    assert told == {"more": fresh, "machine": gone, "purpose photo": fresh, "purpose share-gp": gone}


def test_a_change_for_the_neck_is_told_to_the_neck_alone() -> None:
    new = with_section("what-neck", title="About the neck")
    assert changes(OLD, new, "lumbar") == ()  # type: ignore[arg-type]
    assert [one.id for one in changes(OLD, new, "cervical")] == ["what-neck"]  # type: ignore[arg-type]


@given(TEXTS, TEXTS)
def test_the_pieces_put_together_are_both_versions(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    old, new = (
        replace(OLD, sections=(Section("one", "Title", text, "", ""),), purposes=()) for text in (before, after)
    )
    found = changes(old, new, "lumbar")
    if before == after:
        assert found == ()
        return
    for drop, text in (("new", before), ("gone", after)):
        told = "".join(piece.text for piece in found[0].pieces if piece.kind != drop)
        assert told.split() == "\n".join(("Title", *text)).split()
