"""The product's own texts promise nothing: pages, templates, scripts, data, letters, translations, documentation."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from opentraction.care.claims import KINDS, check, check_file, kind_of, rules

ROOT = Path(__file__).parents[2]
SUFFIXES = {".md", ".html", ".toml", ".py", ".js", ".po", ".typ", ".txt", ".svg"}
LOOKS_FOR_CLAIMS = ("src/opentraction/care/claims/",)  # its patterns are the words themselves
NOT_OURS = ("/vendor/", "/fonts/")


def texts() -> list[Path]:
    """What is shipped or shown: src, docs and the pages of the root, tracked by git or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "src", "docs", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = sorted(filter(None, listed.split("\0")))
    kept = [one for one in names if Path(one).suffix in SUFFIXES and not any(part in f"/{one}" for part in NOT_OURS)]
    return [ROOT / one for one in kept if not one.startswith(LOOKS_FOR_CLAIMS) and (ROOT / one).is_file()]


@pytest.mark.parametrize("text", texts(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_text_of_ours_promises_nothing_that_nobody_has_shown(text: Path) -> None:
    found = [
        f"{one.line}:{one.column} {one.words!r} [{one.rule}] say instead: {one.instead}" for one in check_file(text)
    ]
    assert not found, f"{text.relative_to(ROOT)}\n" + "\n".join(found)


def test_every_kind_of_text_is_looked_at() -> None:
    seen = {kind_of(path.name) for path in texts()}
    assert {"markdown", "html", "toml", "python", "javascript", "typst"} <= seen
    assert seen <= set(KINDS)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_what_a_rule_says_instead_is_no_claim(rule: object) -> None:
    assert check(rule.instead) == []  # type: ignore[attr-defined]


def test_a_claim_written_into_a_page_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    template = (ROOT / "src/opentraction/clinic/templates/clinic/base.html").read_text("utf-8")
    page.write_text(template.replace("<footer>", "<footer><p>A risk-free cure.</p>"), "utf-8")
    assert {one.rule for one in check_file(page)} == {"risk-free", "cure"}
