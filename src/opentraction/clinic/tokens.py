"""Words in an address that let somebody without an account do one thing: kept as a hash, for a while, once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

LASTS: Final = timedelta(days=7)
TRIES: Final = 5
"""Birth dates that may be tried at one address before it closes."""


def new_token() -> str:
    """A word nobody guesses: 32 random bytes for an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What stands in the database for the word in an address."""
    return hashlib.sha256(token.encode()).hexdigest()
