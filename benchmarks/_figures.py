"""Figures of one played session, from its rows. Hold error and overshoot are defined in `session/measures.py`."""

from __future__ import annotations

from typing import Any

import numpy as np

from opentraction.prescription import Plan
from opentraction.quantities import vocabulary as v
from opentraction.session import measures
from opentraction.session.rows import ALARMS, CAUSE, PHASE, PRESCRIBED, RATE_HZ, TRUE_FORCE, Rows, T

COUGH_S = 0.3
WATCHED_S = 8.0


def session_figures(rows: Rows, ceiling: float) -> dict[str, Any]:
    """What the population table needs of one undisturbed session; forces in newtons, true force throughout."""
    force, asked, phase = rows[:, TRUE_FORCE], rows[:, PRESCRIBED], rows[:, PHASE]
    calm = np.ones(phase.size, dtype=bool)
    hold = measures.hold_error(force, asked, phase, calm)
    over = measures.overshoot(force, asked, phase, calm)
    step = over["n"] / over["of_step"] if over["n"] and over["of_step"] else 0.0
    pulls = measures.overshoot(force, asked, np.where(phase == v.PRETENSION, v.READY, phase), calm)
    pull_step = pulls["n"] / pulls["of_step"] if pulls["n"] and pulls["of_step"] else 0.0
    return {
        "rms": hold["rms"],
        "second": hold["max"],
        "instant": hold["instant"],
        "level": hold["level"],
        **_shares(force, asked, phase),
        "over": over["n"],
        "over_limit": max(0.01 * step, 2.0),
        "over_pull": pulls["n"],
        "over_pull_limit": max(0.01 * pull_step, 2.0),
        "ripple": breathing_ripple(force - asked, phase),
        "above_ceiling": max(float(np.nanmax(force)) - ceiling, 0.0),
        "alarms": alarms_of(rows),
        "cause": int(rows[-1, CAUSE]),
        "seconds": phase.size / RATE_HZ,
    }


def lengths(rows: Rows, plan: Plan) -> dict[str, Any]:
    """How much longer than prescribed the pull was, and its worst phase was off [s]."""
    phase = rows[:, PHASE]
    timing = measures.phase_timing(rows[:, T], phase, plan.segments)
    pulled = float(np.isin(phase, measures.PULLING).sum()) / RATE_HZ
    worst = timing["worst_s"]
    return {"longer": pulled - plan.total_time, "phase_off": None if worst is None else abs(worst)}


def _shares(force: Rows, asked: Rows, phase: Rows) -> dict[str, Any]:
    """Share of calm hold time within both aims, and the rms and worst second as shares of the first aim."""
    calm = calm_holds(phase) & np.isfinite(asked)
    if not calm.any():
        return {"share_1": None, "share_2": None, "rms_of_aim": None, "second_of_aim": None, "second_of_limit": None}
    error, level = np.abs(force - asked), np.where(np.isfinite(asked), asked, 0.0)
    aim, limit = np.maximum(0.01 * level, 2.0), np.maximum(0.02 * level, 5.0)
    relative = np.where(calm, (force - asked) / aim, 0.0)
    return {
        "share_1": float((error <= aim)[calm].mean()),
        "share_2": float((error <= limit)[calm].mean()),
        "rms_of_aim": float(np.sqrt(np.mean(relative[calm] ** 2))),
        "second_of_aim": _worst_second(relative, calm),
        "second_of_limit": _worst_second(np.where(calm, (force - asked) / limit, 0.0), calm),
    }


def _worst_second(values: Rows, calm: Rows) -> float:
    """Largest |mean| over a whole calm second."""
    total, count = np.concatenate(([0.0], np.cumsum(values))), np.concatenate(([0], np.cumsum(calm)))
    whole = count[RATE_HZ:] - count[:-RATE_HZ] == RATE_HZ
    return float(np.abs((total[RATE_HZ:] - total[:-RATE_HZ])[whole]).max() / RATE_HZ) if whole.any() else 0.0


def calm_holds(phase: Rows) -> Rows:
    """Ticks of HOLD after its first 2 s."""
    mask = np.zeros(phase.size, dtype=bool)
    for run in measures.runs(phase):
        if run.phase == v.HOLD:
            mask[run.begin + 2 * RATE_HZ : run.end] = True
    return mask


def breathing_ripple(error: Rows, phase: Rows) -> float | None:
    """Rms [N] of the hold error between 0.1 and 0.5 Hz, over all calm holds of at least 10 s."""
    power, ticks = 0.0, 0
    for run in measures.runs(phase):
        part = error[run.begin + 2 * RATE_HZ : run.end]
        if run.phase != v.HOLD or part.size < 10 * RATE_HZ or not np.isfinite(part).all():
            continue
        spectrum = np.abs(np.fft.rfft(part - part.mean())) ** 2 * 2.0 / part.size**2
        frequency = np.fft.rfftfreq(part.size, 1.0 / RATE_HZ)
        power += float(spectrum[(frequency >= 0.1) & (frequency <= 0.5)].sum()) * part.size
        ticks += part.size
    return float(np.sqrt(power / ticks)) if ticks else None


def alarms_of(rows: Rows) -> list[str]:
    """Identifiers of the alarms that held while pulling."""
    pulling = np.isin(rows[:, PHASE], measures.PULLING)
    bits = int(np.bitwise_or.reduce(rows[pulling, ALARMS].astype(np.int64), initial=0))
    return [alarm.id for alarm in v.ALARMS if bits & alarm.bit]


def cough_figures(rows: Rows, at: float) -> dict[str, Any]:
    """A cough that begins at row time `at` [s]: seconds after its end until the force is back and stays back.

    Nothing is known of it (None) if the session had ended before.
    """
    t, force = rows[:, T] - at, rows[:, TRUE_FORCE]
    before = int(np.searchsorted(t, 0.0)) - 1
    if rows[before, PHASE] != v.HOLD or t[-1] < WATCHED_S:
        return {**dict.fromkeys(("level", "back", "back_10n", "peak", "dip")), "alarms": [], "cause": 0}
    level = float(rows[before, PRESCRIBED])
    seen = (t > COUGH_S) & (t < WATCHED_S)
    error = np.abs(force - rows[:, PRESCRIBED])
    during = rows[t >= 0.0]
    return {
        "level": level,
        "back": _back(t, error > 0.05 * level, seen),
        "back_10n": _back(t, error > max(0.05 * level, 10.0), seen),
        "peak": float(force[(t >= 0.0) & (t < 1.0)].max()) - level,
        "dip": level - float(force[(t >= 0.0) & (t < 2.0)].min()),
        "alarms": alarms_of(during),
        "cause": int(during[-1, CAUSE]),
    }


def _back(t: Rows, outside: Rows, seen: Rows) -> float:
    last = np.flatnonzero(outside & seen)
    return round(float(t[last[-1]]) - COUGH_S + 1.0 / RATE_HZ, 4) if last.size else 0.0
