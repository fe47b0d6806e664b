"""The console's line to a table that is not there: it keeps what it is asked, and answers as a test wants it."""

from __future__ import annotations

from typing import Any

from opentraction.clinic.table_link import TableAway


class MockLink:
    """A table that records what it is asked."""

    up = True

    def __init__(self, telemetry: dict[str, Any], answer: dict[str, Any]) -> None:
        self.telemetry = telemetry
        self.answer = answer
        self.sent: list[dict[str, Any]] = []
        self.away = False

    async def request(self, do: str, **more: Any) -> dict[str, Any]:
        if self.away:
            raise TableAway
        self.sent.append({"do": do, **more})
        return self.answer
