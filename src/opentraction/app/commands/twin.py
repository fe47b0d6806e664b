"""`opentraction twin fit` and `opentraction twin predict`: a person's own twin from recorded sessions."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from opentraction.app.json_out import check_json_out, write_json
from opentraction.prescription import Plan
from opentraction.quantities import BadInput, Streams, parse_quantity, quantity
from opentraction.session.reader import read_session
from opentraction.twin.own.file import bands, document, read_fit
from opentraction.twin.own.fit import Fit, fit
from opentraction.twin.own.predicting import Compared, Predicted, compare, predict, recorded
from opentraction.twin.own.told import TOLD
from opentraction.twin.own.trace import NoPull, trace_of

NO_PULL, FAR_OFF = 3, 4


def main(chosen: argparse.Namespace) -> int:
    """Fit, or predict; 3 where a recording has no usable pull, 4 where a recorded hold lies farther off than 5 %."""
    check_json_out(chosen.json)
    try:
        return _fit(chosen) if chosen.act == "fit" else _predict(chosen)
    except NoPull as refusal:
        print(f"opentraction: {refusal}", file=sys.stderr)
        return NO_PULL


def _fit(chosen: argparse.Namespace) -> int:
    mass = None if chosen.mass is None else _mass(chosen.mass)
    traces = [trace_of(read_session(folder), mass) for folder in chosen.recordings]
    fitted = fit(traces, Streams(chosen.seed), chosen.draws)
    if chosen.json is not None:
        write_json(chosen.json, document(fitted))
    if chosen.json != Path("-"):
        print(_told(fitted))
    return 0


def _mass(written: str) -> float:
    mass = parse_quantity(written, "mass", "--mass")
    return quantity("body_mass").check(mass, "--mass", written)


def _told(fitted: Fit) -> str:
    """A line for each parameter, then what was seen in each session."""
    lines = ["Modelled, never measured: median, 5th to 95th percentile in brackets."]
    values = fitted.told()
    for one in TOLD:
        band = bands(values[one.key])
        said = f"{band['median']:.3g} ({band['p5']:.3g} to {band['p95']:.3g}) {one.unit}".rstrip()
        lines.append(f"{one.words:44} {said}")
    force, rate = fitted.breathing
    lines.append(f"{'breathing':44} {force:.1f} N, {60 * rate:.0f} a minute")
    for used in fitted.sessions:
        lines.append(f"\n{used.name}: {used.pulled / 60:.0f} min of pull, fitted to {1e3 * used.left:.2f} mm.")
        lines += [
            f"  At {at:.0f} s travel stepped by {1e3 * size:+.1f} mm: a slip or a shift." for at, size in used.steps
        ]
        if used.startled:
            times = "once" if used.startled == 1 else f"{used.startled} times"
            lines.append(f"  Force was startled {times}: coughs, slips, movements.")
        lines += [f"  {remark}" for remark in used.remarks]
    return "\n".join(lines)


def _predict(chosen: argparse.Namespace) -> int:
    fitted, recording = read_fit(chosen.fit), read_session(chosen.recording)
    seen = recorded(recording)
    try:
        ahead = predict(fitted, Plan.from_canonical(_canonical(recording.plan)), Streams(chosen.seed), chosen.persons)
    except BadInput as refusal:
        raise refusal.within(str(chosen.recording)) from None
    found = compare(ahead, seen)
    if chosen.picture is not None:
        _draw(chosen.picture, ahead, seen, found)
    if chosen.json is not None:
        low, middle, high = ahead.band()
        write_json(
            chosen.json,
            {
                "t_s": ahead.t.round(2).tolist(),
                "travel_m": {"p5": low.tolist(), "median": middle.tolist(), "p95": high.tolist()},
                "compared": {
                    "seconds": found.seconds,
                    "holds": list(found.holds),
                    "worst_hold": found.worst,
                    "rms_of_largest": found.overall,
                    "inside": found.inside,
                },
            },
        )
    if chosen.json != Path("-"):
        print(_compared(found))
    return 0 if found.close else FAR_OFF


def _canonical(plan: dict[str, object]) -> str:
    return json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _draw(out: Path, ahead: Predicted, seen: Predicted, found: Compared) -> None:
    from opentraction.twin.own.picture import picture

    try:
        out.write_text(picture(ahead, seen, found), "utf-8")
    except OSError as error:
        raise BadInput("--picture", str(out), f"a file that can be written ({error.strerror})") from None


def _compared(found: Compared) -> str:
    holds = f", the hold farthest off by {100 * found.worst:.1f} %" if found.holds else ""
    return (
        f"Compared over {found.seconds / 60:.0f} min: travel off by {100 * found.overall:.1f} % of its largest, "
        f"root mean square{holds}; {100 * found.inside:.0f} % of moments inside the 90 % band."
    )
