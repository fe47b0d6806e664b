"""`opentraction rehearse`."""

from __future__ import annotations

import argparse

from opentraction.app.plans import read_written
from opentraction.prescription import rehearse
from opentraction.quantities import BadInput, display


def main(chosen: argparse.Namespace) -> int:
    """Print the rehearsal; 4 if a bound forbids the treatment."""
    plan, patient, written = read_written(chosen.prescription, chosen.patient, chosen.session)
    unit = chosen.unit or written or "lb"
    told = rehearse(plan, patient, unit)
    if chosen.svg is not None:
        try:
            chosen.svg.write_text(told.svg(), "utf-8")
        except OSError as error:
            raise BadInput("--svg", str(chosen.svg), f"a file that can be written ({error.strerror})") from None
    print(told.text)
    if unit == "N":
        print(f"\nIn pounds: {_pounds(plan.peak)} at most, under a ceiling of {_pounds(plan.ceiling)}.")
    return 4 if told.refused else 0


def _pounds(newtons: float) -> str:
    return display(newtons, "force", "lb", 1)
