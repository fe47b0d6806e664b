"""A session's figures against the limits for traction tables and against our own aims.

YY 0697-2008 is China's standard for traction tables; its limits are given here as the reference pages quote them (not
read in the original): force up to 200 N within the larger of 10 % and 10 N, above 200 N within the smaller of 20 % and
50 N; time within 30 s. Our aims are stricter and are the project's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from opentraction.quantities import display


class Line(NamedTuple):
    """One figure beside its limits. `within` is None where there is nothing to judge."""

    name: str
    value: str
    standard: str
    standard_within: bool | None
    aim: str
    aim_within: bool | None


def standard_force_limit(level: float) -> float:
    """YY 0697-2008 limit of force error [N] at a level [N]."""
    return max(0.10 * level, 10.0) if level <= 200.0 else min(0.20 * level, 50.0)


def aimed_force_limit(level: float) -> float:
    """Our aim for force error [N] at a level [N]: the larger of 1 % and 2 N."""
    return max(0.01 * level, 2.0)


def lines(summary: Mapping[str, Any], total_time: float | None) -> list[Line]:
    """The table of a report; `total_time` is what was prescribed [s]."""
    return [_hold(summary), _overshoot(summary), _phase(summary), _session(summary, total_time), *_stop(summary)]


def _within(value: float | None, limit: float | None) -> bool | None:
    return None if value is None or limit is None else value <= limit + 1e-9


def _newtons(value: float | None, decimals: int = 1) -> str:
    return "–" if value is None else display(value, "force", "N", decimals)


def _hold(summary: Mapping[str, Any]) -> Line:
    hold = summary["hold_error_n"]
    level, worst = hold["level"], hold["max"]
    if level is None:
        return Line("Error in hold, worst second", "–", "", None, "", None)
    standard, aim = standard_force_limit(level), aimed_force_limit(level)
    value = f"{_newtons(worst)}, rms {_newtons(hold['rms'])}"
    return Line(
        f"Error in hold at {_newtons(level, 0)}, worst second",
        value,
        f"± {_newtons(standard)}",
        _within(worst, standard),
        f"± {_newtons(aim)}",
        _within(worst, aim),
    )


def _overshoot(summary: Mapping[str, Any]) -> Line:
    """Our aim: the larger of 1 % of the step and 2 N."""
    excess, fraction = summary["overshoot_n"], summary["overshoot_of_step"]
    if excess is None:
        return Line("Overshoot after a rise", "–", "", None, "", None)
    aim = max(0.01 * excess / fraction, 2.0) if fraction else 2.0
    return Line("Overshoot after a rise", _newtons(excess), "", None, f"{_newtons(aim)}", _within(excess, aim))


def _phase(summary: Mapping[str, Any]) -> Line:
    timing = summary["phase_timing"]
    worst = timing["worst_s"]
    if worst is None:
        return Line("Length of a phase, worst", "–", "", None, "± 0.1 s", None)
    value = f"{worst:+.2f} s ({timing['phase']}, {timing['phases']} phases)".replace("-", "\N{MINUS SIGN}")
    return Line("Length of a phase, worst", value, "± 30 s", abs(worst) <= 30.0, "± 0.1 s", abs(worst) <= 0.1 + 1e-9)


def _session(summary: Mapping[str, Any], total_time: float | None) -> Line:
    """Judged only where treatment ran to its end."""
    name = "Length of treatment"
    if total_time is None:
        return Line(name, f"{summary['treatment_s']:.1f} s", "", None, "", None)
    difference = summary["treatment_s"] - total_time
    value = f"{summary['treatment_s']:.1f} s of {total_time:.1f} s"
    if summary["ending"] != "completed":
        return Line(name, value, "", None, "", None)
    return Line(name, value, "± 30 s", abs(difference) <= 30.0, "± 1 s", abs(difference) <= 1.0)


def _stop(summary: Mapping[str, Any]) -> list[Line]:
    """A stop must let go quickly but never with a jerk (the project's hazard analysis)."""
    stop = summary["stop"]
    if stop is None or stop["from_n"] <= 20.0:
        return []
    limit = 2.5 if summary["ending"] == "clinician stop" else 4.5
    falling, slack, rate = stop["falling_ms"], stop["to_20n_s"], stop["max_rate_n_s"]
    return [
        Line(
            f"Stop from {_newtons(stop['from_n'], 0)}: falling after",
            "never" if falling is None else f"{falling:.0f} ms",
            "",
            None,
            "100 ms",
            falling is not None and falling <= 100.0,
        ),
        Line(
            "Stop: at most 20 N after",
            "never" if slack is None else f"{slack:.2f} s",
            "",
            None,
            f"{limit} s",
            slack is not None and slack <= limit,
        ),
        Line("Stop: steepest fall", f"{rate:.0f} N/s", "", None, "500 N/s", rate <= 500.0),
    ]
