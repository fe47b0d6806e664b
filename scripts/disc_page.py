"""Write docs/researcher/disc.md from disc.json, which `scripts/disc_convergence.py` marched."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from opentraction.body.disc.disc import PARAMETERS
from opentraction.quantities.parameters import Parameter

sys.path.insert(0, str(Path(__file__).parents[1]))
from scripts.disc_runs import DOCS, MARCHED, MOMENTS, SEEN, Runs, errors, finest, power

PAGE = DOCS / "researcher" / "disc.md"
SAID = {
    "rested": "rested, two days of lying", "pulled": "5 s into the pull", "after 45 min": "after 45 min of it",
    "up": "5 s after getting up", "evening": "after 16 h up",
    "down": "5 s after lying down", "morning": "after 8 h of lying",
}  # fmt: skip
WORDS = """# The disc by finite elements

Written from `disc.json` and `body/disc/parameters.toml` by `scripts/disc_page.py`; `scripts/disc_convergence.py`
marches the runs anew.

**Over a 45-minute pull and a day with its night, a mesh of {usual} unknowns (the one used unless told otherwise has
{default}) is within {worst_mesh} % of one of {finest}, and the usual accuracy in time within {worst_time} % of one a
hundred times as strict: largest difference at any of seven moments, of what the reading goes through.** How far the
parameters are from those of a living disc is another matter: permeabilities in publications lie ten to twenty times
apart.

![Pressure through a day and a pull; errors over meshes and accuracies](../pictures/disc.svg)

## What is modelled

A round disc between two rigid vertebrae, mirrored at its middle plane: nucleus, annulus and cartilage endplates,
each a charged porous solid full of water, at large strains.

- **Solid**: compressible neo-Hookean, with two families of fibres in the annulus that only pull (`solid.py`).
- **Charges**: Donnan's pressure of fixed charges against a bath of 150 mol/m³ of salt; what swells dilutes them
  (`donnan.py`).
- **Water** runs down its potential, fluid pressure less osmotic pressure, the slower the more the pores are
  squeezed (`water.py`); it leaves through the cartilage and through the outer rim of the annulus.
