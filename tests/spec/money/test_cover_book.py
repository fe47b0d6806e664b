"""The book of cover: each payer on a day, with criteria met, missed and unknown, and when a policy is old."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from opentraction.care.money import CHECK_AGAIN, correction, cover_for, payers
from opentraction.quantities import BadInput

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cover.toml").read_text("utf-8"))["case"]
MEETS = {"yes": True, "no": False, "unknown": None}


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['payer'] or 'nobody'} {case['today']} {case.get('why', '')}"
)
def test_a_payer_says_what_the_book_says(case: dict[str, Any]) -> None:
    cover = cover_for(case["payer"], case.get("facts", {}), date.fromisoformat(case["today"]))
    assert cover.status == case["status"]
    counted = (len(cover.met), len(cover.unmet), len(cover.unknown))
    assert counted == (case.get("met", 0), case.get("unmet", 0), case.get("unknown", 0))
    assert cover.meets is MEETS[case.get("meets", "unknown")]
    assert cover.stale is case.get("stale", False)
    assert (CHECK_AGAIN in cover.told()) is cover.stale


def test_the_book_has_every_payer_but_the_plans_that_share_one_policy() -> None:
    told = {case["payer"] for case in CASES}
    silent = {payers()[key].policies for key in payers() if key not in told}
    assert silent <= {payers()["bcbs-nc"].policies}


@pytest.mark.parametrize("key", payers())
def test_no_payer_pays_for_decompression_so_one_plans_for_self_pay(key: str) -> None:
    assert cover_for(key, {}, date(2026, 11, 22)).status in {"not covered", "verify"}


@pytest.mark.parametrize("key", payers())
def test_every_policy_has_a_source_a_day_and_something_to_do(key: str) -> None:
    for policy in payers()[key].policies:
        assert policy.source.text
        assert policy.todo
        assert policy.policy_date is None or policy.policy_date <= policy.read_on


def test_medicare_asks_for_the_notice_and_names_the_modifiers() -> None:
    told = " ".join(cover_for("medicare", {}, date(2026, 11, 22)).todo)
    assert "ABN" in told
    assert "GA" in told
    assert "GY" in told


def test_cigna_says_that_plain_traction_is_another_question_and_not_to_rename_the_service() -> None:
    cover = cover_for("cigna", {"region": "lumbar"}, date(2026, 11, 22))
    assert [words for words in cover.also if "97012" in words and "low back" in words]
    assert not [words for words in cover.also if "neck" in words]
    assert any("Do not bill" in one for one in cover.todo)


@pytest.mark.parametrize(
    ("payer", "facts"),
    [
        ("unheard-of", {}),
        ("cigna", {"service": "massage"}),
        ("cigna", {"region": "tail"}),
        ("cigna", {"wish": True}),
        ("cigna", {"service": "traction", "region": "lumbar", "weeks_of_failed_care": "many"}),
        ("cigna", {"service": "traction", "region": "lumbar", "weeks_of_failed_care": True}),
        ("cigna", {"service": "traction", "region": "lumbar", "sciatica_or_root_sign": 1}),
    ],
)
def test_what_cannot_be_held_against_a_policy_is_refused(payer: str, facts: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        cover_for(payer, facts, date(2026, 11, 22))


def test_the_articles_list_of_insurers_is_put_right_by_name() -> None:
    words = correction().words
    assert [name for name in ("Aetna", "Cigna", "United Healthcare", "Humana", "Blue Cross") if name not in words] == []
    assert "do not pay" in words
