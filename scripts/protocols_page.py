"""Write docs/clinician/protocols.md from the shipped protocol files, so that page and software cannot disagree."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from opentraction.prescription.library import protocols

PAGE = Path(__file__).parents[1] / "docs" / "clinician" / "protocols.md"
HEAD = """# Shipped protocols

Written from the files in `src/opentraction/prescription/protocols` by `make docs`; change them there.
They repeat what others published or sell, so that it can be rehearsed, measured and compared.
That a protocol is here says nothing about whether it helps.
"""


def amounts(section: dict[str, Any]) -> str:
    """`high 70 lb, low 30 N`: what a section of the file says, in its own words and units."""
    return ", ".join(f"{key} {value}" for key, value in section.items() if not isinstance(value, dict | list))


def entry(key: str, file: Path) -> str:
    """One protocol."""
    text = tomllib.loads(file.read_text("utf-8"))
    said = [f"| {name} | {amounts(section)} |" for name, section in text.items() if isinstance(section, dict)]
    couch, angle = (text.get(key, "not said") for key in ("couch", "angle"))
    lead = f"{text['region']}, {text['position']}, couch {couch}, angle {angle}."
    return "\n".join(
        [
            f"\n## {text['name']}",
            f"\n`{key}.toml`: {lead}",
            "\n| part | as written |\n|---|---|",
            *said,
            f"\n{' '.join(text.get('notes', '').split())}",
            f"\nSource: {text['source']}\n",
        ]
    )


def page() -> str:
    """The whole page."""
    return HEAD + "".join(entry(key, file) for key, file in protocols().items())


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
