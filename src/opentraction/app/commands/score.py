"""`opentraction score`: what filled-in forms amount to, and what changed."""

from __future__ import annotations

import argparse
import json

from opentraction.care.outcomes import changes, instrument, read_forms, told
from opentraction.quantities.plain import plain


def main(chosen: argparse.Namespace) -> int:
    """Print each score and each change; as JSON if asked."""
    forms = read_forms(chosen.file)
    if chosen.json:
        print(json.dumps(plain(told(forms)), indent=2, ensure_ascii=False))
        return 0
    for form in forms:
        print(f"{form.taken.isoformat()}  {instrument(form.instrument).short:24} {form.score().words}")
    for one in changes(forms):
        caveat = instrument(one.instrument).thresholds.fact.caveat
        print(f"change      {one.words}" + (f" Threshold {caveat}." if caveat else ""))
    for caveat in sorted({instrument(form.instrument).caveat for form in forms} - {""}):
        print(f"note        {caveat}")
    return 0
