"""The figures of made-up sessions whose answers are known."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from opentraction.control.settings import control_settings
from opentraction.quantities import vocabulary as v
from opentraction.session import documents, measures, rows
from opentraction.session.metrics import Metrics, summarise
from opentraction.session.reader import read_session
from opentraction.session.recorder import NO_SYNC, Recorder
from tests.synthetic import Leg, legs, make_rows, start, stopped, story, tell


def figures(block, events=(), size=200, plan_rows=()):
    metrics = Metrics()
    for item in story(block, events, size=size):
        if isinstance(item, np.ndarray):
            metrics.rows(item)
        else:
            metrics.document({**item, "plan": {"rows": plan_rows}} if item["doc"] == "start" else item)
    return metrics.summary()


def planned(plan):
    """The plan's rows of made-up legs."""
    starts = np.cumsum([0.0, *(leg.seconds for leg in plan)])
    return [
        [s, leg.seconds, leg.phase] + [0.0] * 9 for s, leg in zip(starts, plan, strict=False) if leg.phase <= v.REST
    ]


def test_a_constant_error_is_found_exactly():
    summary = figures(make_rows(legs(cycles=2, hold=20.0), error=1.5))
    hold = summary["hold_error_n"]
    assert (hold["rms"], hold["max"], hold["instant"]) == pytest.approx((1.5, 1.5, 1.5))
    assert hold["level"] == pytest.approx(300.0)
    assert hold["seconds"] == pytest.approx(2 * 18.0)
    assert summary["peak_force_n"] == pytest.approx(301.5)
    assert summary["ending"] == "completed"
    assert summary["cycles_done"] == 2
    assert summary["stop"] is None


def test_a_sine_averages_out_of_the_moving_mean_but_not_of_the_rms():
    block = make_rows(legs(cycles=1, hold=40.0), error=0.0)
    block[:, rows.TRUE_FORCE] += 4.0 * np.sin(2 * np.pi * 2.0 * block[:, rows.T])
    hold = figures(block)["hold_error_n"]
    assert hold["rms"] == pytest.approx(4.0 / np.sqrt(2), rel=1e-3)
    assert hold["max"] < 1e-9
    assert hold["instant"] == pytest.approx(4.0, rel=1e-3)


@pytest.mark.parametrize("told", [True, False])
def test_two_seconds_after_a_disturbance_do_not_count(told):
    block = make_rows(legs(cycles=1, hold=20.0), error=0.0)
    at = (block[:, rows.T] >= 20.0) & (block[:, rows.T] < 21.9)
    block[at, rows.TRUE_FORCE] += 100.0
    events = [documents.event(20.0, "disturbance", "cough")] if told else []
    worst = figures(block, events)["hold_error_n"]["instant"]
    assert worst == pytest.approx(0.0 if told else 100.0)


def reduced(block, at, to):
    """The rows with the limit lowered to `to` [N] at each of `at` [s]: the force follows at 100 N/s."""
    t, force = block[:, rows.T], block[:, rows.TRUE_FORCE]
    for when, limit in zip(at, to, strict=True):
        later = t >= when - 1e-9
        block[later, rows.PRESCRIBED] = np.minimum(block[later, rows.PRESCRIBED], limit)
    for k in np.flatnonzero(t >= at[0]):
        force[k] = max(min(force[k], block[k, rows.PRESCRIBED]), force[k - 1] - 0.5)
    return [documents.event(a, "operator", f"reduced to {b} N", {"limit_n": b}) for a, b in zip(at, to, strict=True)]


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("at", [[16.0], [16.0, 16.1, 16.2]])
def test_the_fall_after_a_reduce_is_no_hold_error(at, told):
    block = make_rows(legs(cycles=1, hold=20.0), error=0.0)
    events = reduced(block, at, [270.0, 243.0, 100.0][-len(at) :])
    hold = figures(block, events if told else [])["hold_error_n"]
    assert (hold["max"] < 1e-9) is told
    moved = (300.0 - events[-1]["data"]["limit_n"]) / 100.0
    assert hold["seconds"] == pytest.approx(18.0 - (2.0 + moved if told else 0.0), abs=0.021)


def test_an_error_that_stays_after_a_reduce_counts():
    block = make_rows(legs(cycles=1, hold=20.0), error=0.0)
    events = reduced(block, [16.0], [270.0])
    block[(block[:, rows.T] >= 18.4) & (block[:, rows.T] < 20.0), rows.TRUE_FORCE] += 7.0
    assert figures(block, events)["hold_error_n"]["max"] == pytest.approx(7.0)


def test_a_limit_above_the_prescription_hides_no_error():
    block = make_rows(legs(cycles=1, hold=20.0), error=0.0)
    block[(block[:, rows.T] >= 16.0) & (block[:, rows.T] < 17.5), rows.TRUE_FORCE] += 7.0
    events = [documents.event(16.0, "operator", "reduced to 320 N", {"limit_n": 320.0})]
    assert figures(block, events)["hold_error_n"]["max"] == pytest.approx(7.0)


