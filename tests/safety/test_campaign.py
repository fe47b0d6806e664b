"""The campaign: the same run on every path, faults that come, oracles that see, defects that are found."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from opentraction.app.cli import main
from opentraction.quantities import BadInput
from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from opentraction.session.tick import tick_settings
from opentraction.twin.campaign import hand as h
from opentraction.twin.campaign.defects import DEFECTS, Defect, source_of
from opentraction.twin.campaign.draw import AFTER, CELLS, EACH_CLEAN, PHASES, Run, drawn, scene_of
from opentraction.twin.campaign.faults import ENDS, FAULTS, GOES_ON, LATENT, NAMES
from opentraction.twin.campaign.judge import judge
from opentraction.twin.campaign.kept import keep, kept
from opentraction.twin.campaign.loop import Onset, Script, fresh_machine, run_faulted
from opentraction.twin.campaign.picture import heading, in_words, picture
from opentraction.twin.campaign.play import all_of, judged, some, trace
from opentraction.twin.campaign.report import MONITORS, Report, document, told
from opentraction.twin.campaign.tally import percentile
from tests.lab import Setup, body, make_world, parameters, play, short_plan

SEED = 5
SOME = some(SEED, 0, 150)


def test_nothing_is_broken() -> None:
    assert [(one.run.number, one.outcome.broken) for one in SOME if one.outcome.broken] == []


def test_the_same_run_has_the_same_trace_and_no_other_has() -> None:
    again = some(SEED, 40, 10)
    assert [one.digest for one in again] == [one.digest for one in SOME[40:50]]
    assert len({one.digest for one in SOME}) == len(SOME)


def test_plain_python_plays_the_same_to_the_last_bit() -> None:
    run = drawn(SEED, 3)
    run = run._replace(begins=Onset(v.PRETENSION, 100, run.begins.hidden), phase=v.PRETENSION, force=60)
    assert judged(run, run_faulted).digest == judged(run).digest


def test_without_faults_it_is_the_session_that_ships() -> None:
    """The bus that loses nothing, the guard on it and the drive's rule change no bit of a sound session."""
    setup, count = Setup(short_plan(200.0), body(9000.0)), 2000
    whole = play(setup, count / 200.0)
    settings = tick_settings(setup.plan)
    rows, said = np.zeros_like(whole.rows), np.zeros((count, 6))
    run_faulted(
        make_world(setup, ()).ticks(0, count),
        np.zeros((2, h.COLUMNS)),
        Onset(v.LOCKOUT, 0, 0),
        Script(10**9, 0, 0),
        np.array(setup.plan.segments),
        settings,
        parameters(setup),
        fresh_machine(settings),
        rows,
        said,
        5,
    )
    assert rows[:, r.TRUE_FORCE].max() > 100.0
    assert np.array_equal(rows[:, r.TRUE_FORCE], whole.true)


def test_a_clean_run_has_nothing_in_hand_and_ends_as_finished() -> None:
    run = drawn(SEED, EACH_CLEAN - 1)
    assert not scene_of(run).hands.any()
    assert trace(run).rows[-1, r.CAUSE] in {v.FINISHED, v.TRAVEL_LIMIT}


# --- what is drawn ---


