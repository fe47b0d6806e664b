"""What a text about this therapy must not promise, and a checker that finds it.

`check(text, kind)` gives each claim with line, column, words, rule and what to say instead; `check_file(path)` takes
the kind from the name; `rules()` are the rules as data. A quoted claim is marked with a comment `claims: quoted`.
"""

from __future__ import annotations

from opentraction.care.claims.check import Finding, check
from opentraction.care.claims.files import check_file
from opentraction.care.claims.readers import KINDS, kind_of
from opentraction.care.claims.rules import Rule, rules

__all__ = ["KINDS", "Finding", "Rule", "check", "check_file", "kind_of", "rules"]