def test_two_seconds_after_a_pause_are_settling_too():
    again = [Leg(v.PAUSE_RELEASE, 2.0, 30.0, 1), Leg(v.PAUSED, 5.0, 30.0, 1), Leg(v.RESUME, 5.0, 300.0, 1)]
    block = make_rows([*legs()[:2], Leg(v.HOLD, 10.0, 300.0, 1), *again, *legs(hold=10.0)[2:]], error=0.0)
    resumed = 5.0 + 5.0 + 10.0 + 12.0
    block[(block[:, rows.T] >= resumed) & (block[:, rows.T] < resumed + 1.9), rows.TRUE_FORCE] += 50.0
    assert figures(block)["hold_error_n"]["instant"] == pytest.approx(0.0)


def test_the_rate_of_a_reduce_is_the_one_control_keeps():
    assert control_settings(400.0, 30.0, 20.0, 30.0).reduce_rate == measures.REDUCE_N_S


def test_the_first_two_seconds_of_a_hold_are_settling_and_count_as_overshoot():
    block = make_rows(legs(cycles=1, hold=20.0), error=0.0)
    block[(block[:, rows.T] >= 10.5) & (block[:, rows.T] < 11.5), rows.TRUE_FORCE] += 2.7
    summary = figures(block)
    assert summary["hold_error_n"]["instant"] == pytest.approx(0.0)
    assert summary["overshoot_n"] == pytest.approx(2.7)
    assert summary["overshoot_of_step"] == pytest.approx(2.7 / 270.0, rel=1e-2)


def test_a_force_below_the_prescription_has_no_overshoot():
    assert figures(make_rows(legs(), error=-3.0))["overshoot_n"] == 0.0


def test_spine_force_is_the_mean_over_holds():
    summary = figures(make_rows(legs(), error=0.0))
    assert summary["spine_force_n"] == pytest.approx({"estimate": 225.0, "low": 195.0, "high": 255.0})


@pytest.mark.parametrize(("delay", "rate"), [(0.06, 100.0), (0.0, 450.0), (0.3, 80.0)])
def test_a_stop_is_timed_from_the_switch(delay, rate):
    block = stopped(make_rows(legs(cycles=1, hold=20.0), error=0.0), 15.0, delay, rate)
    summary = figures(block)
    stop = summary["stop"]
    assert stop["t"] == pytest.approx(15.0)
    assert stop["from_n"] == pytest.approx(300.0, abs=3.0)
    assert stop["falling_ms"] == pytest.approx(1e3 * (delay + 2.0 / rate), abs=5.1)
    assert stop["to_20n_s"] == pytest.approx(delay + 280.0 / rate, abs=0.006)
    assert stop["max_rate_n_s"] == pytest.approx(rate, rel=1e-6)
    assert summary["cycles_done"] == 0


def test_the_switch_counts_from_its_edge_though_release_begins_later():
    block = make_rows(legs(cycles=1, hold=20.0), error=0.0)
    block = stopped(block, 15.0)
    late = (block[:, rows.T] >= 15.0 - 1e-9) & (block[:, rows.T] < 15.02 - 1e-9)
    block[late, rows.PHASE], block[late, rows.CAUSE] = v.HOLD, v.NO_CAUSE
    assert figures(block)["stop"]["t"] == pytest.approx(15.0)


def test_the_stop_test_before_treatment_is_no_stop():
    test = [Leg(v.STOP_TEST, 3.0, 0.0, 0)]
    block = make_rows([*test, *legs(cycles=1)], error=0.0)
    block[200:300, rows.SWITCHES] = v.ALL_WELL & ~v.REMOTE_LOOP_A
    assert figures(block)["stop"] is None


def test_a_force_that_never_falls_is_not_called_fallen():
    block = stopped(make_rows(legs(cycles=1, hold=20.0), error=0.0), 15.0, delay=100.0)
    stop = figures(block)["stop"]
    assert (stop["falling_ms"], stop["to_20n_s"], stop["max_rate_n_s"]) == (None, None, 0.0)


def test_force_that_rises_again_was_not_released():
    block = stopped(make_rows(legs(cycles=1, hold=20.0), error=0.0), 15.0)
    block[-100:-50, rows.TRUE_FORCE] = 60.0
    assert figures(block)["stop"]["to_20n_s"] == pytest.approx((len(block) - 50) / 200 - 15.0)


def test_impulse_and_times_add_up():
    plan = legs(cycles=2)
    block = make_rows(plan, error=0.0)
    summary = figures(block)
    forces = [0.0, *(leg.to for leg in plan[:-2])]
    trapezes = sum(0.5 * (a + b) * leg.seconds for a, b, leg in zip(forces, forces[1:], plan, strict=False))
    assert summary["impulse_n_s"] == pytest.approx(trapezes, rel=1e-3)
    assert summary["treatment_s"] == pytest.approx(sum(leg.seconds for leg in plan[:-2]))
    assert summary["duration_s"] == pytest.approx(sum(leg.seconds for leg in plan))


def test_phases_are_timed_against_the_plan():
    plan = legs(cycles=2, hold=20.0)
    block = make_rows([leg._replace(seconds=leg.seconds + 0.1) if leg.phase == v.REST else leg for leg in plan])
    timing = figures(block, plan_rows=planned(plan))["phase_timing"]
    assert timing == {"worst_s": pytest.approx(0.1), "phase": "rest", "phases": 9}