def test_every_cell_of_fault_and_phase_is_dealt_equally_often() -> None:
    met: dict[tuple[int, int], int] = {}
    for number in range(2 * CELLS * EACH_CLEAN // (EACH_CLEAN - 1)):
        if number % EACH_CLEAN != EACH_CLEAN - 1:
            cell = (number - number // EACH_CLEAN) % CELLS
            key = (cell % len(FAULTS), PHASES[cell // len(FAULTS)])
            met[key] = met.get(key, 0) + 1
    assert len(met) == CELLS
    assert set(met.values()) == {2}


def test_the_mix_of_faults_is_as_told() -> None:
    runs = [drawn(1, n) for n in range(600)]
    broken = [run for run in runs if run.faults]
    assert sum(not run.faults for run in runs) == 60
    single = np.mean([len(run.faults) == 1 for run in broken])
    assert 0.65 < single < 0.77
    assert any(len(run.faults) == 3 for run in broken)
    assert all(run.faults[1] in LATENT for run in broken if len(run.faults) > 1)
    pressed = [bool(run.pressed) for run in broken if run.phase not in {v.PATIENT_RELEASE, v.CLINICIAN_RELEASE}]
    assert 0.42 < np.mean(pressed) < 0.58


def test_faults_have_names_hazards_and_figures() -> None:
    assert len(set(NAMES)) == len(FAULTS) >= 30
    for fault in FAULTS:
        assert fault.hazard.startswith("H")
        assert 1 <= int(fault.hazard[1:]) <= 46
        assert math.isfinite(fault.detect) or fault.owed != ENDS
        assert fault.words


@pytest.mark.parametrize("number", range(len(FAULTS)), ids=list(NAMES))
def test_a_fault_fills_what_comes_after_its_onset_and_nothing_before(number: int) -> None:
    hands = np.zeros((1 + AFTER, h.COLUMNS))
    FAULTS[number].fill(hands, np.random.default_rng(1))
    assert not np.nan_to_num(hands[0], nan=1.0).any()
    assert np.nan_to_num(hands[1:], nan=1.0).any()


def test_faults_come_in_the_phase_that_was_drawn() -> None:
    late = 0
    for one in SOME[:60]:
        if not one.run.faults:
            continue
        t = trace(one.run)
        if t.played.onset < 0:
            late += 1
            continue
        assert int(t.rows[max(t.played.onset - 1, 0), r.PHASE]) == one.run.phase
    assert late <= 3


# --- the oracles see ---


def tampered(number: int, column: int, change: float, where: slice) -> tuple[str, ...]:
    """What the oracles say of a run whose true force, or whose drum, was another."""
    t = trace(drawn(SEED, number))
    rows, said = t.rows.copy(), t.told.copy()
    if column >= 0:
        rows[where, column] += change
    else:
        said[where, 2], said[where, 3] = change, 1.0
    return judge(t.scene, rows, said, t.played).broken


def single(owed: str, phase: int, pressed: bool) -> int:
    """The number of a run with one fault of a kind, judged without a word."""
    for one in SOME:
        alone = len(one.run.faults) == 1 and FAULTS[one.run.faults[0]].owed == owed
        if (
            alone
            and one.run.phase == phase
            and bool(one.run.pressed) is pressed
            and one.outcome.hit
            and one.outcome.ended
        ):
            return one.run.number
    raise LookupError(owed)


def test_too_much_force_is_seen() -> None:
    number = single(ENDS, v.READY, True)
    end = len(trace(drawn(SEED, number)).rows)
    assert any(said.startswith("E1") for said in tampered(number, r.TRUE_FORCE, 900.0, slice(end - 50, end)))


def test_a_pull_after_the_end_is_seen() -> None:
    number = single(ENDS, v.READY, True)
    end = len(trace(drawn(SEED, number)).rows)
    assert any(said.startswith("E4") for said in tampered(number, -1, 0.02, slice(end - 60, end)))


def test_a_stop_that_is_never_slack_is_seen() -> None:
    number = single(ENDS, v.READY, True)
    t = trace(drawn(SEED, number))
    pressed = int(np.flatnonzero(t.told[:, 1] > 0)[0])
    said = tampered(number, r.TRUE_FORCE, 60.0, slice(pressed - 5, None))
    assert any(one.startswith(("E3", "E10")) for one in said)


def test_a_session_that_ends_without_need_is_seen() -> None:
    t = trace(drawn(SEED, EACH_CLEAN - 1))
    rows = t.rows.copy()
    rows[-1, r.PHASE], rows[-1, r.CAUSE] = v.SAFE, v.SENSOR_FROZEN
    assert any(said.startswith("E8") for said in judge(t.scene, rows, t.told, t.played).broken)


# --- defects ---


def test_at_least_25_defects_and_each_stands_where_it_says() -> None:
    assert len(DEFECTS) >= 25
    assert len({one.name for one in DEFECTS}) == len(DEFECTS)
    root = Path(__file__).parents[2] / "src" / "opentraction"
    for one in DEFECTS:
        if isinstance(one, Defect):
            text = (root / Path(*one.module.split("."))).with_suffix(".py").read_text("utf-8")
            compile("from __future__ import annotations\n" + source_of(text, one), one.name, "exec")


PLANTED = """
import sys
from collections import Counter
from opentraction.twin.campaign.defects import planted
planted(sys.argv[1])
from opentraction.twin.campaign.draw import drawn
from opentraction.twin.campaign.loop import run_faulted
from opentraction.twin.campaign.play import judged
print(*judged(drawn(11, int(sys.argv[2])), run_faulted).outcome.broken, sep="\\n")
"""


CAUGHT = [
    ("guard-no-limit", 50, "E1"),
    ("guard-no-vote", 181, "E5"),
    ("blind-holds", 502, "E9"),
    ("stop-in-hold", 197, "E11"),
    ("guard-no-latch", 2, "E12"),
    ("guard-no-let-out", 133, "E13"),
    ("plug-ignored", 375, "E14"),
]


@pytest.mark.parametrize(("defect", "number", "monitor"), CAUGHT)
def test_a_planted_defect_is_found(defect: str, number: int, monitor: str) -> None:
    assert judged(drawn(11, number)).outcome.broken == ()
    made = subprocess.run(
        [sys.executable, "-c", PLANTED, defect, str(number)], capture_output=True, text=True, check=True, timeout=120
    )
    assert made.stdout.startswith(monitor)


# --- the report, and the commands ---


def reported() -> Report:
    report = Report(SEED)
    for one in SOME:
        report.take(one)
    return report


def test_the_report_tells_what_was_met_and_nothing_that_was_not() -> None:
    report = reported()
    text = "\n".join(told(report))
    assert f"{len(SOME)} runs from seed {SEED}" in text
    assert report.digest[:32] in text
    assert all(monitor in text for monitor in MONITORS)
    assert "BROKEN" not in text
    data = json.loads(json.dumps(document(report), allow_nan=False))
    assert data["runs"] == len(SOME)
    assert data["cells"]["of"] == CELLS
    assert sum(fault["runs"] for fault in data["faults"]) == sum(
        len(one.run.faults) == 1 and one.outcome.hit for one in SOME
    )
    assert report.bound(0) == pytest.approx(1.0 - 0.05 ** (1.0 / len(SOME)))


def test_what_is_broken_is_counted_and_named() -> None:
    report = reported()
    bad = SOME[7]._replace(
        run=SOME[7].run._replace(number=len(SOME)),
        outcome=SOME[7].outcome._replace(broken=("E10 called slack at 50 N",)),
    )
    report.take(bad)
    assert (report.of("E10"), report.of("E1")) == (1, 0)
    assert "run 150: E10 called slack at 50 N   (opentraction replay 150 --seed 5)" in "\n".join(told(report))


def test_two_cores_tell_what_one_tells() -> None:
    one, two = (b"".join(j.digest for part in all_of(SEED, 0, 60, jobs) for j in part) for jobs in (1, 2))
    assert one == two


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "campaign.json"
    assert main(["campaign", "--runs", "20", "--seed", str(SEED), "--json", str(out)]) == 0
    assert "20 runs from seed 5" in capsys.readouterr().out
    assert json.loads(out.read_text())["runs"] == 20
    assert main(["campaign", "--list-defects"]) == 0
    assert "guard-no-latch" in capsys.readouterr().out


BAD = [["campaign", "--defect", "nothing"], ["replay", "1", "--out", "/no/where.svg"]]


@pytest.mark.parametrize("arguments", BAD, ids=["defect", "out"])
def test_bad_input_is_told_in_a_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_run_is_drawn_with_its_fault_and_who_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run.svg"
    number = single(ENDS, v.READY, False)
    assert main(["replay", str(number), "--seed", str(SEED), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Nothing broken." in said
    t = trace(drawn(SEED, number))
    svg = out.read_text()
    assert svg == picture(t, ())
    assert heading(t).split(": ")[1] in said
    assert in_words(t) in said
    assert FAULTS[t.scene.run.faults[0]].name in svg


def test_a_clean_run_is_drawn_too() -> None:
    run: Run = drawn(SEED, EACH_CLEAN - 1)
    assert run.faults == ()
    t = trace(run)
    assert "nothing breaks" in heading(t)
    assert picture(t, ()).startswith("<svg")


def test_what_goes_on_has_no_figure_for_its_end() -> None:
    assert all(math.isinf(FAULTS[n].detect) for n in LATENT)
    assert all(f.owed == GOES_ON for f in (FAULTS[n] for n in LATENT))


def test_a_campaign_goes_on_another_day(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    whole, half = reported(), Report(SEED)
    for one in SOME[:70]:
        half.take(one)
    keep(half, path, "code")
    second = kept(path, SEED, "code")
    for one in SOME[70:]:
        second.take(one)
    assert document(second) == document(whole)
    with pytest.raises(ValueError, match="not the next"):
        second.take(SOME[3])


@pytest.mark.parametrize(
    ("text", "code", "seed", "said"),
    [
        ("no json", "code", SEED, "that this command kept"),
        ("{}", "code", SEED, "that this command kept"),
        (None, "other", SEED, "other code"),
        (None, "code", SEED + 1, "another seed"),
    ],
)
def test_a_file_that_is_no_such_campaign_is_refused(
    text: str | None, code: str, seed: int, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "kept.json"
    keep(Report(SEED), path, "code")
    if text is not None:
        path.write_text(text)
    with pytest.raises(BadInput, match=said):
        kept(path, seed, code)


def test_percentiles_are_those_of_all_runs() -> None:
    ticks = Counter({10: 90, 20: 9, 400: 1})
    assert [percentile(ticks, share) for share in (50.0, 99.0, 100.0)] == pytest.approx([0.05, 0.10, 2.0])
    assert math.isnan(percentile(Counter(), 50.0))
