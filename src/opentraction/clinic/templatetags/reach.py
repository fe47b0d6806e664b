"""Whether an address that this page shows can be opened on another device."""

from __future__ import annotations

from typing import Any, Final

from django import template

register = template.Library()
HERE: Final = ("127.0.0.1", "localhost", "[::1]")
"""Names of this machine that a phone cannot reach."""


@register.inclusion_tag("clinic/_only_here.html", takes_context=True)
def only_here(context: dict[str, Any]) -> dict[str, bool]:
    """A warning where the console was opened by a name that no phone can reach; else nothing."""
    host = context["request"].get_host()
    return {"only_here": host in HERE or host.rpartition(":")[0] in HERE}