- **Solver**: displacement quadratic and potential linear in a cell; SDIRK2 steps that grow with what an error
  allows; old factorisations, hurried on by what their last corrections have shown
  ([why](../decisions/0010-disc-solver.md), [how fast](../benchmarks.md#disc-by-finite-elements)).

```python
from opentraction.body.disc.disc import Disc
from opentraction.body.disc.stepping import Accuracy

disc = Disc("degenerate")
march = disc.under(lambda t: -120.0, Accuracy(relative=1e-3, smallest=0.1))  # lying [N], tension positive
rested = march.run(march.start(mu=disc.porous.thirst()), 48 * 3600.0)
print(disc.read(rested))
```

`run` takes the times at which a force jumps or bends (`breaks`) and calls `each` with every point. Heights and
water are those above the reference, in which nothing has swelled yet; bulge is how far out of it the side is at half
the height of the disc, inward negative.

## Two discs through the same days

120 N when lying, 600 N up, 180 N of tension when pulled (a pull of 300 N on a lying person, all of which reaches
the disc). Healthy, then degenerate:

{lives}

The degenerate one has less charge and water in a smaller, fibrous nucleus, stiffer fibres, cartilage that lets less
through and less height: about Pfirrmann III to IV. Nothing was fitted. It swells less, its nucleus bears less and
its annulus more, and it exchanges less water in a day.

**Below -95 kPa the model is wrong.** Water in a real disc would boil, or gas come out of solution well before; here
it bears any tension. The degenerate disc is below that line for 7 min of the pull, and for 17 min when it lies down
after a day: its fibrous nucleus, pressed dry, springs back faster than water comes. What was measured under a motor
pull is -17 kPa ([held against measurements](validation.md)); whoever needs pressures under a pull should take the
mechanism of `opentraction simulate`, which lets gas form.

## How fine is fine enough

Errors against the finest run, {finest} unknowns and {exact} allowed in a step (for the last table, on the mesh of
{usual} unknowns). Rested, 5 s into a pull, after 45 min of it, 5 s after getting up, after 16 h, 5 s after lying
down, after 8 h: the largest difference of those seven, in % of what the reading goes through over all seven.

{meshes}

The degenerate disc, against {finest_worn} unknowns:

{worn}

The healthy one, with shorter and shorter steps:

{times}

The bulge is the slowest: fibres of the side end in the bonded corner of the vertebra.

## Against exact solutions

Largest errors after T = 0.01, in % of the largest value, and of the peaks; tests hold the first below 1 % and the
second below 0.5 % (`tests/numerics/test_poroelastic_benchmarks.py`):

{exactly}

Free swelling: Donnan pressures of three tissues to 0.1 %, the stretch of a swollen bar and block to 1e-6. In
consolidation both fields converge with the second power of the cell, the solid alone with the third, time with the
second. Water balances to 1e-8 of what was exchanged, whatever the disc goes through, and work, stored energy and
the cost of moving water to 1 %.

## Parameters

5th to 95th percentile of people or publications in brackets. "Read" in a public text, from "memory" and not yet
checked, or a choice of the "project"; the sentence is in the file.

{parameters}

## What it cannot tell you

- **Bending, torsion, a disc that is not round, a herniation**: it is axisymmetric. The nucleus sits in the middle.
- **Gas**: see above. **Vertebrae** neither give nor hold water back.
- **Tension**: its laws were measured in compression; no set of tissue tests in slow tension was found.
- **Slow memory of the solid**: all of its creep is water's. Fibres and matrix are elastic.
- **A very soft charged tissue with a free side** finds no balance; it is refused in a sentence.
- **A person**: no reading here was held against one, but for the lying pressure (0.24 MPa after a night, one
  person, Wilke 1999).
"""


def page() -> str:
    """The page: words, with the tables that were marched or stand in the parameter file."""
    kept = json.loads(MARCHED.read_text("utf-8"))
    meshes, times = kept["mesh"], kept["time"]
    return WORDS.format(
        parameters=_parameters(),
        lives=_lives(kept["lives"]),
        exactly=_exactly(kept["exact"]),
        meshes=_errors(meshes, "unknowns", lambda run: f"{run['unknowns']:,}"),
        worn=_errors(kept["worn"], "unknowns", lambda run: f"{run['unknowns']:,}"),
        finest_worn=f"{finest(kept['worn'])['unknowns']:,}",
        times=_errors(times, "allowed in a step", lambda run: power(run["relative"])),
        finest=f"{finest(meshes)['unknowns']:,}",
        usual=f"{meshes['2']['unknowns']:,}",
        worst_mesh=f"{max(errors(meshes)['2'].values()):.2g}",
        worst_time=f"{max(errors(times)['1e-3'].values()):.2g}",
        exact=power(finest(times)["relative"]),
        default=f"{kept['lives']['healthy']['unknowns']:,}",
    )


def _errors(runs: Runs, first: str, say: Any) -> str:
    head = f"| {first} | steps | height | nucleus pressure | bulge | water |\n|---|---|---|---|---|---|"
    lines = [
        f"| {say(runs[name])} | {sum(runs[name]['steps'])} | "
        + " | ".join(f"{error[what]:.2g} %" for what in SEEN)
        + " |"
        for name, error in errors(runs).items()
    ]
    return "\n".join([head, *lines])


def _lives(lives: Runs) -> str:
    """Both discs at each moment."""
    names = list(lives)
    head = "| | " + " | ".join(f"{what}, {name}" for what in SEEN for name in names) + " |"
    lines = [head, "|---" * (1 + len(SEEN) * len(names)) + "|"]
    for moment in MOMENTS:
        values = [lives[name]["moments"][moment][what] for what in SEEN for name in names]
        digits = [2 if what.endswith("[mm]") else 0 for what in SEEN for _ in names]
        lines.append(
            f"| {SAID[moment]} | " + " | ".join(_number(*one) for one in zip(values, digits, strict=True)) + " |"
        )
    return "\n".join(lines).replace("mm3", "mm³")


def _exactly(found: Runs) -> str:
    lines = [f"| {name} | {one['error']:g} % | {_peak(one)} |" for name, one in found.items()]
    return "\n".join(["| | error | peak |", "|---|---|---|", *lines])


def _peak(one: dict[str, Any]) -> str:
    return f"{one['peak']:g} %" if "peak" in one else ""


def _number(value: float, digits: int) -> str:
    said = f"{value:.{digits}f}"
    return said.lstrip("-") if float(said) == 0.0 else said


def _parameters() -> str:
    lines = ["| | healthy | degenerate | rests on |", "|---|---|---|---|"]
    for part in ("geometry", "nucleus", "annulus", "endplate"):
        both = [PARAMETERS["geometry" if part == "geometry" else f"healthy_{part}"], PARAMETERS[f"degenerate_{part}"]]
        for name, one in both[0].items():
            other = both[1].get(name, one)
            rests = " / ".join(
                dict.fromkeys(each.source.split(":")[0].split(",")[0].split(" ")[0] for each in (one, other))
            )
            unit = f" [{one.unit}]" if one.unit else ""
            lines.append(f"| {part}: {name.replace('_', ' ')}{unit} | {_spread(one)} | {_spread(other)} | {rests} |")
    return "\n".join(lines)


def _spread(one: Parameter) -> str:
    return f"{one.value:g} ({one.low:g} to {one.high:g})"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
