"""Derive the reduced disc that comes with the project; --keep FOLDER keeps marches, so that it can go on where it was.

Seven marches of the finite-element disc of 20,000 unknowns: about half an hour on one core.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from opentraction.body.disc.disc import Disc
from opentraction.body.disc.loading import Loading
from opentraction.body.disc.points import Point
from opentraction.body.disc.reduced_file import save
from opentraction.body.disc.reduced_training import Snapshots, derive, healthy, snapshots_of

KEPT = Path(__file__).parents[1] / "src" / "opentraction" / "body" / "disc" / "reduced_healthy.npz"


def main() -> None:
    """March, reduce, save."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--keep", type=Path, help="folder of marches done before, and to be done")
    asked.add_argument("--out", type=Path, default=KEPT)
    args, recipe = asked.parse_args(), healthy()

    def marched(name: str, disc: Disc, rest: Point, loading: Loading) -> Snapshots:
        place = args.keep / f"{name}.npz" if args.keep else None
        if place and place.exists():
            with np.load(place) as kept:
                return kept["u"], kept["mu"]
        begun = time.perf_counter()
        u, mu = snapshots_of(disc, rest, loading, recipe)
        print(f"{name}: {len(u)} snapshots, {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        if place:
            args.keep.mkdir(parents=True, exist_ok=True)
            np.savez(place, u=u, mu=mu)
        return u, mu

    disc = derive(recipe, marched)
    save(disc, args.out)
    print(f"{disc.sizes} modes and points, {args.out.stat().st_size / 1e3:.0f} kB, missed {disc.told['missed']:.2g}")


if __name__ == "__main__":
    main()
