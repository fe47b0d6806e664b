"""`opentraction twin fit` and `opentraction twin predict`: a person's own twin from recorded sessions."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from opentraction import __version__
from opentraction.app.compiling_once import say_if_compiling
from opentraction.app.json_out import check_json_out, write_json, write_whole
from opentraction.prescription import Plan
from opentraction.quantities import BadInput, Streams, parse_quantity, quantity
from opentraction.session.reader import Recording, read_session
from opentraction.session.recorder import DOCUMENTS, EDF
from opentraction.twin.own.file import bands, document, read_fit
from opentraction.twin.own.fit import Fit, fit
from opentraction.twin.own.march import compiled_march
from opentraction.twin.own.predicting import Compared, Predicted, compare, predict, recorded
from opentraction.twin.own.told import TOLD
from opentraction.twin.own.trace import NoPull, cut_short, trace_of

NO_PULL, FAR_OFF = 3, 4
PICTURE = "--picture"
NARROW = " Fewer than half: the band is too narrow for this session, or this is somebody else."


def main(chosen: argparse.Namespace) -> int:
    """Fit, or predict; 3 where a recording has no usable pull, 4 where a recorded hold lies farther off than 5 %."""
    read = [file for folder in _recordings(chosen) for file in (folder / EDF, folder / DOCUMENTS)]
    read += [chosen.fit] if chosen.act == "predict" else []
    check_json_out(chosen.json, read)
    if chosen.act == "predict":
        check_json_out(chosen.picture, [*read, *([chosen.json] if chosen.json is not None else [])], PICTURE)
    try:
        return _fit(chosen) if chosen.act == "fit" else _predict(chosen)
    except NoPull as refusal:
        print(f"opentraction: {refusal}", file=sys.stderr)
        return NO_PULL


def _recordings(chosen: argparse.Namespace) -> list[Path]:
    return list(chosen.recordings) if chosen.act == "fit" else [chosen.recording]


def _fit(chosen: argparse.Namespace) -> int:
    mass = None if chosen.mass is None else _mass(chosen.mass)
    recordings = [read_session(folder) for folder in chosen.recordings]
    _check_each_once(recordings)
    traces = [trace_of(recording, mass) for recording in recordings]
    say_if_compiling(compiled_march())
    fitted = fit(traces, Streams(chosen.seed), chosen.draws)
    if chosen.json is not None:
        write_json(chosen.json, document(fitted))
    if chosen.json != Path("-"):
        print(_told(fitted))
    return 0


def _check_each_once(recordings: Sequence[Recording]) -> None:
    """Raises BadInput for a session given twice: it would count as two, and bands would shrink for nothing."""
    seen: dict[object, Path] = {}
    for one in recordings:
        uid = one.start.get("uid", one.folder)
        if uid in seen:
            allowed = f"each session once; this is the one of {seen[uid]}"
            raise BadInput("RECORDING", str(one.folder), allowed)
        seen[uid] = one.folder


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
                "version": __version__,
                "seed": chosen.seed,
                "modelled": True,
                "fitted_angle_rad": fitted.known.angle,
                "angle_rad": recording.plan["angle"],
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
        print("\n".join([*cut_short(recording), *_another_angle(fitted, recording), _compared(found)]))
    return 0 if found.close else FAR_OFF


def _canonical(plan: dict[str, object]) -> str:
    return json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _draw(out: Path, ahead: Predicted, seen: Predicted, found: Compared) -> None:
    from opentraction.twin.own.picture import picture

    write_whole(out, picture(ahead, seen, found), PICTURE)


def _another_angle(fitted: Fit, recording: Recording) -> list[str]:
    """A pull at another angle is predicted, but what the couch then holds back was never seen."""
    was, now = math.degrees(fitted.known.angle), math.degrees(float(recording.plan["angle"]))
    if abs(was - now) < 0.05:
        return []
    return [f"Fitted at {was:.3g} deg, predicted at {now:.3g} deg: what the couch holds back there was not fitted."]


def _compared(found: Compared) -> str:
    holds = f", the hold farthest off by {100 * found.worst:.1f} %" if found.holds else ""
    return (
        f"Compared over {found.seconds / 60:.0f} min: travel off by {100 * found.overall:.1f} % of its largest, "
        f"root mean square{holds}; {100 * found.inside:.0f} % of moments inside the 90 % band."
        + (NARROW if found.inside < 0.5 else "")
    )
