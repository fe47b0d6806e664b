"""Which act each address asks for, by method: read from the `access.toml` beside each `urls.py`.

The core's lies beside this file, a wing's in the wing's own folder. `docs/contributor/access.md` is made from them.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from opentraction.clinic import roles

ANYONE: Final = "anyone"
"""Also who is not signed in."""
SIGNED_IN: Final = "signed in"
"""Any user, whatever the role."""
ITSELF: Final = "itself"
"""The view asks by itself, because it must not wait: a stop."""
NEEDS: Final = frozenset({ANYONE, SIGNED_IN, ITSELF}) | roles.ACTS
METHODS: Final = ("get", "post")


@cache
def table() -> dict[str, dict[str, str]]:
    """URL name -> method -> what it needs. Raises ValueError for a word that is no act or a name that stands twice."""
    here = Path(__file__).parent
    whole: dict[str, dict[str, str]] = {}
    for path in sorted([*here.glob("access.toml"), *here.glob("*/access.toml")]):
        for name, needs in tomllib.loads(path.read_text("utf-8")).items():
            wrong = [word for word in needs.values() if word not in NEEDS] or [m for m in needs if m not in METHODS]
            if wrong or name in whole:
                raise ValueError(f"{path.parent.name}/{path.name}: {name}: {wrong or 'stands twice'}")
            whole[name] = dict(needs)
    return whole


def needed(name: str, method: str) -> str | None:
    """What a request needs; None where the table knows no such address or method."""
    method = "get" if method == "HEAD" else method.lower()
    return table().get(name, {}).get(method)


def methods(name: str) -> list[str]:
    """The methods an address knows; empty for one that stands in no table."""
    return [method.upper() for method in table().get(name, {})]
