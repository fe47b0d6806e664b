"""The letter that a verdict asks for: to whom, why, what was done, what is asked. Data first; then one page of PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from opentraction import DISCLAIMER
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml
from opentraction.screening.actions import Action
from opentraction.screening.examined import examined
from opentraction.screening.intake import Intake
from opentraction.screening.verdict import Reason, Verdict
from opentraction.screening.words import caveat, headline, limit_words

_HERE = Path(__file__).parent
MOST_REASONS = 6  # what fits on one page; the rest is counted
MOST_OPEN = 3
_CODES_EACH = 4
_LONGEST_ANSWERS = 160


@dataclass(frozen=True, slots=True)
class Correspondents:
    """Who writes, about whom, to whom. Names are for paper only; empty lines are left out.

    `primary_doctor` names the addressee where the letter goes to the primary doctor.
    """

    patient: str = ""
    born: str = ""
    clinic: str = ""
    clinic_lines: tuple[str, ...] = ()
    clinician: str = ""
    primary_doctor: tuple[str, ...] = ()
    reference: str = ""


@cache
def _routes() -> Table:
    return parse_toml((_HERE / "letter.toml").read_text("utf-8"), "letter.toml")


def addressees() -> dict[str, str]:
    """Whom a letter may go to, by key."""
    return dict(_routes().table("addressees").data)


def addressee(verdict: Verdict) -> str:
    """Who should read it: emergency, surgeon, primary, imaging, rheumatology, vascular or neurology."""
    routes = _routes()
    if verdict.action is Action.EMERGENCY or not verdict.reasons:
        return routes.table("actions").text(verdict.action.name)
    worst = verdict.reasons[0]
    by_paragraph = routes.table("paragraphs")
    by_rule = routes.table("rules")
    otherwise = routes.table("actions").text(verdict.action.name)
    if f"{worst.rule}.{worst.paragraph}" in by_paragraph:
        return by_paragraph.text(f"{worst.rule}.{worst.paragraph}")
    grave = verdict.action >= Action.HOLD and worst.known
    return by_rule.text(worst.rule, otherwise) if grave else otherwise


def letter(
    verdict: Verdict,
    who: Correspondents | None = None,
    planned: str = "",
    done: str = "",
    intake: Intake | None = None,
    to: str = "",
) -> dict[str, Any]:
    """The letter as plain data. `planned` says what treatment is planned, `done` what was done besides screening.

    With the `intake` it tells what the examination found, too. `to` names another addressee than the verdict asks for:
    one of `addressees()`. Raises BadInput.
    """
    people = who or Correspondents()
    if to and to not in addressees():
        raise BadInput("to", to, "one of " + ", ".join(addressees()))
    done = done or "History, red flags and examination were taken as the screening asks. No traction was given."
    found = {"examined": examined(intake) if intake is not None else [], "done": done, "planned": planned}
    return _head(verdict, people) | _address(verdict, people, to) | _findings(verdict) | found | _foot(verdict, people)


def _head(verdict: Verdict, people: Correspondents) -> dict[str, Any]:
    reference = people.reference or verdict.pseudonym
    return {
        "title": _routes().table("titles").text(verdict.action.name),
        "running": f"{reference} · {verdict.decided}",
        "disclaimer": DISCLAIMER,
        "clinic": {"name": people.clinic or "OpenTraction", "lines": list(people.clinic_lines)},
        "date": _written(verdict.decided),
        "day": [verdict.decided.year, verdict.decided.month, verdict.decided.day],
        "reference": reference,
    }


def _address(verdict: Verdict, people: Correspondents, to: str) -> dict[str, Any]:
    to = to or addressee(verdict)
    return {
        "to": _to(to, people),
        "addressee": to,
        "urgent": verdict.action >= Action.REFER_URGENT,
        "patient": _pairs(people, verdict),
    }


def _findings(verdict: Verdict) -> dict[str, Any]:
    """What was decided, what is asked of the reader, and why; of a grave verdict only what is grave."""
    grave = Action.HOLD if verdict.action > Action.HOLD else Action.OK
    known = [reason for reason in verdict.reasons if reason.known and reason.action >= grave]
    return {
        "verdict": headline(verdict),
        "asked": _routes().table("asked").text(verdict.action.name, longest=300),
        "reasons": [_reason(reason) for reason in known[:MOST_REASONS]],
        "more": _more(len(known) - MOST_REASONS),
        "for": [f"{one['title']} ({one['strength']})" for one in verdict.indications if one["score"] > 0],
        "open": [one["text"] for one in verdict.missing[:MOST_OPEN]],
        "open_more": _more(len(verdict.missing) - MOST_OPEN),
        "limits": [limit_words(limit) for limit in verdict.limits] if verdict.action < Action.REFER else [],
    }


def _foot(verdict: Verdict, people: Correspondents) -> dict[str, Any]:
    return {
        "honest": _routes().table("honest").text("text", longest=300) if verdict.may_treat else "",
        "rules": f"Screened on {verdict.decided} with rules {verdict.rules_version[:12]}; the rules are proposals that "
        f"no clinician has reviewed yet. Verdict {verdict.sha256[:12]}.",
        "sign": [["Written by", people.clinician], ["Date", ""]],
    }


def write_letter(
    verdict: Verdict,
    who: Correspondents | None = None,
    planned: str = "",
    done: str = "",
    intake: Intake | None = None,
    to: str = "",
) -> bytes:
    """The letter as one page of PDF/A; what it holds as in `letter`."""
    from opentraction.paper import pdf

    return pdf(_HERE / "letter.typ", letter(verdict, who, planned, done, intake, to))


def _to(key: str, people: Correspondents) -> list[str]:
    name = _routes().table("addressees").text(key)
    return [name, *(people.primary_doctor if key == "primary" else ())]


def _pairs(people: Correspondents, verdict: Verdict) -> list[list[str]]:
    pairs = [["Patient", people.patient or verdict.pseudonym], ["Born", people.born], ["Region", verdict.region]]
    return [pair for pair in pairs if pair[1]]


def _reason(reason: Reason) -> dict[str, Any]:
    sure = caveat(reason.certainty)
    return {
        "action": reason.action.name.replace("_", " ").lower(),
        "clinical": reason.clinical,
        "answers": _answers(reason)[:_LONGEST_ANSWERS],
        "codes": _codes(reason),
        "source": f"{reason.rule} · {reason.source}" + (f" · {sure}" if sure else ""),
    }


def _answers(reason: Reason) -> str:
    return "; ".join(f"{key.replace('_', ' ')}: {_shown(value)}" for key, value in reason.answers.items())


def _codes(reason: Reason) -> str:
    """The first codes of each vocabulary, named."""
    named = {"icd10cm": "ICD-10-CM", "sct": "SNOMED CT"}
    said = []
    for system, name in named.items():
        found = [code["code"] for code in reason.codes if code["system"] == system][:_CODES_EACH]
        said += [f"{name} {', '.join(found)}"] if found else []
    return "; ".join(said)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return ", ".join(_part(part) for part in value) or "none"
    return str(value)


def _part(part: str | Mapping[str, Any]) -> str:
    if isinstance(part, str):
        return part
    if "row" in part:
        return f"{part['row']} {part['side']} {'–' if part['value'] is None else part['value']}"
    return f"{part['kind']} {part['place'].replace('_', ' ')} {part['side']} {part['score']}/10"


def _more(count: int) -> str:
    return f"and {count} more" if count > 0 else ""


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
