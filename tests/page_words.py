"""The words of a page: a name is not looked for inside a form's random token, where three letters turn up by chance."""

from __future__ import annotations

import re


def words_of(page: str) -> set[str]:
    """Everything between what is neither letter, digit nor underscore."""
    return set(re.findall(r"\w+", page))
