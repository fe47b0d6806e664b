"""Write the figures of docs/engineer/campaign.md: `campaign_page.py CAMPAIGN.json DEFECTS_FOLDER`, all made by
`opentraction campaign --json`. The folder holds NAME.json for each defect, and `none.json`, the same runs without any:
a run that breaks without a defect finds none.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from opentraction.twin.campaign.defects import DEFECTS

PAGE = Path(__file__).parents[1] / "docs" / "engineer" / "campaign.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->"


def headline(c: dict[str, Any]) -> Iterator[str]:
    """How much was played, and what broke."""
    cells = c["cells"]
    yield f"## {c['runs']:,} runs from seed {c['seed']}"
    yield ""
    hours, calm, borne = c["simulated_s"] / 3600.0, c["clean_s"] / 3600.0, c["borne_s"] / 3600.0
    yield f"`opentraction campaign --runs {c['runs']} --seed {c['seed']}`: {hours:,.0f} simulated hours;"
    yield f"{cells['met']} of {cells['of']} cells of fault and phase, each met {cells['least']} times or more;"
    yield f"ended without need: {c['false_stops']} sessions in {calm:,.0f} hours in which nothing happened at all,"
    yield f"{c['borne_stops']} in {borne:,.0f} hours with one thing that is to be borne, such as a cough."
    yield f"Hash of all traces: `{c['traces_sha256'][:32]}`."
    yield ""
    yield "| | broken | at 95 % less than |"
    yield "|---|---|---|"
    for name, monitor in c["monitors"].items():
        yield f"| {name} {monitor['words']} | {monitor['broken']} | {monitor['upper_95']:.1e} of such runs |"
    yield ""


def table(c: dict[str, Any]) -> Iterator[str]:
    """A line for each fault that came alone; times in seconds."""
    yield "Each fault alone. Told: from its onset until control or guard say so, where nobody pressed a stop."
    yield "Slack: from the stop or the end until 20 N. Above: true force beyond prescription and trip margin; the limit"
    yield "is 30 N."
    yield ""
    told, slack = "told, median | 99 % | most | owed", "slack, 99 % | most"
    yield f"| fault | hazard | runs | {told} | {slack} | above [N] | slope [N/s] |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for f in c["faults"]:
        times = [f["detect_median_s"], f["detect_99_s"], f["detect_most_s"], f["owed_detect_s"], f["slack_99_s"]]
        shown = " | ".join(_s(value) for value in [*times, f["slack_most_s"]])
        force = f"{f['excess_n']:.0f} | {f['steepest_n_per_s']:.0f}"
        yield f"| {f['words']} | {f['hazard']} | {f['runs']} | {shown} | {force} |"
    yield ""


def defects(folder: Path) -> Iterator[str]:
    """A line for each planted defect, and the run that found it."""
    yield "## Planted defects"
    yield ""
    yield "`opentraction campaign --runs 2000 --seed 11 --defect NAME` ends after the 50 runs that show the first sign."
    yield "What is not found is held back by another layer: the campaign judges the force, and the force stays right."
    yield ""
    yield "| defect | | found in run | by |"
    yield "|---|---|---|---|"
    anyway = {one["run"] for one in _broken(folder / "none.json")}
    for one in DEFECTS:
        path = folder / f"{one.name}.json"
        found = [broken for broken in _broken(path) if broken["run"] not in anyway]
        first = f"{found[0]['run']} | {found[0]['what']}" if found else f"**not in {_runs(path):,} runs** |"
        yield f"| {one.name} | {one.words} | {first} |"


def _broken(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text("utf-8"))["broken"])


def _runs(path: Path) -> int:
    return int(json.loads(path.read_text("utf-8"))["runs"])


def _s(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def main(campaign: Path, folder: Path) -> None:
    """Write between the marks."""
    c = json.loads(campaign.read_text("utf-8"))
    figures = "\n".join([*headline(c), *table(c), *defects(folder)])
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}{figures}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
