"""The population's figures as a page and a picture, written from the same numbers that were printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from _population_tables import Sessions, figures, odd, shares

from opentraction.drawing import chart
from opentraction.drawing.marks import Axis, Series
from opentraction.prescription import protocols, read_prescription
from opentraction.quantities.vocabulary import FINISHED

PICTURE = "docs/pictures/population.svg"
PAGE = "docs/researcher/population.md"
DATA = "docs/researcher/population.json"


def write_page(sessions: Sessions, root: Path, commit: str) -> None:
    """Renew page, picture and data under `root`; `commit` says which code was measured."""
    (root / PICTURE).parent.mkdir(parents=True, exist_ok=True)
    (root / PICTURE).write_text(picture(sessions), "utf-8")
    (root / PAGE).write_text(page(sessions, commit), "utf-8")
    (root / DATA).write_text(json.dumps(_summary(sessions, commit), indent=1, allow_nan=False) + "\n", "utf-8")


def picture(sessions: Sessions) -> str:
    """Share of sessions (or coughs) at or below a value, three figures in one chart."""
    lines = [
        _rising("hold error, rms", [one["rms"] for one in sessions], "prescribed"),
        _rising("hold error, worst second", [one["second"] for one in sessions], "measured"),
        _rising("overshoot", [one["over"] for one in sessions], "spine"),
    ]
    return chart(
        lines,
        x=Axis("error of true force", "N", 0.0, 5.0),
        y=Axis("share of sessions", "%", 0.0, 100.0),
        size=(960, 400),
        title="Force errors over a population",
        description="Cumulative share of simulated sessions against hold error and overshoot in newtons.",
        theme="standalone",
    )


def _rising(label: str, values: list[float | None], style: Any) -> Series:
    known = np.sort([value for value in values if value is not None])
    share = 100.0 * np.arange(1, known.size + 1) / known.size
    inside = known <= 5.0
    return Series(known[inside], share[inside], label, style)


def page(sessions: Sessions, commit: str) -> str:
    """The page as Markdown."""
    bodies = len({one["seed"] for one in sessions})
    mass, harness = ([one[key] for one in sessions] for key in ("mass", "harness"))
    ends = sum(one["cause"] != FINISHED for one in sessions)
    lines = [
        "# Over a population",
        "",
        f"{bodies} drawn bodies, {min(mass):.0f} to {max(mass):.0f} kg, harness {min(harness) / 1000:.0f} to "
        f"{max(harness) / 1000:.0f} N/mm, each through all {len(protocols())} shipped protocols, its own ceiling: "
        f"{len(sessions)} sessions, {sum(one['seconds'] for one in sessions) / 3600:,.0f} simulated hours. Every "
        "body also coughs once, with 100 N, in the middle of the first hold of each protocol. Control is not told "
        "which body it has. All figures are true force of a simulated table and body; nothing here was measured on "
        "people.",
        "",
        f"Written by `benchmarks/population.py --bodies {bodies} --page` from commit `{commit}`; not edited by hand.",
        "",
        "![Share of sessions against error](../pictures/population.svg)",
        "",
        "## What misses its aim",
        "",
        *_misses(sessions),
        "",
        "## Spread",
        "",
        "| | 5 % | 50 % | 95 % | 99 % | largest | limit |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {name} | " + " | ".join(f"{x:.2f}" for x in row) + f" | {limit} |"
            for name, row, limit in figures(sessions)
        ),
        "",
        "## Shares",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {100 * share:.2f} % |" for name, share in shares(sessions)),
        "",
        "## By protocol",
        "",
        "| protocol | hold rms, 95 % [N] | worst second, 95 % [N] | overshoot, 95 % [N] | cough back, 95 % [s] |",
        "|---|---|---|---|---|",
        *(_of_protocol(name, sessions) for name in protocols()),
        "",
        "## Alarms and other endings",
        "",
        f"{ends} of {len(sessions)} undisturbed sessions did not complete. Each line can be played again by its seed.",
        "",
        *(f"- {line}" for line in odd(sessions)),
        "",
        "## How it is measured",
        "",
        "- Hold error and overshoot are defined in `session/measures.py`: hold error counts after the first 2 s of a",
        "  hold; the worst second is the largest magnitude of its moving mean over 1 s. Overshoot includes the",
        "  pretension.",
        "- Ripple is the part of the hold error between 0.1 and 0.5 Hz, where people breathe.",
        "- A cough is half a sine of 0.3 s, 100 N as a load cell would read with the drum locked. The time until the",
        "  force is back and stays back counts from the end of the cough.",
        "- YY 0697-2008 is quoted as the project's reference pages give it (not read in the original): up to 200 N",
        "  within the larger of 10 % and 10 N, above within the smaller of 20 % and 50 N.",
        "",
    ]
    return "\n".join(lines)


def _misses(sessions: Sessions) -> list[str]:
    """Every share that ought to be whole and is not."""
    wanted = ("sessions", "coughs")
    short = [(name, share) for name, share in shares(sessions) if name.startswith(wanted) and share < 1.0]
    return [f"- {name}: {100 * share:.2f} %, not all" for name, share in short] or ["Nothing."]


def _of_protocol(name: str, sessions: Sessions) -> str:
    among = [one for one in sessions if one["protocol"] == name]

    def high(values: list[float | None]) -> str:
        return f"{np.percentile([value for value in values if value is not None], 95):.2f}"

    columns = [high([one[key] for one in among]) for key in ("rms", "second", "over")]
    coughs = high([one["cough"]["back"] for one in among])
    return f"| {read_prescription(protocols()[name]).name} | {' | '.join(columns)} | {coughs} |"


def _summary(sessions: Sessions, commit: str) -> dict[str, Any]:
    return {
        "commit": commit,
        "bodies": len({one["seed"] for one in sessions}),
        "sessions": len(sessions),
        "percentiles": [5, 50, 95, 99, 100],
        "figures": {name: [round(x, 4) for x in row] for name, row, _ in figures(sessions)},
        "shares": {name: round(share, 5) for name, share in shares(sessions)},
        "alarms_and_endings": odd(sessions),
    }
