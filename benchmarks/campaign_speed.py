"""How fast is the campaign of bad days, with the shipping control and guard, on one core?

Simulated seconds per processor second: of the whole campaign (a run drawn, played, judged and hashed), and of the loop
alone, beside the same loop in C, generated from the same text, and as plain Python, which is what somebody has who does
not compile. Ways are run in turn on the same runs; processor time of this thread.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import _c_run
import _one_core  # noqa: F401
import numpy as np

from opentraction.session import rows as r
from opentraction.twin.campaign.compiled import compiled_faulted
from opentraction.twin.campaign.draw import Scene, drawn, scene_of
from opentraction.twin.campaign.loop import fresh_machine, run_faulted
from opentraction.twin.campaign.play import STEPS, TOLD, judged

SEED = 11
AIM = 5000.0
Loop = Callable[..., Any]


class Spent(NamedTuple):
    """Simulated and processor seconds of some runs."""

    simulated: float
    processor: float

    @property
    def speed(self) -> float:
        """Simulated seconds per processor second."""
        return self.simulated / self.processor


def whole(numbers: Sequence[int], loop: Loop) -> Spent:
    """Drawn, played, judged and hashed."""
    begun = time.thread_time()
    simulated = sum(judged(drawn(SEED, number), loop).seconds for number in numbers)
    return Spent(simulated, time.thread_time() - begun)


def alone(scenes: Sequence[Scene], loop: Loop) -> Spent:
    """Played, all else made beforehand."""
    simulated = processor = 0.0
    for scene in scenes:
        rows, told = np.zeros((len(scene.world), r.N_COLUMNS)), np.zeros((len(scene.world), TOLD))
        segments, machine = np.array(scene.plan.segments), fresh_machine(scene.settings)
        rest = (segments, scene.settings, scene.parameters, machine, rows, told, STEPS)
        begun = time.thread_time()
        played = loop(scene.world, scene.hands, scene.run.begins, scene.script, *rest)
        processor += time.thread_time() - begun
        simulated += played[0] / r.RATE_HZ
    return Spent(simulated, processor)


def checked(ours: Loop) -> dict[str, Loop]:
    """The loops in C, after a check that they give the same traces."""
    if not _c_run.available():
        print("gcc is not here: no comparison with C.")
        return {}
    exact, fused = _c_run.c_faulted(_c_run.EXACT), _c_run.c_faulted(_c_run.FUSED)
    numbers = range(0, 900, 45)
    same = sum(judged(drawn(SEED, n), ours).digest == judged(drawn(SEED, n), exact).digest for n in numbers)
    print(f"C without fused operations: every bit the same in {same} of {len(numbers)} runs")
    return {"C, gcc -O3 -march=native -ffp-contract=off": exact, "C, gcc -O3 -march=native": fused}


def compared(runs: int, rounds: int, plain: int) -> dict[str, list[Spent]]:
    """Every way, round after round on the same runs; plain Python gets the first few of them."""
    ours = compiled_faulted()
    ways = {"compiled by Numba, as it ships": ours} | checked(ours)
    spent: dict[str, list[Spent]] = {}
    for turn in range(rounds):
        numbers = range(turn * runs, (turn + 1) * runs)
        scenes = [scene_of(drawn(SEED, number)) for number in numbers]
        for name, loop in ways.items():
            spent.setdefault(f"whole campaign, {name}", []).append(whole(numbers, loop))
            spent.setdefault(f"loop alone, {name}", []).append(alone(scenes, loop))
        if plain:
            spent.setdefault("loop alone, plain Python", []).append(alone(scenes[:plain], run_faulted))
    return spent


def told(spent: dict[str, list[Spent]]) -> str:
    """A line for each way; the time it takes for a simulated second is told of that of the loop as it ships."""
    base = spent["loop alone, compiled by Numba, as it ships"]
    lines = [f"{'way':<64}{'median':>10}{'lowest':>10}{'highest':>10}{'time, of ours':>16}"]
    for name, rounds in sorted(spent.items()):
        speeds = sorted(one.speed for one in rounds)
        ratio = statistics.median(b.speed / one.speed for b, one in zip(base, rounds, strict=True))
        lines.append(
            f"{name:<64}{statistics.median(speeds):>10,.0f}{speeds[0]:>10,.0f}{speeds[-1]:>10,.0f}{ratio:>16.2f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Check, play in turn, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=60, help="runs in a round")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--plain", type=int, default=1, help="of these as plain Python too; 0 for none")
    chosen = parser.parse_args()
    whole(range(2), compiled_faulted())  # compiled, or read from where it is kept
    spent = compared(chosen.runs, chosen.rounds, chosen.plain)
    shipping = spent["whole campaign, compiled by Numba, as it ships"]
    hours = sum(one.simulated for one in shipping) / 3600.0
    print(f"{chosen.rounds} rounds of {chosen.runs} runs from seed {SEED}, {hours:.1f} simulated hours;")
    print(f"simulated seconds per processor second, the aim of the whole campaign {AIM:,.0f}\n")
    print(told(spent))


if __name__ == "__main__":
    main()
