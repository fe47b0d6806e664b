"""A treatment changed under way, on the modelled patient with the shipping control and guard: nothing moves early."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from opentraction.prescription import Plan, force_at
from opentraction.prescription.change import minutes
from opentraction.quantities import BadInput, FakeClock, Streams
from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from opentraction.session.change import changed, check_guard, recheck
from opentraction.session.chart import session_chart
from opentraction.session.reader import read_session
from opentraction.session.recorder import NO_SYNC, Recorder
from opentraction.session.recovery import recover
from opentraction.session.report import write_report
from opentraction.session.report_data import report_data
from opentraction.session.session import Binding, Session
from opentraction.session.tick import PlanSettings, fresh_tick, plan_mark, tick_settings
from opentraction.twin.compiled import compiled_run
from opentraction.twin.mishaps import Mishap
from opentraction.twin.treatment import Treatment, play
from tests.lab import body, short_plan

RUNNING = short_plan(300.0, cycles=4)
STRONGER = dataclasses.replace(short_plan(330.0, cycles=4), release_shape="s-curve")
GENTLER = short_plan(180.0, cycles=4)
ASKED = 20.0


def treat(
    new: Plan, folder: Path | None = None, stiffness: float = 9000.0, mishaps: tuple[Mishap, ...] = ()
) -> tuple[Session, np.ndarray, Treatment]:
    """A session in which `new` takes over 20 s after the pull began."""
    treatment = Treatment(RUNNING, body(stiffness), Streams(3), mishaps, compiled_run(), [(ASKED, new)])
    listeners = [Recorder(folder, pace=NO_SYNC)] if folder else []
    binding = Binding("change-1", RUNNING, {"pseudonym": "017", "mass_kg": RUNNING.mass}, {"kind": "virtual"}, "Ada", 3)
    session = Session(binding, listeners, FakeClock().civil())
    play(treatment, session, FakeClock(), None)
    session.close()
    columns = session.metrics.columns()
    return session, np.column_stack([columns[name] for name in r.COLUMNS]), treatment


@pytest.mark.parametrize("new", [STRONGER, GENTLER], ids=["stronger", "gentler"])
@pytest.mark.parametrize("stiffness", [3000.0, 9000.0, 40000.0])
def test_the_force_follows_the_new_plan_from_the_boundary_and_nothing_moves_before(new: Plan, stiffness: float) -> None:
    session, rows, treatment = treat(new, stiffness=stiffness)
    summary = session.metrics.summary()
    assert session.ending == "completed"
    assert summary["alarms"] == [one for one in summary["alarms"] if one["id"] in {"A14", "A18"}]
    at = summary["changes"][0]["at_s"]
    times, phase = rows[:, r.TREATMENT_TIME], rows[:, r.PHASE]
    plain = treat(RUNNING, stiffness=stiffness)[1]
    early = np.flatnonzero(times < at - 0.01)[-1]
    assert np.array_equal(rows[:early, : r.LIMIT], plain[:early, : r.LIMIT], equal_nan=True)
    held = rows[(phase == v.HOLD) & (times > at)]
    assert held[:, r.PRESCRIBED].max() == pytest.approx(new.peak)
    assert summary["hold_error_n"]["rms"] < 2.0
    pulling = np.flatnonzero(np.isin(phase, (v.RISE, v.HOLD, v.FALL, v.REST)))
    wanted = [force_at(treatment.plan.segments, times[k], 0).force for k in pulling]
    assert np.abs(rows[pulling, r.PRESCRIBED] - wanted).max() < 1.0
    assert rows[:, r.TRUE_FORCE].max() <= max(RUNNING.peak, new.peak) + 5.0
    assert np.abs(np.diff(rows[:, r.PRESCRIBED][pulling])).max() < 1.0


def test_the_recording_tells_both_prescriptions_and_reads_back(tmp_path: Path) -> None:
    session, _, treatment = treat(STRONGER, tmp_path / "session")
    recording = read_session(tmp_path / "session")
    asked, made = (doc for doc in recording.events if doc["data"].get("change"))
    assert Plan.from_canonical(treatment.plan.canonical()).sha256 == asked["data"]["plan_sha256"]
    assert asked["data"]["signed_sha256"] == STRONGER.sha256
    assert (asked["data"]["change"], made["data"]["change"]) == ("asked", "made")
    assert asked["t"] < made["t"]
    assert recording.start["plan_sha256"] == RUNNING.sha256
    assert recording.plan == asked["data"]["plan"]
    assert [doc["t"] for doc in recording.changes] == [made["t"]]
    assert any("prescription changed at" in text for _, text in recording.annotations)
    assert session.metrics.summary()["phase_timing"]["phases"] > 12
    assert "prescription changed" in session_chart(recording.rows, recording.documents)
    write_report(tmp_path / "session", tmp_path / "report.pdf")
    import pypdf

    pages = pypdf.PdfReader(tmp_path / "report.pdf").pages
    assert len(pages) == 1, "also after a change"
    page = " ".join(pages[0].extract_text().split())
    rows = report_data(recording)["plans"]
    assert [row[:2] for row in rows] == [["start", RUNNING.name], [minutes(asked["data"]["at_s"]), STRONGER.name]]
    assert rows[1][2] == "330 N (74 lb)"
    assert " ".join(rows[1]) in page
    assert asked["data"]["plan_sha256"] in page


def test_a_session_cut_off_after_a_change_is_recovered_with_it(tmp_path: Path) -> None:
    session, _, treatment = treat(STRONGER, tmp_path / "whole")
    log = (tmp_path / "whole" / "documents.jsonl").read_bytes().splitlines(keepends=True)
    folder = tmp_path / "cut"
    folder.mkdir()
    (folder / "documents.jsonl").write_bytes(b"".join(log[:-1]))
    (folder / "session.edf").write_bytes((tmp_path / "whole" / "session.edf").read_bytes())
    recover(folder, FakeClock().civil())
    recording = read_session(folder)
    assert recording.ending == "interrupted"
    assert len(recording.changes) == 1
    assert recording.plan["total_time"] == treatment.plan.total_time
    assert session.ending == "completed"


def test_a_stop_before_the_boundary_means_nothing_was_changed() -> None:
    session, rows, _ = treat(STRONGER, mishaps=(Mishap("remote-press", ASKED + 1.0, None, None),))
    assert session.ending == "patient stop"
    assert session.metrics.summary()["changes"] == []
    assert rows[:, r.TRUE_FORCE].max() < 310.0


@pytest.mark.parametrize("later", [0.5, 20.0, 40.0])
def test_a_stop_after_a_change_lets_go_like_any_other(later: float) -> None:
    session, _, _ = treat(STRONGER, mishaps=(Mishap("remote-press", ASKED + 10.0 + later, None, None),))
    stop = session.metrics.summary()["stop"]
    assert stop["falling_ms"] <= 100.0
    assert stop["to_20n_s"] <= 4.5
    assert stop["max_rate_n_s"] <= 500.0


def test_any_cut_of_time_gives_the_same_rows() -> None:
    def rows(piece: int) -> np.ndarray:
        treatment = Treatment(RUNNING, body(9000.0), Streams(3), (), compiled_run(), [(ASKED, STRONGER)])
        return np.concatenate([treatment.advance(piece) for _ in range(12000 // piece)])

    assert np.array_equal(rows(200), rows(75), equal_nan=True)


# --- what a running session refuses ---


def mode_of(limit: float = 1050.0, phase: int = v.HOLD, tau: float = 20.0, plan: Plan = RUNNING):  # type: ignore[no-untyped-def]
    """Settings and state of a session in `phase`, reduced to `limit` [N]."""
    settings = tick_settings(plan)
    state = fresh_tick(settings, 0.0)
    mode = state.control.mode._replace(phase=phase, treatment_time=tau, limit=limit)
    return settings, state._replace(control=state.control._replace(mode=mode))


def test_no_change_asks_for_more_than_a_reduce_left() -> None:
    settings, state = mode_of(limit=270.0)
    with pytest.raises(BadInput, match=r"330 N.*at most 270 N.*reduced"):
        changed(RUNNING, STRONGER, RUNNING, settings, state)
    assert changed(RUNNING, GENTLER, RUNNING, settings, state)[0].plan.name == GENTLER.name


@pytest.mark.parametrize("phase", sorted(set(range(len(v.PHASE_NAMES))) - {4, 5, 6, 7, 8, 9, 10, 11}))
def test_only_a_treatment_under_way_changes(phase: int) -> None:
    settings, state = mode_of(phase=phase)
    with pytest.raises(BadInput, match="a treatment under way"):
        changed(RUNNING, STRONGER, RUNNING, settings, state)


def test_the_guard_keeps_what_it_was_told_at_the_start() -> None:
    settings, state = mode_of()
    change, new = changed(RUNNING, STRONGER, RUNNING, settings, state)
    assert change.plan.peak > RUNNING.peak
    assert new.now == marked(settings.now, change.plan)
    assert new.then.guard == new.now.guard


def lower(ceiling: float, plan: Plan = GENTLER) -> Plan:
    return dataclasses.replace(plan, ceiling=ceiling)


def test_from_the_boundary_on_the_new_ceiling_holds_and_no_later_change_raises_it() -> None:
    settings, state = mode_of()
    change, new = changed(RUNNING, lower(200.0), RUNNING, settings, state)
    assert new.now == marked(settings.now, change.plan)
    assert new.at == change.at
    assert new.then.guard == new.now.guard._replace(ceiling=200.0)
    assert new.then.control.ceiling == 200.0
    _, later = mode_of(tau=change.at + 5.0, limit=200.0)
    again, newer = changed(change.plan, lower(400.0), RUNNING, new, later)
    assert again.ceiling == 400.0
    assert newer.now == marked(new.then, again.plan)
    assert (newer.then.guard.ceiling, newer.then.control.ceiling) == (200.0, 200.0)
    weak = short_plan(190.0, cycles=4)
    _, unreduced = mode_of(tau=change.at + 5.0, limit=1050.0)
    with pytest.raises(BadInput, match=r"190 N.*headroom.*ceiling of 194 N"):
        changed(change.plan, lower(1050.0, weak), RUNNING, new._replace(then=ceiled(new.then, 194.0)), unreduced)


def marked(settings: PlanSettings, plan: Plan) -> PlanSettings:
    """The same limits, for another plan."""
    return settings._replace(guard=settings.guard._replace(plan=plan_mark(plan)))


def ceiled(settings: PlanSettings, ceiling: float) -> PlanSettings:
    return settings._replace(guard=settings.guard._replace(ceiling=ceiling))


def test_a_ceiling_below_the_rest_that_is_left_holds_once_the_force_is_down() -> None:
    settings, state = mode_of()
    low = dataclasses.replace(short_plan(60.0, cycles=4), ceiling=70.0)
    change, new = changed(RUNNING, low, RUNNING, settings, state)
    joint = next(row for row in change.plan.rows if row[0] == change.at)
    assert joint[4] > 70.0
    assert new.at == change.settled == joint[0] + joint[1]


def test_one_change_right_after_another_waits_until_the_first_has_begun() -> None:
    settings, state = mode_of()
    change, new = changed(RUNNING, GENTLER, RUNNING, settings, state)
    _, nearly = mode_of(tau=change.at - 0.2)
    with pytest.raises(BadInput, match="right after another"):
        changed(change.plan, STRONGER, RUNNING, new, nearly)
    _, early = mode_of(tau=change.at - 2.0)
    again, newer = changed(change.plan, lower(250.0), RUNNING, new, early)
    assert newer.now == marked(settings.now, again.plan)


def test_what_was_worked_out_beside_the_loop_is_checked_again_as_it_is_taken_over() -> None:
    settings, state = mode_of()
    change, _ = changed(RUNNING, GENTLER, RUNNING, settings, state)
    recheck(change, GENTLER, state)
    for late in (mode_of(tau=change.at), mode_of(limit=100.0), mode_of(phase=v.END_RELEASE)):
        with pytest.raises(BadInput, match="moved on"):
            recheck(change, GENTLER, late[1])


@pytest.mark.parametrize("stiffness", [3000.0, 40000.0])
def test_the_limit_of_a_gentler_prescription_is_the_tables_from_its_boundary(stiffness: float) -> None:
    gentle = dataclasses.replace(short_plan(60.0, cycles=4), ceiling=70.0, release_rate=30.0)
    session, rows, treatment = treat(gentle, stiffness=stiffness)
    assert session.ending == "completed"
    settled = treatment.settings.at
    before = rows[(rows[:, r.TREATMENT_TIME] < settled - 0.01) & (rows[:, r.TREATMENT_TIME] > 1.0)]
    after = rows[rows[:, r.TREATMENT_TIME] > settled + 0.01]
    assert np.all(before[:, r.LIMIT] == RUNNING.ceiling)
    assert np.all(after[:, r.LIMIT] == 70.0)
    assert after[:, r.TRUE_FORCE].max() < 70.0


def test_a_release_before_the_boundary_is_the_running_plans_still() -> None:
    hasty = dataclasses.replace(GENTLER, release_rate=150.0)
    slow = dataclasses.replace(RUNNING, release_rate=30.0)
    settings = tick_settings(slow)
    state = fresh_tick(settings, 0.0)
    mode = state.control.mode._replace(phase=v.HOLD, treatment_time=20.0)
    new = changed(slow, hasty, slow, settings, state._replace(control=state.control._replace(mode=mode)))[1]
    assert (new.now.control.release_rate, new.then.control.release_rate) == (30.0, 150.0)


def test_more_dose_or_travel_than_the_guard_was_told_is_refused() -> None:
    settings, _ = mode_of()
    long = short_plan(300.0, hold=8.0, cycles=60)
    with pytest.raises(BadInput, match=r"N s in all.*bind anew"):
        check_guard(settings.now.guard, long)
    weak, _ = mode_of(plan=short_plan(60.0))
    check_guard(weak.now.guard, short_plan(120.0))
    with pytest.raises(BadInput, match="cable travel"):
        check_guard(weak.now.guard, short_plan(600.0, hold=2.0))
