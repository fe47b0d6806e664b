"""No request is longer than a page of ours ever sends, whether or not it says how long it is.

Django refuses a body that says it is too long. One sent in pieces says nothing, and would be written to the disk until
that is full, before anybody asked who sends it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

MOST: Final = 1 << 20  # [bytes]
"""Four times what Django lets a form have, so that a form a little too long is told so by a page."""
SAYS: Final = b"Too much: a request has at most 1 MiB."

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


class TooMuch(Exception):
    """The body goes on beyond the most."""


async def measured(application: Application, scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Serve a request whose body ends in time; else 413, and the line is closed."""
    got, begun = 0, False

    async def counted() -> Mapping[str, Any]:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > MOST:
            raise TooMuch
        return message

    async def noted(message: Mapping[str, Any]) -> None:
        nonlocal begun
        begun = True
        await send(message)

    try:
        await application(scope, counted, noted)
    except TooMuch:
        if not begun:
            await _refuse(send)


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": SAYS})
