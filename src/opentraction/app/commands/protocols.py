"""`opentraction protocols`: names and sources of what is shipped."""

from __future__ import annotations

import argparse

from opentraction.prescription import protocols, read_prescription


def main(chosen: argparse.Namespace) -> int:
    """Print one line a protocol."""
    del chosen
    for name, path in protocols().items():
        print(f"{name:24} {read_prescription(path).name}")
    return 0
