"""One spelling of every stored value, the same on every database, and the way back from it."""

from __future__ import annotations

import base64
import json
import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from django.db import models

Field: TypeAlias = "models.Field[Any, Any]"
LARGEST_EXACT = 2.0**53


def line(value: Any) -> bytes:
    """Canonical JSON on a line of its own: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


def spell(field: Field, value: Any) -> Any:
    """A value of a column as JSON has it: times in UTC with microseconds, floats with their shortest digits."""
    if isinstance(field, models.JSONField):
        return plain(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, time):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def unspell(field: Field, said: Any) -> Any:
    """The value that was spelt so, ready for its column. Raises ValidationError or ValueError for what is none."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if said is None or isinstance(field, models.JSONField):
        return said
    if isinstance(field, models.DurationField):
        return timedelta(microseconds=said)
    if isinstance(field, models.BinaryField):
        return base64.b64decode(said, validate=True)
    return field.to_python(said)


def plain(value: Any) -> Any:
    """A JSON value with each number in one form: databases keep large and negative-zero floats differently."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, float) and (value == 0.0 or (value.is_integer() and abs(value) >= LARGEST_EXACT)):
        return int(value)
    return value
