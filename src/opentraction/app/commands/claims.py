"""`opentraction claims`: what a text promises that nobody has shown."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from opentraction.care.claims import Finding, check_file, rules

FOUND = 4
SAY_INSTEAD = {"en": "Say instead", "es": "Diga en su lugar"}
"""In the language of the advice that follows."""


def main(chosen: argparse.Namespace) -> int:
    """Print each claim with its place and what to say instead; exit code 4 when there is one."""
    found = [(path, check_file(path)) for path in chosen.files]
    if chosen.json:
        print(json.dumps(_document(found), indent=2, ensure_ascii=False))
    else:
        _print(found)
    return FOUND if any(findings for _, findings in found) else 0


def _document(found: list[tuple[Path, list[Finding]]]) -> dict[str, object]:
    claims = [{"file": str(path), **one.document()} for path, findings in found for one in findings]
    return {"files": [str(path) for path, _ in found], "claims": claims}


def _print(found: list[tuple[Path, list[Finding]]]) -> None:
    languages = {rule.id: rule.language for rule in rules()}
    count = sum(len(findings) for _, findings in found)
    for path, findings in found:
        for one in findings:
            print(f"{path}:{one.line}:{one.column}: {_shown(one.words)} [{one.rule}, {one.severity}]")
            print(f"    {one.wrong}")
            print(f"    {SAY_INSTEAD[languages[one.rule]]}: {one.instead}")
    files = f"{len(found)} files" if len(found) > 1 else "1 file"
    print(f"{count} claim{'' if count == 1 else 's'} in {files}." if count else f"No claims in {files}.")


def _shown(words: str) -> str:
    """Words of a foreign text on a terminal: printable, in quotes."""
    return f'"{"".join(one if one.isprintable() else "?" for one in words)}"'
