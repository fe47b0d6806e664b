"""Taking a directory file in: in batches, each with its checkpoint in one transaction, so that a kill costs nothing.

Directory rows are public data, not clinical ones, and written in bulk. Memory stays the same however long the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from django.db import connection, transaction

from opentraction.care.specialists import Source, folded, open_reading, open_source, zip_codes
from opentraction.care.specialists.listing import Outcome
from opentraction.clinic.directory.actions.batch import tables, upsert
from opentraction.clinic.directory.models import ImportRun, Place
from opentraction.quantities import BadInput, State

BATCH: Final = 5_000
"""Rows read between two checkpoints."""
PLACES: Final = 5_000

Watch = Callable[[ImportRun], None]


def import_file(
    path: Path, *, author: str, now: datetime, again: bool = False, watch: Watch | None = None
) -> ImportRun:
    """Import a registry file, a weekly update, a list of deactivations or a file of one's own; go on where one ended.

    `watch` is called after each checkpoint. Raises BadInput for a file that is none of these, and for one that is in
    already, unless `again`. Whatever is in is in: importing twice gives the same rows.
    """
    with open_source(path) as source:
        run = _run(source, author, now, again)
        report = run.report()
        outcomes = open_reading(source, report)  # a header that is none of ours is refused here
        run.save()
        put_places()
        tables()
        batch = _Batches(outcomes, lambda: report.rows)
        while not batch.over:
            with transaction.atomic():
                upsert(batch.next())
                run.keep(report)
            if watch:
                watch(run)
    _finish(run, now)
    return run


class _Batches:
    """Outcomes by `BATCH` rows of the file, counted as they are read: rows we do not hold move the checkpoint too."""

    def __init__(self, outcomes: Iterator[Outcome], read: Callable[[], int]) -> None:
        self._outcomes, self._read = outcomes, read
        self.over = False

    def next(self) -> list[Outcome]:
        """The next rows that change anything; `over` once the file has ended."""
        start = self._read()
        found: list[Outcome] = []
        for outcome in self._outcomes:
            if outcome is not None:
                found.append(outcome)
            if self._read() - start >= BATCH:
                return found
        self.over = True
        return found


def _run(source: Source, author: str, now: datetime, again: bool) -> ImportRun:
    """The unfinished run of this very file, or a new one. Raises BadInput."""
    last = ImportRun.objects.filter(fingerprint=source.fingerprint).first()
    if last and last.finished is None:
        return last
    if last and last.finished and not again:
        when = State(f"in the directory since {last.finished:%Y-%m-%d}")
        raise BadInput("file", when, "a newer file, or --again to read it once more", source.name)
    return ImportRun(
        fingerprint=source.fingerprint, file=source.name[:255], size=source.size, author=author, started=now
    )


def _finish(run: ImportRun, now: datetime) -> None:
    run.finished = now
    run.save(update_fields=["finished"])
    with connection.cursor() as cursor:  # so that the next search is planned with what is there now
        for table in ("directory_specialist", "directory_profession", "directory_offer", "directory_place"):
            cursor.execute(f"ANALYZE {table}")


@transaction.atomic
def put_places() -> None:
    """The middle of every ZIP code, once."""
    if Place.objects.filter(country="US", latitude__isnull=False).exists():
        return
    rows = (
        Place(
            country="US",
            code=one.code,
            city=one.city,
            town=folded(one.city),
            state=one.state,
            latitude=one.point.latitude,
            longitude=one.point.longitude,
        )
        for one in zip_codes()
    )
    while chunk := list(islice(rows, PLACES)):
        Place.objects.bulk_create(chunk, ignore_conflicts=True)
