"""Write docs/researcher/claims.md from the ledger, so that page, console and data say the same of the body."""

from __future__ import annotations

from pathlib import Path

from opentraction.body.ledger import UNSUPPORTED, Claim, Finding, ledger

PAGE = Path(__file__).parents[1] / "docs" / "researcher" / "claims.md"
HEAD = """# What is said about the body, and what holds it

Written from `body/ledger.toml` by `make docs`. Each thing that the articles or the console say about the body stands
beside the measurements that support or contradict it, and the words it may be told in. Names in code are rows that
[`opentraction validate`](validation.md) plays; the others cannot be played.

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
        return f"`{one.id}` ({one.mark}{people})"
    return f"{one.what} ({one.source}; {one.mark}{people})"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
