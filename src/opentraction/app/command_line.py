"""The command line: `opentraction COMMAND`. Each command lives in a file of its own; this one only reads the words."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from opentraction import DISCLAIMER, __version__
from opentraction.app import help as texts
from opentraction.app.speed import FASTEST_TABLE, FASTEST_TREATMENT, SLOWEST
from opentraction.app.spines import SPINES
from opentraction.app.standard_streams import open_standard_streams
from opentraction.quantities import BadInput


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; bad input is one sentence on standard error and exit code 2, a disk that fails exit code 5."""
    open_standard_streams()
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.command is None:
        parser.print_help()
        return 2
    try:
        code = int(chosen.run(chosen))
        sys.stdout.flush()  # what waits is written here, where a reader who left can be told from a disk that fails
        return code
    except BadInput as refusal:
        print(f"opentraction: {refusal}", file=sys.stderr)
        return 2
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what waits still goes nowhere
            return 0
        place = f"{error.filename}: " if error.filename else ""
        print(f"opentraction: {place}{error.strerror or error}.", file=sys.stderr)
        return 5


class Parser(argparse.ArgumentParser):
    """Refuses in one sentence, and says where the help is."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2."""
        sentence = message.removeprefix("argument ").rstrip(".")
        self.exit(2, f"opentraction: {sentence}. See {self.prog} --help.\n")


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number from `low` to `high`, for an argument."""

    def read(text: str) -> int:
        if not (text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 20):
            raise _refusal(text, low, high)
        if not low <= int(text) <= high:
            raise _refusal(text, low, high)
        return int(text)

    return read


def _refusal(text: str, low: int, high: int) -> argparse.ArgumentTypeError:
    shown = text if len(text) <= 60 else text[:57] + "..."
    return argparse.ArgumentTypeError(f"{shown!r} cannot be used; allowed: a whole number from {low} to {high}")


TIMES = f"times real time, any number from {SLOWEST:g} to"
USER_ACTS = {
    "add": "add a user with a role and a password",
    "role": "give a user one more role, or take one away",
    "list": "list the users, their roles and when they last signed in",
    "password": "give a user another password",
    "disable": "close a user: no more signing in, open pages end",
    "enable": "open a user again",
    "second-factor": "say whether a user has a second factor, or reset it",
}
ROLES = ("front-desk", "therapist", "clinician", "administrator", "auditor")
SEED = whole(0, 2**53)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="opentraction",
        description=f"Spinal decompression therapy in the open. {DISCLAIMER}",
        epilog=f"opentraction COMMAND --help tells more of each. {texts.EXIT_CODES}",
        formatter_class=texts.Wrapped,
    )
    parser.add_argument("--version", action="version", version=f"opentraction {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _run(commands)
    _treat(commands)
    _rehearse(commands)
    _protocols(commands)
    _screen(commands)
    _course(commands)
    _recover(commands)
    _report(commands)
    _estimate(commands)
    _user(commands)
    _clinic(commands)
    _audit(commands)
    _records(commands)
    _table(commands)
    _on_the_bus(commands)
    _alarms(commands)
    _spine(commands)
    _specialists(commands)
    _score(commands)
    _claims(commands)
    _simulate(commands)
    _validate(commands)
    _twin(commands)
    _explore(commands)
    _campaign(commands)
    _replay(commands)
    return parser


def _add(commands: argparse._SubParsersAction[Parser], name: str, short: str, long: str = "") -> Parser:
    return commands.add_parser(
        name,
        help=short,
        description=long or short,
        epilog=texts.OF_COMMAND[name],
        formatter_class=texts.Formatter,
    )


def _run(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(
        commands,
        "run",
        "start the clinic: table, console and a demo patient",
        texts.RUN,
    )
    p.add_argument("--data", type=Path, default=Path("var"), help="folder for database and recordings (default: var)")
    p.add_argument(
        "--port", type=whole(1, 65535), default=8000, help="port of the console on 127.0.0.1 (default: 8000)"
    )
    p.add_argument("--seed", type=SEED, default=1, help="seed of the simulated table (default: 1)")
    p.add_argument(
        "--table",
        default=os.environ.get("OPENTRACTION_TABLE", "virtual"),
        metavar="WHICH",
        help="virtual (default), bus (simulated nodes and guard in processes of their own) or socketcan:INTERFACE",
    )
    p.set_defaults(run=_call("run"))


def _treat(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "treat", "treat a simulated patient, at any speed", texts.TREAT)
    _plan_arguments(p)
    p.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for the recording; must not hold one yet"
    )
    p.add_argument("--speed", default="max", metavar="FACTOR", help=f"max (default), or {TIMES} {FASTEST_TREATMENT:g}")
    p.add_argument("--seed", type=SEED, default=0, metavar="N", help="everything random follows from it (default: 0)")
    p.add_argument(
        "--event", action="append", default=[], metavar="T:WHAT", help="let something happen; repeat for more"
    )
    p.add_argument("--spine", choices=SPINES, default=SPINES[0], help="what is pulled (default: springs)")
    p.add_argument("--no-report", action="store_true", help="leave out report.pdf")
    p.add_argument("--intake", type=Path, metavar="INTAKE", help="screen these answers first; what forbids ends it")
    p.set_defaults(run=_call("treat"))


def _rehearse(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(
        commands,
        "rehearse",
        "say what a prescription would do, before anything moves",
        texts.REHEARSE,
    )
    _plan_arguments(p)
    _unit_argument(p, "lb")
    p.add_argument("--svg", type=Path, metavar="FILE", help="also draw the curve into FILE")
    p.set_defaults(run=_call("rehearse"))


def _plan_arguments(p: argparse.ArgumentParser) -> None:
    p.add_argument("prescription", metavar="PRESCRIPTION", help="prescription file, or the name of a shipped protocol")
    p.add_argument("--patient", required=True, metavar="PATIENT", type=Path, help="patient file")
    p.add_argument("--session", type=whole(1, 999), default=1, metavar="N", help="number in the course (default: 1)")


def _unit_argument(p: argparse.ArgumentParser, otherwise: str) -> None:
    text = f"force unit to speak in: lb, kgf, N, kN or daN (default: as the prescription was written, else {otherwise})"
    p.add_argument("--unit", metavar="UNIT", help=text)


def _protocols(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "protocols", "list the published protocols that are shipped", texts.PROTOCOLS)
    p.set_defaults(run=_call("protocols"))


def _course(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "course", "say what the next session of a course should be, and why", texts.COURSE)
    p.add_argument("course", metavar="COURSE", type=Path, help="course file, such as examples/course.toml")
    p.add_argument("--today", metavar="DAY", help="the day to advise for (default: the file's [today], else today)")
    p.add_argument("--json", action="store_true", help="print JSON, in newtons and seconds")
    p.add_argument("--prescription", type=Path, metavar="FILE", help="put the advised force and length into this one")
    p.add_argument("--out", type=Path, metavar="FILE", help="and write it into FILE, which must not be there yet")
    p.set_defaults(run=_call("course"))


def _screen(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "screen", "say whether a person may be treated, and why", texts.SCREEN)
    p.add_argument("intake", metavar="INTAKE", type=Path, help="intake file, such as examples/intake.toml")
    p.add_argument("--json", action="store_true", help="print the verdict as JSON")
    p.add_argument("--letter", type=Path, metavar="FILE", help="also write the letter it asks for, a PDF, into FILE")
    p.add_argument("--today", metavar="DATE", help="day of screening, such as 2026-03-31 (default: today)")
    p.set_defaults(run=_call("screen"))


def _recover(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(
        commands,
        "recover",
        "close a recording that was cut off",
        texts.RECOVER,
    )
    p.add_argument("folder", type=Path, metavar="DIR", help="folder with session.edf and documents.jsonl")
    p.set_defaults(run=_call("recover"))


def _report(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "report", "write the PDF report of a recording", texts.REPORT)
    p.add_argument("folder", type=Path, metavar="DIR", help="folder with session.edf and documents.jsonl")
    p.add_argument("--out", type=Path, metavar="FILE", help="PDF to write (default: DIR/report.pdf)")
    p.add_argument("--letter", action="store_true", help="US Letter instead of A4")
    _unit_argument(p, "N")
    p.set_defaults(run=_call("report"))


def _score(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "score", "score filled-in questionnaires and say what changed", texts.SCORE)
    p.add_argument("file", type=Path, metavar="FILE", help="file of forms, in TOML")
    p.add_argument("--json", action="store_true", help="as JSON, with licence, caveats and sources")
    p.set_defaults(run=_call("score"))


def _claims(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "claims", "find what a text promises that nobody has shown", texts.CLAIMS)
    p.add_argument("files", type=Path, nargs="+", metavar="FILE", help="Markdown, HTML, TOML, PO, Python or plain text")
    p.add_argument("--json", action="store_true", help="print everything as JSON")
    p.set_defaults(run=_call("claims"))


def _explore(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "explore", "walk everything that can go wrong, and see whether the laws hold", texts.EXPLORE)
    p.add_argument("--faults", type=whole(0, 3), default=3, metavar="N", help="up to so many faults (default: 3)")
    p.add_argument(
        "--without", action="append", default=[], metavar="WHAT", help="leave a safeguard out; repeat for more"
    )
    p.add_argument("--all", action="store_true", help="go on after a broken law, to see which others break")
    p.add_argument("--json", type=Path, metavar="OUT", help="write everything into OUT; - for standard output")
    p.set_defaults(run=_call("explore"))


def _campaign(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "campaign", "play bad days by the thousand, and judge them by the true force", texts.CAMPAIGN)
    p.add_argument("--runs", type=whole(1, 100_000_000), default=2000, metavar="N", help="so many runs (default: 2000)")
    p.add_argument("--seed", type=SEED, default=0, metavar="N", help="everything random follows from it (default: 0)")
    p.add_argument("--jobs", type=whole(1, 256), default=1, metavar="J", help="on so many cores (default: 1)")
    p.add_argument("--json", type=Path, metavar="OUT", help="write everything into OUT; - for standard output")
    p.add_argument("--keep", type=Path, metavar="FILE", help="go on from FILE, and keep in it what is played")
    p.add_argument("--defect", default="", metavar="NAME", help="plant a defect first; ends at its first sign")
    p.add_argument("--list-defects", action="store_true", help="name the defects, and end")
    p.set_defaults(run=_call("campaign"))


def _replay(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "replay", "draw one run of a campaign", texts.REPLAY)
    p.add_argument("number", type=whole(0, 100_000_000), metavar="RUN", help="number of the run")
    p.add_argument("--seed", type=SEED, default=0, metavar="N", help="the campaign's seed (default: 0)")
    p.add_argument("--out", type=Path, metavar="SVG", help="write the picture there (default: run-SEED-RUN.svg)")
    p.add_argument("--smaller", action="store_true", help="find a smaller run that breaks the same, and draw that")
    p.set_defaults(run=_call("replay"))


def _simulate(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "simulate", "play what days, postures and pulls probably do to a spine", texts.SIMULATE)
    p.add_argument("scenario", type=Path, metavar="SCENARIO", help="scenario file, such as examples/scenario.toml")
    p.add_argument("--json", type=Path, metavar="OUT", help="write everything into OUT; - for standard output")
    p.add_argument("--samples", type=whole(1, 10_000), default=60, metavar="N", help="bodies drawn (default: 60)")
    p.add_argument("--at", metavar="TIMES", help="times after each stage's start, such as 0s,30s,20min")
    p.add_argument("--seed", type=SEED, default=0, metavar="N", help="everything random follows from it (default: 0)")
    p.set_defaults(run=_call("simulate"))


def _validate(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(
        commands, "validate", "play published measurements of spines and say what the model misses", texts.VALIDATE
    )
    p.add_argument("--rows", type=Path, metavar="FILE", help="measurements of one's own, instead of the shipped ones")
    p.add_argument("--row", action="append", metavar="ID", help="only this row; repeat for more")
    p.add_argument("--json", type=Path, metavar="OUT", help="also write everything into OUT; - for standard output")
    p.add_argument("--samples", type=whole(1, 10_000), default=60, metavar="N", help="bodies drawn (default: 60)")
    p.add_argument("--seed", type=SEED, default=0, metavar="N", help="everything random follows from it (default: 0)")
    p.set_defaults(run=_call("validate"))


def _twin(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "twin", "fit a person's own twin to recordings, and predict their next session", texts.TWIN)
    acts = p.add_subparsers(dest="act", metavar="ACT", required=True)
    one = acts.add_parser("fit", help="fit one person to their recordings", formatter_class=texts.Formatter)
    one.add_argument("recordings", type=Path, nargs="+", metavar="RECORDING", help="folder of a recorded session")
    one.add_argument("--json", type=Path, metavar="OUT", help="write the fit into OUT; - for standard output")
    one.add_argument("--mass", metavar="MASS", help='body mass, such as "82 kg" (default: as in the recording)')
    one.add_argument("--draws", type=whole(20, 2000), default=100, metavar="N", help="possible persons (default: 100)")
    two = acts.add_parser(
        "predict", help="predict a session, beside what was recorded", formatter_class=texts.Formatter
    )
    two.add_argument("fit", type=Path, metavar="FIT", help="what fit wrote with --json")
    two.add_argument("--recording", type=Path, required=True, metavar="NEXT", help="folder of the session predicted")
    two.add_argument("--picture", type=Path, metavar="OUT", help="draw predicted against recorded into OUT, an SVG")
    two.add_argument("--json", type=Path, metavar="OUT", help="write everything into OUT; - for standard output")
    two.add_argument("--persons", type=whole(5, 500), default=24, metavar="N", help="persons played (default: 24)")
    for act in (one, two):
        act.add_argument("--seed", type=SEED, default=0, metavar="N", help="chance follows from it (default: 0)")
    p.set_defaults(run=_call("twin"))


def _table(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(
        commands,
        "table",
        "run the table process alone",
        texts.TABLE,
    )
    p.add_argument("--socket", type=Path, required=True, help="Unix socket to listen on")
    p.add_argument("--data", type=Path, default=Path("var"), help="folder for recordings (default: var)")
    p.add_argument(
        "--speed", default="1", metavar="FACTOR", help=f"{TIMES} {FASTEST_TABLE:g}, for trying out (default: 1)"
    )
    p.add_argument("--seed", type=SEED, default=1, help="seed of the simulated table (default: 1)")
    p.add_argument(
        "--sound",
        default=os.environ.get("OPENTRACTION_SOUND", "auto"),
        metavar="HOW",
        help="what plays alarms: auto (default), none, bell, pw-play, paplay or aplay; also OPENTRACTION_SOUND",
    )
    p.add_argument("--lateness", type=Path, help="at the end, write how late each tick was [us], one a line")
    p.add_argument("--bus", metavar="BUS", help="a table on this bus: path of a hub, or socketcan:INTERFACE")
    p.set_defaults(run=_call("table"))


def _on_the_bus(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "bus", "run a bus between processes", texts.BUS)
    p.add_argument("--bus", required=True, metavar="PATH", help="Unix socket to listen on")
    p.set_defaults(run=_call("bus"))
    p = _add(commands, "nodes", "simulate drive, load cells and switches on a bus", texts.NODES)
    p.add_argument("--bus", required=True, metavar="PATH", help="path of a hub")
    p.add_argument("--seed", type=SEED, default=1, help="seed of what is simulated (default: 1)")
    p.add_argument(
        "--gear", choices=("turns-back", "holds"), default="turns-back", help="what a loaded cable does without torque"
    )
    p.set_defaults(run=_call("nodes"))
    p = _add(commands, "guard", "run the guard of a table on a bus", texts.GUARD)
    p.add_argument("--bus", required=True, metavar="BUS", help="path of a hub, or socketcan:INTERFACE")
    p.add_argument("--lateness", type=Path, help="at the end, write how long each look took [us], one a line")
    p.set_defaults(run=_call("guard"))


def _alarms(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(
        commands, "alarms", "say what each alarm means; write or play its sound; read the table's log", texts.ALARMS
    )
    p.add_argument("--json", action="store_true", help="print everything as JSON")
    p.add_argument("--out", type=Path, metavar="DIR", help="write the sounds into DIR, as WAV files")
    p.add_argument("--play", choices=("high", "medium", "low", "reminder"), metavar="PRIORITY", help="play one sound")
    p.add_argument("--log", action="store_true", help="tell what alarms there were at the table, the newest last")
    p.add_argument("--last", type=whole(1, 100_000), default=50, metavar="N", help="lines of the log (default: 50)")
    p.add_argument("--data", type=Path, default=_data(), help="folder of the clinic (default: %(default)s)")
    p.set_defaults(run=_call("alarms"))


def _spine(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "spine", "follow the modelled spine of whoever lies on the table", texts.SPINE)
    p.add_argument("--socket", type=Path, required=True, help="Unix socket of the table process")
    p.add_argument("--own", type=Path, help="Unix socket to answer on (default: spine.socket beside the table's)")
    p.add_argument("--data", type=Path, default=Path("var"), help="folder of the recordings (default: var)")
    p.set_defaults(run=_call("spine"))


def _estimate(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "estimate", "say what a course of sessions would cost", texts.ESTIMATE)
    p.add_argument("file", type=Path, metavar="FILE", help="estimate file")
    p.add_argument("--json", action="store_true", help="print everything as JSON")
    p.add_argument("--pdf", type=Path, metavar="OUT", help="also write the good-faith estimate into OUT")
    p.set_defaults(run=_call("estimate"))


def _user(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "user", "say who may sign in to the console", texts.USER)
    acts = p.add_subparsers(dest="act", metavar="ACT", required=True)
    for act, short in USER_ACTS.items():
        one = acts.add_parser(act, help=short, description=short, formatter_class=texts.Formatter)
        if act != "list":
            one.add_argument("name", metavar="NAME", help="what is typed to sign in")
        if act == "add":
            one.add_argument("--role", required=True, choices=ROLES, help="what the user may do")
        if act == "role":
            which = one.add_mutually_exclusive_group(required=True)
            which.add_argument("--give", choices=ROLES, metavar="ROLE", help="one of " + ", ".join(ROLES))
            which.add_argument("--take", choices=ROLES, metavar="ROLE", help="the role to take away")
        if act == "second-factor":
            one.add_argument("--reset", action="store_true", help="for who lost phone and recovery codes")
        if act in {"add", "role"}:
            one.add_argument("--clinic", metavar="CLINIC", help="its name (default: the first clinic)")
        if act in {"add", "password"}:
            one.add_argument(
                "--password-stdin", action="store_true", help="read it from the first line of standard input"
            )
        one.add_argument("--data", type=Path, default=_data(), help="folder of the clinic (default: %(default)s)")
    p.set_defaults(run=_call("user"))


def _clinic(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "clinic", "list the clinics of this installation, or add one", texts.CLINIC)
    acts = p.add_subparsers(dest="act", metavar="ACT", required=True)
    for act, short in {"list": "list the clinics", "add": "add a clinic"}.items():
        one = acts.add_parser(act, help=short, description=short, formatter_class=texts.Formatter)
        if act == "add":
            one.add_argument("name", metavar="NAME", help="what it is called")
        one.add_argument("--data", type=Path, default=_data(), help="folder of the clinic (default: %(default)s)")
    p.set_defaults(run=_call("clinic"))


def _specialists(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "specialists", "keep and search the directory of specialists", texts.SPECIALISTS)
    acts = p.add_subparsers(dest="act", metavar="ACT", required=True)
    take = acts.add_parser("import", help="read a registry file in", formatter_class=texts.Formatter)
    take.add_argument("file", type=Path, metavar="FILE", help="CSV, or a ZIP with one in it")
    take.add_argument("--again", action="store_true", help="read a file once more that is in already")
    find = acts.add_parser("search", help="find somebody", formatter_class=texts.Formatter)
    find.add_argument("--near", metavar="PLACE", help='ZIP code, "Austin, TX", or "30.27, -97.74"')
    find.add_argument("--radius", metavar="MILES", help="5, 10, 25, 50 or 100 (default: 25)")
    find.add_argument("--specialty", metavar="ID", help="such as chiropractor or physical-therapist")
    find.add_argument("--name", metavar="NAME", help="beginning of the name, family name first")
    find.add_argument("--language", metavar="CODE", help="such as es")
    find.add_argument("--insurance", metavar="NAME", help="as it is written in the directory")
    find.add_argument("--fee", action="store_true", help="who says what it costs")
    find.add_argument("--refund", action="store_true", help="who pays back sessions not used")
    find.add_argument("--order", metavar="HOW", help="distance (default) or reviews")
    find.add_argument("--page", metavar="N", help="1 to 10")
    find.add_argument("--json", action="store_true", help="as JSON; distances in metres")
    for one in (take, find):
        one.add_argument("--data", type=Path, default=_data(), help="folder of the clinic (default: %(default)s)")
    p.set_defaults(run=_call("specialists"))


def _audit(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "audit", "check the record of who did and read what, or export it", texts.AUDIT)
    acts = p.add_subparsers(dest="act", metavar="ACT", required=True)
    for act, short in {"check": "is the record whole?", "export": "write it as lines of JSON"}.items():
        one = acts.add_parser(act, help=short, description=short, formatter_class=texts.Formatter)
        if act == "export":
            one.add_argument("--out", type=Path, metavar="FILE", help="a new file (default: standard output)")
        one.add_argument("--data", type=Path, default=_data(), help="folder of the clinic (default: %(default)s)")
    p.set_defaults(run=_call("audit"))


def _records(commands: argparse._SubParsersAction[Parser]) -> None:
    p = _add(commands, "export", "write a patient's whole record as a ZIP", texts.EXPORT)
    p.add_argument("patient", metavar="PSEUDONYM", help="such as P-017")
    p.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write into")
    _of_clinic(p, "export")
    p = _add(commands, "backup", "write the whole clinic into one file, while it runs", texts.BACKUP)
    p.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file, such as clinic.backup")
    p.add_argument("--with-key", action="store_true", help="also the secret key: then guard the file like one")
    _of_clinic(p, "backup")
    p = _add(commands, "restore", "put a backup into an empty place, and prove that it is whole", texts.RESTORE)
    p.add_argument("file", type=Path, metavar="FILE", help="a file that opentraction backup wrote")
    p.add_argument("--data", type=Path, required=True, metavar="DIR", help="a folder that is new or empty")
    p.add_argument("--to", default="sqlite", metavar="URL", help="sqlite (default) or postgresql://user@host:port/name")
    p.set_defaults(run=_call("restore"))
    p = _add(commands, "move", "move the clinic between SQLite and PostgreSQL", texts.MOVE)
    p.add_argument("--to", required=True, metavar="URL", help="sqlite, or postgresql://user@host:port/name")
    _of_clinic(p, "move")


def _of_clinic(p: Parser, command: str) -> None:
    p.add_argument("--data", type=Path, default=_data(), help="folder of the clinic (default: %(default)s)")
    p.set_defaults(run=_call(command))


def _data() -> Path:
    """As the web process has it."""
    return Path(os.environ.get("OPENTRACTION_DATA", "var"))


def _call(name: str):  # type: ignore[no-untyped-def]
    """The command's own module, imported only when it is asked for, so that --help is quick."""

    def run(chosen: argparse.Namespace) -> int:
        from importlib import import_module

        return int(import_module(f"opentraction.app.commands.{name}").main(chosen))

    return run
