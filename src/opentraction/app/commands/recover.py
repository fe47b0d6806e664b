"""`opentraction recover`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from opentraction.quantities import BadInput
from opentraction.quantities.clock import MonotonicClock
from opentraction.session.reader import Recording, read_session
from opentraction.session.recovery import recover
from opentraction.session.report_data import figures
from opentraction.session.whole_file import write_whole


def main(chosen: argparse.Namespace) -> int:
    """Close the recording, sum it up as `treat` would have, and say what was done."""
    report = recover(chosen.folder, MonotonicClock().civil())
    print(report.sentence())
    recording = read_session(chosen.folder)
    path = chosen.folder / "summary.json"
    if recording.ending == "interrupted" and (report.changes or not path.exists()):
        _sum_up(recording, path)
        print(f"Wrote {path}.")
    return 0


def _sum_up(recording: Recording, path: Path) -> None:
    """The figures as far as the recording holds them; the hash of the rows themselves is not known from it."""
    of = {"seed": recording.start["seed"], "spine": recording.start["table"].get("spine")}
    summary = {**figures(recording), "trace_sha256": None, **of}
    try:
        write_whole(path, (json.dumps(summary, indent=2, allow_nan=False) + "\n").encode())
    except OSError as error:
        raise BadInput("folder", str(path), f"a file that can be written ({error.strerror})") from error
