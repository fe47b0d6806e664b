"""One batch of outcomes into the tables, by way of temporary ones: the same SQL for SQLite and PostgreSQL.

A listing that is older than what is there changes nothing, so files may come in any order, and twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection

from opentraction.care.specialists import Deactivation, Listing, folded, zip5
from opentraction.care.specialists.listing import Outcome
from opentraction.clinic.directory.actions.statements import DEACTIVATIONS, LISTINGS

KEPT: Final = (
    "kind",
    "name",
    "sort_name",
    "credential",
    "street",
    "city",
    "state",
    "postal_code",
    "country",
    "phone",
    "listed",
    "updated",
)
_INCOMING: Final = ("registry", "number", *KEPT, "code", "town", "latitude", "longitude")
_HELD: Final = ("registry", "number", "rank", "group_id", "code", "is_primary", "leads", "licence", "licence_state")
_SPOKEN: Final = ("registry", "number", "language")
_GONE: Final = ("registry", "number", "day")
_TYPES: Final = {
    "listed": "date",
    "updated": "date",
    "day": "date",
    "latitude": "double precision",
    "longitude": "double precision",
    "rank": "integer",
    "is_primary": "boolean",
    "leads": "boolean",
}
STAGES: Final = {
    "incoming": _INCOMING,
    "incoming_held": _HELD,
    "incoming_spoken": _SPOKEN,
    "incoming_gone": _GONE,
}


def tables() -> None:
    """Make this connection's temporary tables, empty."""
    with connection.cursor() as cursor:
        for name, columns in STAGES.items():
            typed = ", ".join(f"{column} {_TYPES.get(column, 'text')}" for column in columns)
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
            cursor.execute(f"CREATE TEMPORARY TABLE {name} ({typed})")


def upsert(outcomes: Iterable[Outcome]) -> None:
    """Bring a batch in; of a number that comes twice the last counts. Runs inside the caller's transaction."""
    last = {(one.registry, one.number): one for one in outcomes if one is not None}
    listings = [one for one in last.values() if isinstance(one, Listing)]
    gone = [one for one in last.values() if isinstance(one, Deactivation)]
    if listings:
        _load("incoming", [_incoming(one) for one in listings])
        _load("incoming_held", [row for one in listings for row in _held(one)])
        _load("incoming_spoken", [(one.registry, one.number, tongue) for one in listings for tongue in one.languages])
        _execute(LISTINGS)
    if gone:
        _load("incoming_gone", [(one.registry, one.number, one.day) for one in gone])
        _execute(DEACTIVATIONS)


def _incoming(one: Listing) -> tuple[Any, ...]:
    point = one.point
    fields = [getattr(one, name) for name in KEPT]
    where = (point.latitude, point.longitude) if point else (None, None)
    return (one.registry, one.number, *fields, _place_code(one), folded(one.city), *where)


def _place_code(one: Listing) -> str:
    """What place the listing stands in: its own point, its postal code, or its town; empty when nobody said."""
    if one.point:
        return f"@{one.point.latitude:.4f},{one.point.longitude:.4f}"
    code = zip5(one.postal_code) if one.country == "US" else one.postal_code
    return (code or folded(one.city))[:60]


def _held(one: Listing) -> Iterable[tuple[Any, ...]]:
    groups: set[str] = set()
    for rank, held in enumerate(one.held):
        leads = held.group not in groups
        groups.add(held.group)
        yield (
            one.registry,
            one.number,
            rank,
            held.group,
            held.code,
            held.primary,
            leads,
            held.licence,
            held.licence_state,
        )


def _load(table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Fill a temporary table with these rows alone."""
    names = STAGES[table]
    columns = ", ".join(names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Nobody vacuums a temporary table: deleted rows would pile up, and the planner would take it for large.
            cursor.execute(f"TRUNCATE {table}")
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"ANALYZE {table}")
        else:
            marks = ", ".join(["%s"] * len(names))
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand above
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608


def _execute(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
