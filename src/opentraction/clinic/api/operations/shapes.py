"""What requests and answers are made of. A request with a field that is none of ours is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from ninja import Query, Schema
from pydantic import BeforeValidator, ConfigDict, Field, StrictStr, WithJsonSchema

from opentraction.quantities import BadInput

A_PAGE: Final = 50
LARGEST: Final = 2**31 - 1


def plain_number(sent: Any) -> Any:
    if isinstance(sent, str) and not (sent.isascii() and sent.isdecimal() and len(sent) < 11):
        raise ValueError("a whole number")
    return sent


def _day(sent: Any) -> date:
    if isinstance(sent, str) and len(sent) == 10 and sent.isascii():
        return date.fromisoformat(sent)
    raise ValueError("a day such as 2026-05-23")


def _moment(sent: Any) -> datetime:
    """To the minute, with its zone."""
    if isinstance(sent, str) and len(sent) < 40 and sent.isascii():
        found = datetime.fromisoformat(sent)
        if found.tzinfo is not None and 2000 <= found.year < 2100:
            return found.astimezone(UTC)
    raise ValueError("a moment with its zone, such as 2026-05-23T14:00:00Z")


Whole = Annotated[int, BeforeValidator(plain_number), Field(ge=0, le=LARGEST)]
Page = Annotated[int, BeforeValidator(plain_number), Query(1, ge=1, le=100_000)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Line = Annotated[StrictStr, Field(max_length=120)]
Document = dict[str, Any]


class Written(Schema):
    """The body of a request."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Told(Schema):
    """A part of an answer."""


def plain(sent: str, where: str) -> str:
    """Text on one line. Raises BadInput."""
    if not sent.isprintable():
        raise BadInput(where, sent, "text on one line")
    return sent.strip()
