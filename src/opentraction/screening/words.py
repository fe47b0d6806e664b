"""A verdict in plain words, for a screen, a terminal or a letter."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from opentraction.quantities.toml_file import Table, parse_toml
from opentraction.screening.actions import TREATS, Action
from opentraction.screening.verdict import Reason, Verdict

_HERE = Path(__file__).parent


@cache
def _words() -> Table:
    return parse_toml((_HERE / "words.toml").read_text("utf-8"), "words.toml")


def headline(verdict: Verdict) -> str:
    """The one sentence of a verdict, for the patient."""
    if verdict.action in TREATS and not verdict.may_treat:
        return _words().table("retest").text("text")
    return _words().table("actions").text(verdict.action.name)


def limit_words(limit: str) -> str:
    """A limit on the plan, for staff."""
    return _words().table("limits").text(limit)


def caveat(certainty: str) -> str:
    """How sure a rule is, where that must be said; empty for what was read in its source."""
    return _words().table("certainty").text(certainty)


def plain_words(verdict: Verdict) -> str:
    """The whole verdict as text: what, why, what is open, what to do next, and until when it counts."""
    lines = [f"{verdict.region}: {verdict.action.name}. {headline(verdict)}"]
    lines += _section("Why", [_reason(one) for one in verdict.reasons if one.known])
    lines += _section("Not known yet", [_open(one, verdict) for one in verdict.missing])
    limits = verdict.limits if verdict.action < Action.EXCLUDE else ()  # nobody pulls, so nothing limits the pull
    lines += _section("Limits", [limit_words(limit) for limit in limits])
    lines += _section("Next", list(verdict.next_steps))
    lines += _section("What it might be for", [f"{one['title']} ({one['strength']})" for one in verdict.indications])
    lines += ["", f"Decided {verdict.decided}, counts until {verdict.valid_until}. Rules {verdict.rules_version[:12]}."]
    return "\n".join(lines)


def _section(title: str, entries: list[str]) -> list[str]:
    return ["", f"{title}:", *(f"  - {entry}" for entry in entries)] if entries else []


def _open(one: Mapping[str, str], verdict: Verdict) -> str:
    """A question that is open, with the worst that it holds and the rules that wait for it."""
    waiting = [reason for reason in verdict.reasons if not reason.known and one["question"] in reason.open]
    worst = max((reason.action for reason in waiting), default=Action.OK)
    rules = ", ".join(sorted({reason.rule for reason in waiting}))
    return f"{worst.name} {one['question']}: {one['text']} ({rules})"


def _reason(reason: Reason) -> str:
    sure = caveat(reason.certainty)
    said = f"{reason.action.name} {reason.rule}.{reason.paragraph}: {reason.why} Source: {reason.source}"
    return f"{said} ({sure})." if sure else f"{said}."
