"""The population's tables as text: percentiles beside limits, then every session that is out of the ordinary."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from opentraction.quantities.vocabulary import CAUSE_TEXTS, FINISHED

Sessions = list[dict[str, Any]]
PERCENTILES = (5, 50, 95, 99, 100)


def spread(values: list[float | None]) -> list[float]:
    """5th, 50th, 95th, 99th percentile and the largest of what is known."""
    known = np.array([value for value in values if value is not None])
    return [float(value) for value in np.percentile(known, PERCENTILES)]


def figures(sessions: Sessions) -> list[tuple[str, list[float], str]]:
    """Name, spread and limit of every figure of the table."""
    coughs = [one["cough"] for one in sessions]

    def of(key: str) -> list[float]:
        return spread([one[key] for one in sessions])

    return [
        ("hold error, rms [N]", of("rms"), ""),
        ("hold error, rms, of the larger of 1 % and 2 N", of("rms_of_aim"), "1 for 95 %"),
        (
            "hold error, worst second [N]",
            of("second"),
            "YY 0697: 10 N or 10 % to 200 N, the smaller of 20 % and 50 N above",
        ),
        ("hold error, worst second, of the larger of 1 % and 2 N", of("second_of_aim"), "1 for 95 %"),
        ("hold error, worst second, of the larger of 2 % and 5 N", of("second_of_limit"), "1 for all"),
        ("hold error, worst instant [N]", of("instant"), ""),
        ("overshoot after a rise [N]", of("over"), "larger of 1 % of the step and 2 N"),
        ("overshoot, of its limit", spread([one["over"] / one["over_limit"] for one in sessions]), "1"),
        ("overshoot after a rise, pretension left out [N]", of("over_pull"), ""),
        (
            "overshoot, pretension left out, of its limit",
            spread([_ratio(one["over_pull"], one["over_pull_limit"]) for one in sessions]),
            "1",
        ),
        ("breathing ripple, rms 0.1-0.5 Hz [N]", of("ripple"), "2 N"),
        ("above the patient's ceiling [N]", of("above_ceiling"), "0"),
        ("phase, worst, off its length [s]", of("phase_off"), "0.1 s"),
        ("pull, longer than prescribed [s]", of("longer"), "1 s; YY 0697: 30 s"),
        ("cough of 100 N: back within 5 % after [s]", spread([one["back"] for one in coughs]), "0.5 s"),
        ("cough: back within larger of 5 % and 10 N [s]", spread([one["back_10n"] for one in coughs]), "0.5 s"),
        ("cough: peak above the hold [N]", spread([one["peak"] for one in coughs]), ""),
        ("cough: dip below the hold [N]", spread([one["dip"] for one in coughs]), ""),
    ]


def _ratio(value: float | None, limit: float) -> float:
    return 0.0 if value is None else value / limit


def yy_limit(level: float) -> float:
    """YY 0697-2008 limit of force error [N], as the project's reference pages quote it."""
    return max(0.10 * level, 10.0) if level <= 200.0 else min(0.20 * level, 50.0)


