"""Within one page the same question is asked of the database once: a dozen pieces of it ask for the same screening.

Only while a page is made for somebody who looks (GET), and only until the next act: every act leaves a row in the
record of acts, and with that row everything that was answered before is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.db import models
from django.utils.decorators import sync_and_async_middleware
from django.utils.translation import get_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
LOOKS = frozenset({"GET", "HEAD"})
_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


def asked_once(ask: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """The same function. Its arguments are rows, dates, moments (alike within a second) and plain values.

    What it answers is shared: callers leave it as it is.
    """

    @wraps(ask)
    def answer(*asked: Asked.args, **more: Asked.kwargs) -> Answer:
        known = _answers.get()
        if known is None:
            return ask(*asked, **more)
        key = (ask, get_language(), *map(_plain, asked), *((name, _plain(one)) for name, one in more.items()))
        if key not in known:
            known[key] = ask(*asked, **more)
        found: Answer = known[key]
        return found

    return answer


def looking() -> bool:
    """Whether this is a page that only looks."""
    return _answers.get() is not None


def forget() -> None:
    """Something was done: what was answered before may not be so any more."""
    known = _answers.get()
    if known is not None:
        known.clear()


@contextmanager
def one_page() -> Iterator[None]:
    """Until its end, answers are kept."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


@sync_and_async_middleware
def asking_once(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware: a page that only looks is one page."""
    if iscoroutinefunction(get_response):
        return get_response  # what lives on the loop lasts for hours, or acts

    def page(request: HttpRequest) -> Any:
        if request.method not in LOOKS:
            return get_response(request)
        with one_page():
            return get_response(request)

    return page


def _plain(one: Any) -> Any:
    if isinstance(one, models.Model):
        return type(one), one.pk
    return int(one.timestamp()) if isinstance(one, datetime) else one
