"""`opentraction rehearse`."""

from __future__ import annotations

import argparse

from opentraction.app.plans import read_plan
from opentraction.prescription import rehearse
from opentraction.quantities import BadInput


def main(chosen: argparse.Namespace) -> int:
    """Print the rehearsal; 4 if a bound forbids the treatment."""
    plan, patient = read_plan(chosen.prescription, chosen.patient, chosen.session)
    told = rehearse(plan, patient, chosen.unit)
    if chosen.svg is not None:
        try:
            chosen.svg.write_text(told.svg(), "utf-8")
        except OSError as error:
            raise BadInput("--svg", str(chosen.svg), f"a file that can be written ({error.strerror})") from None
    print(told.text)
    return 4 if told.refused else 0
