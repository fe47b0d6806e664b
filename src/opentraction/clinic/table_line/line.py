"""The one link to the table of this process, asked for in one place."""

from __future__ import annotations

from typing import Any

from opentraction.clinic.table_link import TableLink, shared_link


def link() -> TableLink:
    """The shared link."""
    return shared_link()


def telemetry() -> dict[str, Any]:
    """What the table said last; empty before its first word."""
    return link().telemetry or {}
