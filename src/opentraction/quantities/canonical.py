"""One spelling for one document, and its hash: what a signature is set under and a chain is made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(document: Mapping[str, Any]) -> str:
    """Sorted keys, no spaces, no NaN. Raises ValueError for NaN and infinity."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8, as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Canonical:
    """What has a document has one spelling and one hash."""

    __slots__ = ()

    def document(self) -> dict[str, Any]:
        """What it says, as JSON holds it."""
        raise NotImplementedError

    def canonical(self) -> str:
        """The document in its one spelling."""
        return canonical(self.document())

    @property
    def sha256(self) -> str:
        """Of the canonical text in UTF-8."""
        return sha256(self.canonical())
