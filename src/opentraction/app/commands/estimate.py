"""`opentraction estimate`."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from opentraction.care.money import (
    Asked,
    CourseEstimate,
    Cover,
    PublishedRange,
    cover_for,
    estimate,
    good_faith,
    good_faith_pdf,
    published,
    read_estimate,
)
from opentraction.quantities import BadInput


def main(chosen: argparse.Namespace) -> int:
    """Print what the course would cost; with --pdf also write the good-faith estimate."""
    today = datetime.now(UTC).date()
    asked = read_estimate(chosen.file, today)
    try:
        course = estimate(asked.order)
        cover = cover_for(asked.payer, asked.facts, today)
        paper = _paper(course, asked) if chosen.pdf is not None else b""
    except BadInput as refusal:
        raise refusal.within(str(chosen.file)) from None
    if chosen.pdf is not None:
        try:
            chosen.pdf.write_bytes(paper)
        except OSError as error:
            raise BadInput("--pdf", str(chosen.pdf), f"a file that can be written ({error.strerror})") from None
    print(json.dumps(_document(course, cover), indent=2) if chosen.json else "\n".join(_said(course, cover)))
    return 0


def _paper(course: CourseEstimate, asked: Asked) -> bytes:
    return good_faith_pdf(good_faith(course, asked.clinic, asked.patient))


def _said(course: CourseEstimate, cover: Cover) -> list[str]:
    lines = [*course.told(), ""]
    if course.planned.way is not None:
        lines += [f"Getting there: {course.planned.way.words()}."]
    for part in course.instalments:
        lines += [f"{part.due.isoformat()}: {part.amount.show()}"]
    ranges = published("session") + published("course")
    lines += ["", "Beside what others publish:", *(_beside(course, one) for one in ranges), ""]
    name = f"{cover.name}: " if cover.payer else ""
    return [*lines, f"{name}{' '.join(cover.told())}"]


def _beside(course: CourseEstimate, one: PublishedRange) -> str:
    """How the clinic's price, or the course as planned, stands to a published range."""
    ours = course.order.prices.session.price if one.of == "session" else course.planned.total
    return f"  {one.of} {ours.show()}: {one.place(ours)} {one.words()}"


def _document(course: CourseEstimate, cover: Cover) -> dict[str, Any]:
    return {
        "currency": course.order.prices.currency,
        "low": course.low.written(),
        "planned": course.planned.total.written(),
        "high": course.high.written(),
        "stops": [{"visit": stop.sessions, "total": stop.total.written()} for stop in course.stops],
        "instalments": [{"due": part.due.isoformat(), "amount": part.amount.written()} for part in course.instalments],
        "cover": {
            "payer": cover.payer,
            "status": cover.status,
            "meets": cover.meets,
            "stale": cover.stale,
            "unknown": list(cover.unknown),
            "words": list(cover.told()),
        },
        "sha256": course.sha256,
        "estimate": course.document(),
    }
