"""Write docs/contributor/access.md from the tables of access: python scripts/access_page.py"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opentraction.app.settings")

HEAD = """\
# Who may open which address

**Research and education software with a simulated table. Not an approved medical device; not for treating people.**

Made by `scripts/access_page.py` from `roles.py` and each `access.toml`; a test fails when it is out of date, and
another walks every role, address and method. An address that stands in no table is closed to everybody. Of another
clinic every object is 404. Beside these, an action checks its own act and the clinic of what it is done to.

"""


def page() -> str:
    """The whole page."""
    import django

    django.setup()
    from opentraction.clinic import access, roles

    lines = ["## Roles", "", "| role | acts |", "|---|---|"]
    lines += [f"| {role} | {', '.join(sorted(roles.MAY[role]))} |" for role in roles.ROLES]
    lines += ["", "## Addresses", "", f"| address | method | asks for | {' | '.join(roles.ROLES)} |"]
    lines += ["|---" * (3 + len(roles.ROLES)) + "|"]
    for name, needs in access.table().items():
        for method, need in needs.items():
            marks = ["✓" if need not in roles.ACTS or need in roles.MAY[role] else "–" for role in roles.ROLES]
            lines.append(f"| {name} | {method.upper()} | {need} | {' | '.join(marks)} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / "docs/contributor/access.md").write_text(page(), "utf-8")
