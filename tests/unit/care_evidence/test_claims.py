"""The checker's mechanics: places, marks, kinds of text, odd input, and that it stays quick."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.claims import KINDS, check, check_file, kind_of, rules
from opentraction.care.claims.fold import fold, foldings
from opentraction.care.claims.readers import shown
from opentraction.care.claims.rules import compiled
from opentraction.quantities import BadInput

TEXTS = st.text(
    alphabet=st.sampled_from("abc risk-free cure no.\n\"'<>{}%#=[]()*_`|&;:/\\\u00ad\u200b\u00a0É"), max_size=200
)


def test_a_finding_names_line_column_and_words_as_written() -> None:
    (found,) = check("One line.\n  It is Risk-\nFREE, they say.")
    assert (found.line, found.column, found.words, found.rule) == (2, 9, "Risk- FREE", "risk-free")


def test_places_hold_through_markup() -> None:
    text = '<p class="x">Fine.</p>\n<p>It is &#8220;risk&#8209;<b>free</b>&#8221;.</p>'
    (found,) = check(text, "html")
    assert found.line == 2
    assert text.split("\n")[1][found.column - 1 :].startswith("risk&#8209;")


def test_places_hold_through_escapes_in_strings() -> None:
    text = 'a = "A \\u00e9 \\"x\\" it cures"'
    (found,) = check(text, "toml")
    assert text[found.column - 1 :].startswith("cures")


def test_one_claim_is_found_once() -> None:
    assert [one.rule for one in check("There is no risk at all, no real risk.")] == ["risk-free", "risk-free"]


def test_findings_come_in_order_of_place() -> None:
    found = check("It is guaranteed.\nIt cures.\nIt is risk-free.")
    assert [one.line for one in found] == [1, 2, 3]


@pytest.mark.parametrize("kind", KINDS)
@given(text=TEXTS)
def test_readers_keep_every_place(kind: str, text: str) -> None:
    assert len(shown(text, kind)) == len(text)


@given(text=TEXTS)
def test_folding_keeps_places_in_order_and_inside(text: str) -> None:
    for folded in foldings(text):
        assert len(folded.text) == len(folded.origin)
        assert folded.origin == sorted(folded.origin)
        assert all(0 <= place < len(text) for place in folded.origin)


@given(text=st.text(max_size=100))
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once.replace("\n", "\x1e")).text == once


@given(before=st.sampled_from(["", "Fine. ", "We like it:\n\n"]), after=st.sampled_from(["", " Yes.", "\n\nMore"]))
def test_a_plain_claim_is_found_wherever_it_stands(before: str, after: str) -> None:
    assert [one.rule for one in check(f"{before}It cures sciatica.{after}")] == ["cure"]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(BadInput, match="kind = 'docx' cannot be used"):
        check("x", "docx")


@pytest.mark.parametrize(
    ("raw", "told"),
    [(b"\xff\xfe", "not text"), (b"a\x00b", "not text"), (None, "not there")],
    ids=["bytes", "nul", "missing"],
)
def test_what_is_no_text_is_refused_in_a_sentence(tmp_path: Path, raw: bytes | None, told: str) -> None:
    file = tmp_path / "leaflet.txt"
    if raw is not None:
        file.write_bytes(raw)
    with pytest.raises(BadInput, match=told):
        check_file(file)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="a folder"):
        check_file(tmp_path)


def test_the_name_tells_the_kind() -> None:
    assert [kind_of(name) for name in ("a.MD", "b.html", "c.po", "d.typ", "e")] == [
        "markdown",
        "html",
        "po",
        "typst",
        "text",
    ]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_rule_says_what_is_wrong_and_what_to_say(rule: object) -> None:
    assert rule.wrong  # type: ignore[attr-defined]
    assert rule.instead  # type: ignore[attr-defined]
    assert rule.source  # type: ignore[attr-defined]
    assert rule.reviewed_by == ""  # type: ignore[attr-defined]


def test_rules_have_ids_of_their_own() -> None:
    assert len({rule.id for rule in rules()}) == len(rules()) >= 25


def test_a_gap_lets_so_many_words_and_no_more() -> None:
    pattern = compiled("heals? ..2 <disc>", {"disc": "discs?"})
    assert pattern.search("heals a sore disc")
    assert not pattern.search("heals a very sore disc")
    assert not pattern.search("heals. a disc")
    assert not pattern.search("heals the discus")


ENDLESS = [
    ("text", "no "),
    ("text", "63 % of "),
    ("text", "not a, "),
    ("text", "F.D.A. "),
    ("markdown", "[a]("),
    ("markdown", "`*_"),
    ("html", "{{"),
    ("html", "{% if "),
    ("html", "{# "),
    ("html", "<!-- "),
    ("html", "<script>"),
    ("html", "<a b='"),
    ("html", "<!-- claims: quoted --><p>"),
    ("javascript", "/* "),
    ("javascript", "`${"),
    ("python", "'''a"),
    ("toml", '"""a'),
    ("typst", "/* "),
]


@pytest.mark.parametrize(("kind", "piece"), ENDLESS, ids=repr)
def test_what_is_never_closed_costs_no_more_than_its_length(kind: str, piece: str) -> None:
    """A reader that looks to the end from every beginning would take minutes here."""
    begun = time.perf_counter()
    check(piece * (100_000 // len(piece)), kind)
    assert time.perf_counter() - begun < 15.0
