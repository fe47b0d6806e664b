"""Is a person found again from one recording, and is their next session foretold?

People are drawn from the fit's prior, pulled by the twin (shipping control and guard, virtual table with noise,
modelled body) and recorded to files; the fit sees the recording alone. Finished people are kept under
`build/twin-fit/`, so that a run can be broken off and taken up again. `--people 200` is the full one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from _own_people import Somebody, record, somebody

from opentraction.quantities.streams import Streams
from opentraction.twin.own.band import band
from opentraction.twin.own.fit import Fit, fit
from opentraction.twin.own.march import compiled_march
from opentraction.twin.own.predicting import CLOSE, compare, predict, recorded
from opentraction.twin.own.told import TOLD, told
from opentraction.twin.own.trace import trace_of

ROOT = Path(__file__).parent.parent
FITTED = sorted((ROOT / "src/opentraction/twin/own").glob("*.*"))


def one(seed: int, sessions: int, draws: int, persons: int) -> dict[str, Any]:
    """Figures of one person; read back where they were reckoned before."""
    kept = store() / f"{seed:05d}-{sessions}-{draws}-{persons}.json"
    if kept.is_file():
        return dict(json.loads(kept.read_text("utf-8")))
    who = somebody(seed)
    traces = [trace_of(record(who, who.plan, 10_000 * n + seed)) for n in range(sessions)]
    begun = time.process_time()
    found = fit(traces, Streams(seed), draws)
    took = time.process_time() - begun
    seen = recorded(record(who, who.following, 990_000 + seed))
    ahead = compare(predict(found, who.following, Streams(seed), persons), seen)
    figures = {
        "seed": seed,
        "protocol": who.protocol,
        "split": who.known.split,
        "mass": who.known.mass,
        "took": took,
        "scale": found.scale,
        "parameters": parameters(who, found),
        "worst": ahead.worst,
        "overall": ahead.overall,
        "inside": ahead.inside,
    }
    kept.write_text(json.dumps(figures), "utf-8")
    return figures


def parameters(who: Somebody, found: Fit) -> dict[str, Any]:
    """Truth beside median and band."""
    truth, drawn = told(who.known, who.truth), found.told()
    bands = {key: band(drawn[key]).tolist() for key in truth}
    return {key: {"true": truth[key], "p5": b[0], "median": b[1], "p95": b[2]} for key, b in bands.items()}


def store() -> Path:
    """Where finished people lie: another folder whenever the fit changes."""
    told_by = b"".join(path.read_bytes() for path in [*FITTED, Path(__file__).with_name("_own_people.py")])
    folder = ROOT / "build" / "twin-fit" / hashlib.sha256(told_by).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def printed(people: list[dict[str, Any]]) -> str:
    """The tables of docs/researcher/own-twin.md."""
    lines = [f"{len(people)} people", "", "| parameter | inside its 90 % band | below | above | error, median | band |"]
    lines.append("|---|---|---|---|---|---|")
    for quantity in TOLD:
        of = [person["parameters"][quantity.key] for person in people]
        true, low, middle, high = (np.array([one[key] for one in of]) for key in ("true", "p5", "median", "p95"))
        inside = np.mean((low <= true) & (true <= high))
        lines.append(
            f"| {quantity.words} | {100 * inside:.1f} % | {np.sum(true < low)} | {np.sum(true > high)} "
            f"| {100 * np.median(np.abs(middle / true - 1.0)):.1f} % | {100 * np.median((high - low) / middle):.0f} % |"
        )
    whole = [
        p["parameters"][q.key]["p5"] <= p["parameters"][q.key]["true"] <= p["parameters"][q.key]["p95"]
        for p in people
        for q in TOLD
    ]
    lines.append(f"| all together | {100 * np.mean(whole):.1f} % | | | | |")
    for key, words in (("worst", "worst hold"), ("overall", "root mean square")):
        errors = np.array([person[key] for person in people])
        low, high, most = np.percentile(errors, (50, 95, 100))
        close = 100 * np.mean(errors <= CLOSE)
        lines.append(
            f"next session, {words}: median {low:.2%}, 95 % {high:.2%}, largest {most:.2%}; within 5 %: {close:.1f} %"
        )
    inside = np.array([person["inside"] for person in people])
    lines.append(
        f"moments inside the band of the persons played: mean {np.mean(inside):.1%}, "
        f"5 % of people below {np.percentile(inside, 5):.0%}; of {np.mean(inside >= 0.5):.1%} at least half"
    )
    took = np.array([person["took"] for person in people])
    lines.append(f"seconds a fit: median {np.median(took):.1f}, 95 % {np.percentile(took, 95):.1f}")
    return "\n".join(lines)


def main() -> None:
    """Reckon and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--first", type=int, default=0, help="number of the first person")
    parser.add_argument("--sessions", type=int, default=1, help="recordings of each, fitted together")
    parser.add_argument("--draws", type=int, default=60)
    parser.add_argument("--persons", type=int, default=24, help="possible persons a prediction plays")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="stop after so long; taken up again next time"
    )
    chosen = parser.parse_args()
    compiled_march()
    begun, people = time.monotonic(), []
    for seed in range(chosen.first, chosen.first + chosen.people):
        people.append(one(seed, chosen.sessions, chosen.draws, chosen.persons))
        if time.monotonic() - begun > chosen.seconds:
            break
    for split, couch in ((True, "split"), (False, "locked")):
        of = [person for person in people if person["split"] == split]
        if of and len(of) < len(people):
            print(f"On a {couch} couch\n\n{printed(of)}\n")
    print(printed(people))


if __name__ == "__main__":
    main()
