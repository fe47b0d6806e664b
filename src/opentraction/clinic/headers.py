"""Headers every answer carries: nothing inline runs, nothing foreign loads, no page of a patient is cached."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from opentraction.clinic.versioned_files import KEPT, may_be_kept

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


@sync_and_async_middleware
def guarded_headers(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Add the policy to sync and async answers alike, so that live streams stay async."""
    if iscoroutinefunction(get_response):
        return _async(get_response)

    def sync_guard(request: HttpRequest) -> HttpResponseBase:
        return _add(request, get_response(request))

    return sync_guard


def _async(get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]]) -> Callable[[HttpRequest], Any]:
    async def async_guard(request: HttpRequest) -> HttpResponseBase:
        return _add(request, await get_response(request))

    return async_guard


def _add(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Cache-Control", "no-store")
    if response.status_code == 200 and may_be_kept(request):
        response.headers["Cache-Control"] = KEPT
    return response
