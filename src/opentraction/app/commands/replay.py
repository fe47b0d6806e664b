"""`opentraction replay`: one run of a campaign, drawn."""

from __future__ import annotations

import argparse
from pathlib import Path

from opentraction.app.compiling_once import say_if_compiling
from opentraction.quantities import BadInput
from opentraction.twin.campaign.compiled import compiled_faulted
from opentraction.twin.campaign.draw import drawn
from opentraction.twin.campaign.judge import judge
from opentraction.twin.campaign.picture import heading, in_words, picture
from opentraction.twin.campaign.play import trace
from opentraction.twin.campaign.smaller import smaller, written

BROKEN = 4


def main(chosen: argparse.Namespace) -> int:
    """Play one run again, say how it went, and draw it."""
    out = chosen.out or Path(f"run-{chosen.seed}-{chosen.number}.svg")
    say_if_compiling(compiled_faulted())
    one = drawn(chosen.seed, chosen.number)
    if chosen.smaller:
        one = smaller(one)
        print(written(one))
    run = trace(one)
    broken = judge(run.scene, run.rows, run.told, run.played).broken
    try:
        out.write_text(picture(run, broken), "utf-8")
    except OSError as error:
        raise BadInput("--out", str(out), f"a file that can be written ({error.strerror})") from None
    print(heading(run))
    print(in_words(run))
    print("\n".join(broken) if broken else "Nothing broken.")
    print(f"Drawn in {out}.")
    return BROKEN if broken else 0
