"""`opentraction screen`."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime
from pathlib import Path

from opentraction.quantities import BadInput
from opentraction.screening import headline, plain_words, read_intake, screen, write_letter


def main(chosen: argparse.Namespace) -> int:
    """Print the verdict; 4 if it forbids treatment."""
    intake = read_intake(chosen.intake)
    try:
        verdict = screen(intake, today=_day(chosen.today))
    except BadInput as refusal:
        raise refusal.within(str(chosen.intake)) from None
    if chosen.letter is not None:
        _write(chosen.letter, write_letter(verdict, intake=intake))
    if chosen.json:
        told = {"verdict": verdict.action.name, "words": headline(verdict), **verdict.document()}
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        print(plain_words(verdict))
    return 0 if verdict.may_treat else 4


def _day(text: str | None) -> date:
    """The day of screening; today where none is given."""
    if text is None:
        return datetime.now(UTC).astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("--today", text, "a date such as 2026-03-31") from None


def _write(out: Path, pdf: bytes) -> None:
    try:
        out.write_bytes(pdf)
    except OSError as error:
        raise BadInput("--letter", str(out), f"a file that can be written ({error.strerror})") from None
