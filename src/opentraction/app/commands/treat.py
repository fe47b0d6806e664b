"""`opentraction treat`: one simulated treatment from prescription to recording."""

from __future__ import annotations

import argparse
import json
import os
import sys
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from opentraction.app.asked_to_end import AskedToEnd
from opentraction.app.out_folder import check_out
from opentraction.app.plans import Written, read_plan, read_written
from opentraction.app.progress import Progress
from opentraction.app.same_person import check_same_person
from opentraction.app.speed import FASTEST_TREATMENT, times_real_time
from opentraction.app.spines import SPRINGS, laid
from opentraction.control.step import has_torque, releasing
from opentraction.prescription import Plan
from opentraction.prescription.change import change_at_boundary
from opentraction.prescription.release import LONGEST
from opentraction.prescription.words import spoken
from opentraction.quantities import BadInput, MonotonicClock, Streams, parse_quantity
from opentraction.quantities.vocabulary import ASK_STOP, BY_SHUT_DOWN
from opentraction.screening import plain_words, read_intake, screen
from opentraction.session.recorder import FASTER_THAN_LIFE, REAL_TIME, Recorder
from opentraction.session.rows import Rows
from opentraction.session.session import Binding, Session
from opentraction.session.whole_file import write_whole
from opentraction.twin.mishaps import LATEST, Mishap, parse_mishap
from opentraction.twin.treatment import SCRIPTED, Result, Treatment, play, treated_person

WRITTEN = ("session.edf", "documents.jsonl", "summary.json", "report.pdf", "chart.svg")
CHANGE = ":change="
STOPPED, NOT_PERMITTED = 3, 4
CODES = {"completed": 0, "patient stop": 3, "clinician stop": 3, "console stop": 3, "fault": 5, "interrupted": 5}


def main(chosen: argparse.Namespace) -> int:
    """Treat and write everything; the exit code says how it ended."""
    speed = _speed(chosen.speed)
    mishaps = [parse_mishap(text) for text in chosen.event if CHANGE not in text]
    written = read_written(chosen.prescription, chosen.patient, chosen.session)
    plan = written.plan
    if chosen.intake is not None and not _may_be_treated(chosen.intake, written):
        return NOT_PERMITTED
    _check_reached(mishaps, plan)
    asked = [text for text in chosen.event if CHANGE in text]
    changes = [_change(text, plan, chosen.patient, chosen.session) for text in asked]
    check_out(chosen.out, WRITTEN, plan.total_time)
    with AskedToEnd() as ending:
        session, result = treat(written, chosen.out, speed, chosen.seed, mishaps, changes, ending, chosen.spine)
        summary = {**session.metrics.summary(session.ending or ""), "seed": chosen.seed, "spine": chosen.spine}
        _write(chosen.out / "summary.json", json.dumps(summary, indent=2, allow_nan=False) + "\n")
        _draw(chosen.out, written.unit or "N", report=not chosen.no_report)
        _tell(_closing(summary, result, chosen.out, ending.asked, written.unit or "N"))
    if ending.asked and session.ending == "interrupted":
        return STOPPED
    return CODES[str(session.ending)] if result.started else NOT_PERMITTED


def _may_be_treated(file: Path, written: Written) -> bool:
    """Whether screening lets this patient be pulled; where it does not, the verdict is told and nothing is written."""
    intake, region = read_intake(file), written.plan.region
    if intake.region != region:
        raise BadInput("region", intake.region, f"{region}, which this prescription pulls", str(file))
    try:
        check_same_person(intake, written.patient)
        verdict = screen(intake, today=MonotonicClock().civil().date())
    except BadInput as refusal:
        raise refusal.within(str(file)) from None
    if not verdict.may_treat:
        _say(f"Nothing was pulled and nothing was written.\n\n{plain_words(verdict)}")
    return verdict.may_treat


