"""What the templates of consent need beside Django's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(values: Mapping[str, Any], key: str) -> Any:
    """The value under a key; nothing where there is none."""
    return values.get(key)


@register.filter
def tried(wrong: Mapping[str, int]) -> int:
    """How many wrong answers there were in all."""
    return sum(wrong.values())
