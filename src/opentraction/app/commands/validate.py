"""`opentraction validate`: published measurements beside what the model says of them."""

from __future__ import annotations

import argparse
import math
from typing import Any

from opentraction.app.compiling_once import say_if_compiling
from opentraction.app.json_out import STANDARD_OUTPUT, check_json_out, counted, write_json
from opentraction.body.column.march import march
from opentraction.body.column.validation import (
    CALIBRATION,
    PREDICTION,
    Outcome,
    kept_promise,
    published,
    read_rows,
    validate,
)
from opentraction.quantities import BadInput, Streams
from opentraction.quantities.toml_file import read_text


def main(chosen: argparse.Namespace) -> int:
    """Print every row, misses first; 4 where the model keeps less than it promises."""
    check_json_out(chosen.json, () if chosen.rows is None else (chosen.rows,))
    rows = published() if chosen.rows is None else read_rows(read_text(chosen.rows), str(chosen.rows))
    if chosen.row:
        unknown = [one for one in chosen.row if one not in {row.id for row in rows}]
        if unknown:
            raise BadInput("--row", ", ".join(unknown), "the id of a row; validate without --row lists them")
        rows = tuple(row for row in rows if row.id in chosen.row)
    say_if_compiling(march)
    outcomes = validate(rows, chosen.samples, Streams(chosen.seed), counted("rows"))
    if chosen.json is not None:
        write_json(chosen.json, document(outcomes))
    if chosen.json != STANDARD_OUTPUT:
        print(tell(outcomes))
    return 0 if kept_promise(outcomes) else 4


def tell(outcomes: list[Outcome]) -> str:
    """A table in text, the misses on top."""
    head = f"{'':7} {'measured':>20} {'modelled':>28}  row"
    lines = [_sum(outcomes), ""]
    missing = [one for one in outcomes if one.why]
    if missing:
        lines += [f"Not played ({len(missing)})", *(f"{one.row.id}: {one.why}" for one in missing), ""]
    for title, inside in (("Outside", False), ("Inside", True)):
        of = [one for one in outcomes if one.inside is inside and not one.why]
        if of:
            lines += [f"{title} ({len(of)})", head, *(line for one in of for line in _lines(one)), ""]
    return "\n".join(lines).rstrip()


def _sum(outcomes: list[Outcome]) -> str:
    said = []
    for use, name in ((CALIBRATION, "calibration rows"), (PREDICTION, "predictions")):
        of = [one for one in outcomes if one.row.use == use]
        if of:
            said.append(f"{sum(one.inside for one in of)} of {len(of)} {name} inside")
    blind = [one for one in outcomes if one.row.blind]
    if blind:
        said.append(f"of these, {sum(one.inside for one in blind)} of the {len(blind)} that were played blind")
    missing = sum(bool(one.why) for one in outcomes)
    if missing:
        said.append(f"{missing} could not be played, which counts as outside")
    return "; ".join(said) + "."


def _lines(one: Outcome) -> list[str]:
    row = one.row
    measured = f"{row.measured:g} ({row.low:.4g} to {row.high:.4g})"
    modelled = f"{one.median:.3g} ({one.p5:.3g} to {one.p95:.3g}) {row.unit}"
    mark = "set by" if row.use == CALIBRATION else "predict"
    lines = [f"{mark:7} {measured:>20} {modelled:>28}  {row.id}: {row.what}"]
    lines.append(f"{'':58} {row.source}; {row.mark}")
    if one.left_out:
        lines.append(f"{'':58} without {one.left_out} of the bodies, which could not be played")
    if row.why and not one.inside:
        lines.append(f"{'':58} {row.why}")
    return lines


def document(outcomes: list[Outcome]) -> dict[str, Any]:
    """Everything as JSON."""
    return {"rows": [_document(one) for one in outcomes], "sum": _sum(outcomes)}


def _document(one: Outcome) -> dict[str, Any]:
    row = one.row
    return {
        "id": row.id,
        "what": row.what,
        "source": row.source,
        "mark": row.mark,
        "use": row.use,
        "people": row.people or None,
        "observe": row.observe,
        "levels": list(row.levels),
        "percent": row.percent,
        "measured": row.measured,
        "low": row.low,
        "high": row.high,
        "unit": row.unit,
        "median": _known(one.median),
        "p5": _known(one.p5),
        "p95": _known(one.p95),
        "inside": one.inside,
        "why": row.why,
        "blind": row.blind,
        "not_played": one.why or None,
        "left_out": one.left_out,
    }


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
