"""Write SAFETY.md from docs/engineer/hazards.toml, the faults of the campaign and its last figures."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from opentraction.twin.campaign.faults import FAULTS
from opentraction.twin.exploring.laws import LAWS

ROOT = Path(__file__).parents[1]
HAZARDS = ROOT / "docs" / "engineer" / "hazards.toml"
FIGURES = ROOT / "docs" / "engineer" / "campaign.json"
PAGE = ROOT / "SAFETY.md"
STATES = {"met": "met in simulation", "partly": "partly", "open": "open"}

HEAD = """\
# Safety

What can go wrong with a table that pulls on a spine, what stands against it here, and how far that is. Made by
`scripts/safety_page.py` from [the hazards](docs/engineer/hazards.toml), the faults of
[the campaign](docs/engineer/campaign.md) and its last figures; a test fails where a file is gone, where a fault or a
safety test belongs to no hazard, or where this page is old.

**What this is worth.** Research and education software with a simulated table. Every figure is of a model: its cable,
gear, bus and people. CPython on Linux keeps no hard deadline; control and guard on one computer share its kernel,
memory and mains. Whoever builds a table has to bring what stands under *hardware*, and to show it. No authority has
approved any of this.

"""


def page() -> str:
    """The whole page."""
    hazards = tomllib.loads(HAZARDS.read_text("utf-8"))
    figures = json.loads(FIGURES.read_text("utf-8")) if FIGURES.is_file() else None
    return HEAD + "\n".join([*summary(hazards, figures), *laws(), *each(hazards, figures)]) + "\n"


def summary(hazards: dict[str, Any], figures: dict[str, Any] | None) -> Iterator[str]:
    """How many stand where, and what was played."""
    counts = {state: sum(one["state"] == state for one in hazards.values()) for state in STATES}
    yield f"{len(hazards)} hazards: " + ", ".join(f"{count} {STATES[state]}" for state, count in counts.items()) + "."
    yield ""
    if figures:
        broken, clean, borne = len(figures["broken"]), figures["clean_s"] / 3600.0, figures["borne_s"] / 3600.0
        yield f"The last campaign: {figures['runs']:,} runs from seed {figures['seed']},"
        yield f"{figures['simulated_s'] / 3600.0:,.0f} simulated hours, {broken} laws broken."
        yield f"Ended without need: {figures['false_stops']} sessions in {clean:,.0f} clean hours,"
        yield f"{figures['borne_stops']} in {borne:,.0f} hours with one thing that is to be borne."
        yield ""
    yield "| | hazard | severity | state |"
    yield "|---|---|---|---|"
    for name, one in hazards.items():
        yield f"| [{name}](#{name.lower()}) | {one['hazard']} | {one['severity']} | {STATES[one['state']]} |"
    yield ""


def laws() -> Iterator[str]:
    """The laws of the walk."""
    yield "## Laws that hold in every course with up to three faults"
    yield ""
    yield "`opentraction explore` walks all of them: [how](docs/engineer/explored.md)."
    yield ""
    yield from (f"- **{name}** {words}" for name, words in LAWS.items())
    yield ""


def each(hazards: dict[str, Any], figures: dict[str, Any] | None) -> Iterator[str]:
    """A part for each hazard."""
    for name, one in hazards.items():
        yield f"## {name}"
        yield ""
        yield f"**{one['hazard']}**, by {one['by']}. Severity {one['severity']}; {STATES[one['state']]}."
        yield ""
        yield f"- Required: {one['required']}."
        yield f"- Against it: {one['against']}."
        for label, key in (("Hardware", "hardware"), ("Open", "open")):
            if one.get(key):
                yield f"- {label}: {one[key].rstrip('.')}."
        yield from _files(one)
        yield from _played(name, figures)
        yield ""


def _files(one: dict[str, Any]) -> Iterator[str]:
    if one["code"]:
        yield "- Code: " + ", ".join(f"[{p}](src/opentraction/{p})" for p in one["code"])
    if one["tests"]:
        yield "- Tests: " + ", ".join(f"[{p}](tests/{p})" for p in one["tests"])


def _played(name: str, figures: dict[str, Any] | None) -> Iterator[str]:
    known = {} if figures is None else {f["name"]: f for f in figures["faults"]}
    for fault in FAULTS:
        if fault.hazard != name:
            continue
        f = known.get(fault.name)
        yield f"- Played: {fault.words}" + (f" ({_figures(f)})" if f else "")


def _figures(f: dict[str, Any]) -> str:
    told, slack = f["detect_most_s"], f["slack_most_s"]
    said = [f"{f['runs']} runs", f"{f['broken']} broken"]
    if told is not None:
        said.append(f"told after {told:.2f} s at most")
    if slack is not None:
        said.append(f"slack after {slack:.1f} s at most")
    return ", ".join(said)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
