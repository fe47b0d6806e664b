"""Styles and scripts under addresses that say which version they are, so that a browser need not ask again.

`console.css?v=3f9a1c2b7d` may be kept for a year: another text has another address. A page that knows no version, and
what scripts import from each other, is still asked for each time, so that no page runs with an old script.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest

KEPT: Final = "public, max-age=31536000, immutable"


class Versioned(StaticFilesStorage):
    """What `{% static %}` asks for an address."""

    def url(self, name: str | None) -> str:
        """With the version, where the file is there."""
        plain = str(super().url(name))
        version = _version(name or "")
        return f"{plain}?v={version}" if version else plain


def may_be_kept(request: HttpRequest) -> bool:
    """Whether this asks for a file in the very version that is here."""
    asked, where = request.GET.get("v", ""), "/static/"
    return bool(asked) and request.path.startswith(where) and asked == _version(request.path.removeprefix(where))


@cache
def _version(name: str) -> str:
    """The beginning of the hash of a file; nothing for what is not there."""
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10] if isinstance(found, str) else ""