def shares(sessions: Sessions) -> list[tuple[str, float]]:
    """Shares of sessions or of time that meet an aim."""

    def of(test: Any, among: Sessions) -> float:
        return float(np.mean([bool(test(one)) for one in among]))

    held = [one for one in sessions if one["second_of_aim"] is not None and one["ripple"] is not None]
    coughs = [one["cough"] for one in sessions if one["cough"]["back"] is not None]
    return [
        ("hold time within the larger of 1 % and 2 N", float(np.mean([one["share_1"] for one in held]))),
        ("hold time within the larger of 2 % and 5 N", float(np.mean([one["share_2"] for one in held]))),
        ("sessions, worst second within the larger of 1 % and 2 N", of(lambda s: s["second_of_aim"] <= 1.0, held)),
        ("sessions, worst second within the larger of 2 % and 5 N", of(lambda s: s["second_of_limit"] <= 1.0, held)),
        ("sessions, worst instant within YY 0697", of(lambda s: s["instant"] <= yy_limit(s["level"]), held)),
        ("sessions, overshoot within its limit", of(lambda s: s["over"] <= s["over_limit"], sessions)),
        (
            "sessions, overshoot within its limit, pretension left out",
            of(lambda s: _ratio(s["over_pull"], s["over_pull_limit"]) <= 1.0, held),
        ),
        ("sessions, ripple at most 2 N rms", of(lambda s: s["ripple"] <= 2.0, held)),
        ("sessions, every phase within 0.1 s of its length", of(lambda s: (s["phase_off"] or 0.0) <= 0.101, sessions)),
        ("sessions, pull within 1 s of its length", of(lambda s: abs(s["longer"]) <= 1.0, sessions)),
        ("sessions, pull within 30 s of its length (YY 0697)", of(lambda s: abs(s["longer"]) <= 30.0, sessions)),
        ("sessions never above the ceiling", of(lambda s: s["above_ceiling"] == 0.0, sessions)),
        ("sessions completed", of(lambda s: s["cause"] == FINISHED, sessions)),
        ("sessions without an alarm", of(lambda s: not s["alarms"] or s["alarms"] == ["A18"], sessions)),
        ("coughs back within 5 % in 0.5 s", of(lambda c: c["back"] <= 0.5, coughs)),
        ("coughs back within the larger of 5 % and 10 N in 0.5 s", of(lambda c: c["back_10n"] <= 0.5, coughs)),
        ("coughs without an alarm", of(lambda c: not c["alarms"] and c["cause"] in {0, FINISHED}, coughs)),
    ]


def odd(sessions: Sessions) -> list[str]:
    """One line for each ending other than completed and each alarm, with the seed to play it again."""
    lines = []
    for one in sessions:
        name = f"seed {one['seed']}, {one['protocol']}, {one['mass']:.0f} kg, {one['harness'] / 1000:.1f} N/mm"
        if one["cause"] != FINISHED or one["alarms"]:
            lines.append(f"{name}: {CAUSE_TEXTS[one['cause']]}, alarms {one['alarms']}")
        cough = one["cough"]
        if cough["cause"] not in {0, FINISHED} or cough["alarms"]:
            lines.append(f"{name}, cough: {CAUSE_TEXTS[cough['cause']]}, alarms {cough['alarms']}")
    return lines


def worst(sessions: Sessions, key: Any, count: int = 5) -> list[str]:
    """The sessions that lie furthest out by one figure."""
    order = sorted((one for one in sessions if key(one) is not None), key=lambda one: -key(one))[:count]
    return [
        f"{key(one):6.2f}  seed {one['seed']}, {one['protocol']}, {one['mass']:.0f} kg, harness "
        f"{one['harness'] / 1000:.1f} N/mm, peak {one['peak']:.0f} N"
        for one in order
    ]


def printed(sessions: Sessions) -> str:
    """Everything, for a terminal."""
    bodies = len({one["seed"] for one in sessions})
    lines = [
        f"{bodies} bodies x {len(sessions) // bodies} protocols = {len(sessions)} sessions, and as many coughs",
        "",
    ]
    lines.append(f"{'':<56}" + "".join(f"{name:>9}" for name in ("p5", "p50", "p95", "p99", "max")) + "  limit")
    lines += [
        f"{name:<56}" + "".join(f"{x:9.2f}" for x in row) + f"  {limit}" for name, row, limit in figures(sessions)
    ]
    lines += ["", *(f"{name:<60}{100 * share:8.2f} %" for name, share in shares(sessions)), ""]
    lines.append(
        "Endings: " + ", ".join(f"{CAUSE_TEXTS[c]} {n}" for c, n in Counter(s["cause"] for s in sessions).items())
    )
    strange = odd(sessions)
    lines += [f"Alarms or other endings: {len(strange)}", *strange[:40]]
    for title, key in _WORST:
        lines += ["", f"Furthest out, {title}:", *worst(sessions, key)]
    return "\n".join(lines)


_WORST = (
    ("hold rms [N]", lambda s: s["rms"]),
    ("worst second of 2 % / 5 N", lambda s: s["second_of_limit"]),
    ("overshoot of its limit", lambda s: s["over"] / s["over_limit"]),
    ("longer than prescribed [s]", lambda s: s["longer"]),
    ("ripple [N]", lambda s: s["ripple"]),
    ("cough back [s]", lambda s: s["cough"]["back"]),
    ("cough back within 10 N [s]", lambda s: s["cough"]["back_10n"]),
)
