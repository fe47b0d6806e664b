"""`opentraction specialists`: read a directory file in, and search what is there."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING, Any

from opentraction.app.commands.user import AUTHOR, open_clinic
from opentraction.quantities import BadInput

if TYPE_CHECKING:
    from opentraction.clinic.directory.models import ImportRun
    from opentraction.clinic.directory.search import Found, Results


def main(chosen: argparse.Namespace) -> int:
    """Do one act on the directory of the clinic in `--data`."""
    open_clinic(chosen.data)
    from django.db import DatabaseError

    try:
        return _import(chosen) if chosen.act == "import" else _search(chosen)
    except DatabaseError as error:
        raise BadInput("--data", str(chosen.data), f"a clinic whose database can be used ({error})") from None


def _import(chosen: argparse.Namespace) -> int:
    from django.utils import timezone

    from opentraction.clinic.directory.actions.importing import import_file

    progress = _Progress()
    run = import_file(chosen.file, author=AUTHOR, now=timezone.now(), again=chosen.again, watch=progress)
    progress.done()
    print(f"{run.file}: {run.rows:,} rows read, {run.listed:,} listed, {run.deactivated:,} not in use.")
    print(f"Other professions {run.others:,}, left out {run.bad:,}.")
    for reason in run.reasons[:10]:
        print(f"  {reason}")
    if run.bad > 10:
        print("  More reasons stand on the page Imported files.")
    return 0


class _Progress:
    """One line, drawn anew after each checkpoint; silent where nobody looks."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._first: int | None = None
        self._shown = sys.stderr.isatty()

    def __call__(self, run: ImportRun) -> None:
        if self._first is None:
            self._first = run.rows
        seconds = time.monotonic() - self._begun
        rate = (run.rows - self._first) / seconds if seconds else 0.0
        self._write(f"\r\x1b[K{run.percent:3d} %  {run.rows:,} rows  {rate:,.0f} a second")

    def done(self) -> None:
        """Clear the line."""
        self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        if self._shown:
            sys.stderr.write(text)
            sys.stderr.flush()


def _search(chosen: argparse.Namespace) -> int:
    from django.utils import timezone

    from opentraction.clinic.directory.asked import query_of
    from opentraction.clinic.directory.search import search

    names = ("near", "radius", "specialty", "name", "language", "insurance", "order", "page")
    sent = {name: str(getattr(chosen, name) or "") for name in names}
    sent |= {name: "yes" for name in ("fee", "refund") if getattr(chosen, name)}
    results = search(query_of(sent), timezone.now().date())
    print(json.dumps(_document(results), indent=2) if chosen.json else _lines(results))
    return 0


def _document(results: Results) -> dict[str, Any]:
    return {
        "note": results.note,
        "more": results.more,
        "area_mean": results.area_mean,
        "reviews_around": results.reviews,
        "found": [_found(one) for one in results.found],
    }


def _found(one: Found) -> dict[str, Any]:
    who = one.specialist
    return {
        "registry": who.registry,
        "number": who.number,
        "name": who.title,
        "kind": who.kind,
        "professions": [profession.words for profession in who.professions.all()],
        "place": f"{who.city} {who.state} {who.postal_code}".strip(),
        "phone": who.phone,
        "distance_m": None if one.distance is None else round(one.distance),
        "reviews": one.ratings.n,
        "mean_stars": one.ratings.mean,
        "ranked_stars": one.ratings.ranked,
    }


def _lines(results: Results) -> str:
    from opentraction.clinic.directory.templatetags.directory_words import far

    lines = [results.note] if results.note else []
    for one in results.found:
        who = one.specialist
        words = ", ".join(profession.words for profession in who.professions.all())
        reviews = f"{one.ratings.mean:.1f} of 5, n = {one.ratings.n}" if one.ratings.n else "no reviews"
        lines.append(f"{who.title[:36]:36}  {far(one.distance):24}  {reviews:18}  {who.city} {who.state}  {words}")
    if not results.found:
        lines.append("Nobody found. Search farther away, or ask for less.")
    return "\n".join([*lines, "More with --page."] if results.more else lines)
