"""A campaign that goes on another day: everything the report knows, in a file, written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from opentraction.quantities import BadInput
from opentraction.twin.campaign.faults import NAMES
from opentraction.twin.campaign.report import Report
from opentraction.twin.campaign.tally import Tally

FORMAT: Final = "opentraction campaign 1"
PLAIN: Final = (
    "seed",
    "runs",
    "seconds",
    "missed",
    "clean_seconds",
    "false_stops",
    "borne_seconds",
    "borne_stops",
    "digest",
)


def keep(report: Report, path: Path, code: str) -> None:
    """Write what there is so far; `code` is the hash of what was played."""
    data = {
        "format": FORMAT,
        "code": code,
        **{name: getattr(report, name) for name in PLAIN},
        "broken": report.broken,
        "cells": [[NAMES[fault], phase, count] for (fault, phase), count in sorted(report.cells.items())],
        "alone": {name: tally.document() for name, tally in report.alone.items() if tally.runs},
    }
    beside = path.with_name(path.name + ".new")
    try:
        beside.write_text(json.dumps(data, allow_nan=False), "utf-8")
        beside.replace(path)
    except OSError as error:
        raise BadInput("--keep", str(path), f"a file that can be written ({error.strerror})") from None


def kept(path: Path, seed: int, code: str) -> Report:
    """What an earlier day left, or a new report without such a file. Raises BadInput for one that does not fit."""
    if not path.exists():
        return Report(seed)
    try:
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
        report = _report(data)
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput("--keep", str(path), "a campaign that this command kept, or a new file") from None
    if data["code"] != code or report.seed != seed:
        other = "another seed" if report.seed != seed else "other code"
        raise BadInput("--keep", str(path), f"a campaign of this code and seed; this one is of {other}")
    return report


def _report(data: dict[str, Any]) -> Report:
    if data["format"] != FORMAT:
        raise ValueError(data["format"])
    report = Report(data["seed"])
    for name in PLAIN:
        setattr(report, name, data[name])
    report.broken = [(number, said) for number, said in data["broken"]]
    for name, phase, count in data["cells"]:
        report.cells[NAMES.index(name), phase] = count
    for name, tally in data["alone"].items():
        report.alone[name] = Tally.of(tally)
    return report