def test_a_phase_cut_short_by_a_stop_is_not_a_timing_error():
    plan = legs(cycles=1, hold=20.0)
    block = stopped(make_rows(plan, error=0.0), 15.0)
    timing = figures(block, plan_rows=planned(plan))["phase_timing"]
    assert timing["worst_s"] == pytest.approx(0.0, abs=1e-9)
    assert timing["phases"] == 2


def test_a_hold_in_two_levels_counts_once():
    levels = [v.RISE, v.HOLD, v.FALL, v.HOLD, v.FALL, v.REST] * 3 + [v.END_RELEASE]
    assert measures.cycles_done(np.repeat(np.array(levels, dtype=float), 10)) == 3


def test_a_pause_in_a_hold_does_not_finish_it():
    order = [
        v.RISE,
        v.HOLD,
        v.PAUSE_RELEASE,
        v.PAUSED,
        v.RESUME,
        v.HOLD,
        v.FALL,
        v.REST,
        v.RISE,
        v.HOLD,
        v.PATIENT_RELEASE,
    ]
    assert measures.cycles_done(np.repeat(np.array(order, dtype=float), 10)) == 1


def test_comfort_and_alarms_are_listed_in_order():
    events = [
        documents.event(3.0, "comfort", "comfort 7", {"score": 7}),
        documents.event(8.0, "alarm", "Force above prescription", {"id": "A4"}),
        documents.event(9.0, "comfort", "comfort 4", {"score": 4}),
    ]
    summary = figures(make_rows(legs(cycles=1)), events)
    assert [(c["t"], c["score"]) for c in summary["comfort"]] == [(3.0, 7), (9.0, 4)]
    assert [(a["t"], a["id"]) for a in summary["alarms"]] == [(8.0, "A4")]


def test_blocks_of_any_size_give_the_same_figures_and_hash():
    block = make_rows(legs(cycles=1), noise=0.4)
    whole = figures(block, size=10**6)
    assert figures(block, size=37) == whole
    assert whole["trace_sha256"] == hashlib.sha256(block.tobytes()).hexdigest()


def test_a_real_table_is_judged_by_its_load_cell():
    block = make_rows(legs(cycles=1), error=1.0)
    block[:, rows.TRUE_FORCE] = np.nan
    block[:, rows.MEASURED] += 1.0
    summary = figures(block)
    assert summary["force_source"] == "measured"
    assert summary["hold_error_n"]["rms"] == pytest.approx(2.0)


@pytest.mark.parametrize("count", [0, 1, 150, 600])
def test_a_session_without_a_hold_has_no_figures_rather_than_zeros(count):
    summary = figures(make_rows(legs())[:count])
    assert summary["hold_error_n"]["rms"] is None
    assert summary["spine_force_n"]["estimate"] is None


def test_a_recording_gives_the_figures_of_the_session_within_its_resolution(tmp_path):
    block = stopped(make_rows(legs(cycles=2), error=1.0, noise=0.2), 50.0)
    events = [documents.event(12.0, "disturbance", "cough")]
    live = figures(block, events)
    tell(Recorder(tmp_path, NO_SYNC), story(block, events))
    recording = read_session(tmp_path)
    kept = summarise(recording.rows, recording.documents)
    assert kept["hold_error_n"]["rms"] == pytest.approx(live["hold_error_n"]["rms"], abs=0.05)
    assert kept["peak_force_n"] == pytest.approx(live["peak_force_n"], abs=0.05)
    assert kept["stop"]["to_20n_s"] == pytest.approx(live["stop"]["to_20n_s"], abs=0.02)
    assert kept["cycles_done"] == live["cycles_done"]
    assert kept["treatment_s"] == pytest.approx(live["treatment_s"], abs=0.01)


def test_of_a_pull_at_the_neck_no_lumbar_force_is_told():
    block = make_rows(legs(cycles=1), error=0.0)
    assert None not in figures(block)["spine_force_n"].values()
    block[:, [rows.SPINE, rows.SPINE_LOW, rows.SPINE_HIGH]] = np.nan  # as the table records it
    assert figures(block)["spine_force_n"] == {"estimate": None, "low": None, "high": None}


def test_the_cause_is_named():
    block = stopped(make_rows(legs(cycles=1), error=0.0), 15.0)
    assert figures(block)["cause"] == "patient stop"
    block[:, rows.CAUSE] = v.NO_CAUSE
    assert figures(block)["cause"] is None


def test_a_summary_of_nothing_told_is_still_a_summary():
    metrics = Metrics()
    metrics.document(start())
    assert metrics.summary()["ending"] == "interrupted"


def test_the_length_of_a_treatment_is_the_time_it_took_not_what_a_slowed_clock_says():
    block = make_rows(legs(cycles=2), error=0.0)
    took = figures(block)["treatment_s"]
    block[:, rows.TREATMENT_TIME] *= 0.9
    assert figures(block)["treatment_s"] == took > 0.0
