"""Write docs/researcher/claims.md from the ledger, so that page, console and data say the same of the body."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from opentraction.body.ledger import UNSUPPORTED, Claim, Finding, ledger

PAGE = Path(__file__).parents[1] / "docs" / "researcher" / "claims.md"
PLAYED = PAGE.with_name("validation.json")
HEAD = """# What is said about the body, and what holds it

Written from `body/ledger.toml` by `make docs`. Each thing that the articles or the console say about the body stands
beside the measurements that support or contradict it, and the words it may be told in. Names in code are rows that
[`opentraction validate`](validation.md) plays, with "model misses it" where what it comes to lies outside; the
others cannot be played. Numbers such as I04 are statements of [the articles](../articles.md).

| said | may be told as | supports | contradicts | where |
|---|---|---|---|---|"""


def page() -> str:
    """The page."""
    return "\n".join([HEAD, *(_line(claim) for claim in ledger()), ""])


def _line(claim: Claim) -> str:
    said = f"<!-- claims: quoted -->*{claim.says}*" if claim.stands == UNSUPPORTED else claim.says
    where = ", ".join([*claim.articles, *([f"console: {claim.console}"] if claim.console else [])]) or "–"
    return f"| {said} | **{claim.words}** | {_findings(claim.supports)} | {_findings(claim.contradicts)} | {where} |"


def _findings(of: tuple[Finding, ...]) -> str:
    return "<br>".join(_finding(one) for one in of) or "–"


def _finding(one: Finding) -> str:
    people = f", n = {one.people}" if one.people else ""
    if one.played:
        return f"`{one.id}` ({one.mark}{people}{'; model misses it' if one.id in _missed() else ''})"
    return f"{one.what} ({one.source}; {one.mark}{people})"


@cache
def _missed() -> frozenset[str]:
    """Rows that lie outside, by the last run."""
    return frozenset(one["id"] for one in json.loads(PLAYED.read_text("utf-8"))["rows"] if not one["inside"])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
