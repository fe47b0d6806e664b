"""The versions of the words, the newest first, each with what changed from the one before."""

from __future__ import annotations

from dataclasses import dataclass

from opentraction.care.consent import Change, ConsentText, changes, versions
from opentraction.screening import REGIONS


@dataclass(frozen=True, slots=True)
class Version:
    """One version and what is different in it; nothing for the first."""

    text: ConsentText
    before: str
    different: tuple[Change, ...]


def version_list(language: str) -> list[Version]:
    """All of them in one language."""
    texts = versions(language)
    pairs = zip([None, *texts], texts, strict=False)
    return [_version(before, text) for before, text in pairs][::-1]


def _version(before: ConsentText | None, text: ConsentText) -> Version:
    if before is None:
        return Version(text, "", ())
    found = {one.id: one for region in REGIONS for one in changes(before, text, region)}
    return Version(text, before.version, tuple(found.values()))
