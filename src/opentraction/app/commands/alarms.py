"""`opentraction alarms`: the book of alarms, their sounds, and the table's log of them."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from opentraction.app.sounder import PLAYERS
from opentraction.quantities import BadInput, State
from opentraction.session.alarm_board import ORDER
from opentraction.session.alarm_book import Entry, alarm_book
from opentraction.session.alarm_bursts import Burst, bursts, write_sounds
from opentraction.session.alarm_log import Line
from opentraction.session.log_chain import LogReport, verify

BROKEN = 5
SAID = ("force_n", "prescribed_n", "limit_n")
"""Of what was measured at an alarm [N]."""


def main(chosen: argparse.Namespace) -> int:
    """Do what was asked: the log, the sounds, or the book."""
    if chosen.log:
        return _log(chosen.data / "table" / "alarms.jsonl", chosen.last, chosen.json)
    if chosen.out is not None or chosen.play is not None:
        _sounds(chosen.out, chosen.play)
        return 0
    entries = sorted(alarm_book().values(), key=lambda one: ORDER[one.alarm.priority])
    if chosen.json:
        print(json.dumps({"alarms": [_told(one) for one in entries], "sounds": _heard()}, indent=1, ensure_ascii=False))
    else:
        print("\n\n".join([*map(_words, entries), *map(_sound_words, bursts().values())]))
    return 0


def _words(one: Entry) -> str:
    alarm = one.alarm
    stays = "stays until acknowledged" if alarm.latching else "leaves with its condition"
    delay = f"after {one.condition_delay_s:g} s, then within {one.signal_s:g} s"
    lines = [
        f"{alarm.id:4} {alarm.priority.upper():7} {alarm.text}",
        f"     when   {one.condition}",
        f"     told   {delay}; {stays}",
        f"     table  {one.reaction}",
        f"     you    {one.act}",
    ]
    return "\n".join([*lines, *(f"     note   {note}" for note in (one.unraised, one.unproved) if note)])


def _sound_words(burst: Burst) -> str:
    again = f"every {burst.every_s:g} s after its end" if burst.every_s else "once"
    return f"{burst.name:8} {burst.pulses} pulse{'s' * (burst.pulses > 1)} in {burst.length_s:.2f} s, {again}"


def _told(one: Entry) -> dict[str, Any]:
    alarm = one.alarm
    return {
        "id": alarm.id,
        "priority": alarm.priority,
        "latching": alarm.latching,
        "text": alarm.text,
        "condition": one.condition,
        "condition_delay_s": one.condition_delay_s,
        "signal_s": one.signal_s,
        "reaction": one.reaction,
        "act": one.act,
        "source": one.source,
        "unraised": one.unraised or None,
        "unproved": one.unproved or None,
    }


def _heard() -> dict[str, Any]:
    return {
        name: {
            "pulses": one.pulses,
            "length_s": round(one.length_s, 3),
            "every_s": one.every_s,
            "notes_hz": one.notes_hz,
        }
        for name, one in bursts().items()
    }


def _sounds(out: Path | None, play: str | None) -> None:
    if out is not None:
        for path in write_sounds(out):
            print(path)
    if play is not None:
        player = next((command for name, command in PLAYERS.items() if shutil.which(name)), None)
        if player is None:
            allowed = f"a machine with {', '.join(PLAYERS)}; or --out DIR, which writes the sounds as files"
            raise BadInput("--play", State("no player found"), allowed)
        with tempfile.TemporaryDirectory() as folder:
            write_sounds(Path(folder))
            done = subprocess.run([*player, f"{folder}/{play}.wav"], check=False)  # noqa: S603 (found on the PATH)
        if done.returncode != 0:
            raise BadInput("--play", State(f"{player[0]} ended with {done.returncode}"), "a machine with sound")


def _log(path: Path, last: int, as_json: bool) -> int:
    """The newest lines; 5 where the log is not whole."""
    if not path.is_file():
        raise BadInput("--data", str(path.parent.parent), "a folder whose table has written a log of alarms")
    report = verify(path)
    for line in report.documents[-last:]:
        print(json.dumps(line, ensure_ascii=False) if as_json else _line(line))
    return _verdict(report)


def _line(line: Line) -> str:
    what = str(line.get("doc"))
    if what == "started" and line.get("cut_off"):
        what = "started, after a power loss or a crash"
    words = [str(line.get("utc", ""))[:23], f"{what:14}", str(line.get("id") or ""), str(line.get("text") or "")]
    measured = [f"{name.removesuffix('_n').replace('_', ' ')} {line[name]:.0f} N" for name in SAID if name in line]
    by = [f"by {line['by']}"] if line.get("by") else []
    return "  ".join(word for word in [*words, ", ".join([*by, *measured])] if word).rstrip()


def _verdict(report: LogReport) -> int:
    if report.whole:
        return 0
    print(f"The log is not whole: line {report.bad_line}, {report.why}.", file=sys.stderr)
    return BROKEN