def _tell(sentence: str) -> None:
    """Nobody may be left to read it: a hang-up takes the terminal. How the treatment ended is still what counts."""
    try:
        print(sentence, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what waits in the buffer goes nowhere


def _check_reached(mishaps: Sequence[Mishap], plan: Plan) -> None:
    """What is to happen happens before the end. Raises BadInput; an event nobody saw would prove nothing."""
    ends = plan.total_time + LONGEST
    for mishap in mishaps:
        if mishap.at > ends:
            said = f"{mishap.kind} at {mishap.at:g} s"
            raise BadInput("--event", said, f"a time up to {ends:.0f} s, when this treatment is over")


def _change(text: str, plan: Plan, patient: Path, session: int) -> tuple[float, Plan]:
    """`600s:change=OTHER.toml`: when, and the plan that takes over then. Raises BadInput before anything is written."""
    time, _, file = text.partition(CHANGE)
    at = parse_quantity(time, "time", "--event")
    if not 0.0 <= at <= LATEST:
        raise BadInput("--event", text, "a time from 0 s to 120 min after the pull begins")
    new, _ = read_plan(file, patient, session)
    try:
        change_at_boundary(plan, new, at)
    except BadInput as refusal:
        raise refusal.within(file) from None
    return at, new


def treat(
    written: Written,
    out: Path,
    speed: float | None,
    seed: int,
    mishaps: list[Mishap],
    changes: Sequence[tuple[float, Plan]] = (),
    ending: AskedToEnd | None = None,
    spine: str = SPRINGS,
) -> tuple[Session, Result]:
    """Play one treatment into the folder `out`. Raises BadInput if it cannot be written."""
    plan, patient, unit = written
    streams = Streams(seed)
    treated = treated_person(plan.mass, patient.pseudonym, streams)
    person, run = laid(spine, plan, patient.document(), treated, streams, _kernel())
    treatment = Treatment(plan, person, streams, mishaps, run, changes)
    happens = json.dumps([[*map(str, mishaps)], [(at, new.sha256) for at, new in changes]])
    uid = str(uuid.UUID(bytes=streams.stream("uid", plan.sha256, happens).bytes(16), version=4))
    table = {"kind": "virtual", "harness_stiffness_n_per_m": person.harness_stiffness, "spine": spine}
    binding = Binding(uid, plan, patient.document(), table, SCRIPTED, seed, unit or None)
    clock = MonotonicClock()
    recorder = Recorder(out, pace=FASTER_THAN_LIFE if speed is None or speed > 5.0 else REAL_TIME, alarm=_say)
    session = Session(binding, [recorder], clock.civil())
    progress = Progress(plan.total_time, live=speed is not None)
    try:
        result = play(treatment, session, clock, speed, _until_asked(treatment, progress, ending or AskedToEnd()))
    except NothingPulled:
        result = Result(False, treatment.final_phase, treatment.tick)
    finally:
        progress.done()
        session.close()
    return session, result


class NothingPulled(Exception):
    """Asked to end before the pull began: there is nothing to release."""


def _until_asked(treatment: Treatment, progress: Progress, ending: AskedToEnd) -> Callable[[Rows], None]:
    """What follows each block of rows: the line on the terminal, and a stop once someone asked to end."""

    def after(block: Rows) -> None:
        progress(block)
        if ending.asked and not treatment.started:
            raise NothingPulled
        if ending.asked and has_torque(treatment.final_phase) and not releasing(treatment.final_phase):
            treatment.world.wish(treatment.tick, ASK_STOP, BY_SHUT_DOWN)

    return after


def _kernel() -> Callable[..., Any]:
    """The compiled loop; the first time on a machine it takes some seconds, so say so."""
    from opentraction.twin.compiled import cache_folder, compiled_run

    if not cache_folder().is_dir() and sys.stderr.isatty():
        _say("Compiling the simulation once for this machine, about ten seconds ...")
    return compiled_run()


def _speed(text: str) -> float | None:
    return None if text == "max" else times_real_time(text, FASTEST_TREATMENT, "'max' or ")


def _draw(out: Path, unit: str, *, report: bool) -> None:
    from opentraction.session.chart import session_chart
    from opentraction.session.reader import read_session

    recording = read_session(out)
    _write(out / "chart.svg", session_chart(recording.rows, recording.documents, unit=unit))
    if report:
        from opentraction.session.report import write_report

        write_report(out, out / "report.pdf", unit=unit)


def _write(path: Path, text: str) -> None:
    write_whole(path, text.encode())


def _closing(summary: dict[str, Any], result: Result, out: Path, asked: bool, unit: str) -> str:
    if not result.started and asked:
        return f"Not started: asked to end before the pull began. Recording in {out}."
    if not result.started:
        return f"Not started: the table did not permit it. Recording in {out}."
    error = summary["hold_error_n"]["rms"]
    accuracy = "" if error is None else f", hold error {error:.1f} N rms"
    ending = summary["ending"]
    if ending in {"fault", "interrupted"}:
        ending = f"{ending}, {summary['cause']}"
    return f"Ending: {ending}. Peak {spoken(summary['peak_force_n'], unit)}{accuracy}. Recording in {out}."


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
