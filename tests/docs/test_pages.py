"""What the pages say is so: links lead somewhere, facts carry sources, written pages are up to date."""

from __future__ import annotations

import re
import runpy
import subprocess
import tomllib
from pathlib import Path

import pytest

from opentraction.prescription import read_prescription
from opentraction.quantities import QUANTITIES, Verdict
from opentraction.quantities.vocabulary import ALARMS, PHASE_NAMES

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
PROTOCOLS = sorted((ROOT / "src/opentraction/prescription/protocols").glob("*.toml"))
LINK = re.compile(r"\]\(([^)\s]+)\)")


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """Headings as the anchors a code host makes of them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), f"{label(page)} links to {target}"
        if anchor:
            assert anchor in anchors(there), f"{label(page)} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_every_page_can_be_reached_from_the_readme(page: Path) -> None:
    seen = {ROOT / "README.md"}
    todo = [*seen]
    while todo:
        here = todo.pop()
        targets = {target.partition("#")[0] for target in LINK.findall(here.read_text("utf-8"))}
        new = {(here.parent / target).resolve() for target in targets if target.endswith(".md")} - seen
        seen |= new
        todo += [file for file in new if file.exists()]
    assert page in seen


def test_every_alarm_stands_in_the_clinicians_page() -> None:
    said = (ROOT / "docs/clinician/alarms.md").read_text("utf-8")
    assert [alarm.text for alarm in ALARMS if alarm.text not in said] == []


def test_every_phase_code_stands_in_the_recordings_page() -> None:
    said = (ROOT / "docs/engineer/recording.md").read_text("utf-8")
    listed = re.findall(r"^\| (\d+) \| ([a-z ]+) \| .+ \|$", said, re.MULTILINE)
    assert listed == [(str(code), name) for code, name in enumerate(PHASE_NAMES)]


def test_the_recommended_pretension_is_what_the_shipped_protocols_use() -> None:
    plans = [read_prescription(file).pretension.force for file in PROTOCOLS]
    assert {QUANTITIES["pretension"].bounds.judge(force) for force in plans} == {Verdict.OK}
    assert f"ship use {min(plans):.0f} or {max(plans):.0f} N" in QUANTITIES["pretension"].source
    assert len(set(plans)) == 2


@pytest.mark.parametrize("key", QUANTITIES)
def test_every_quantity_says_where_its_bounds_come_from(key: str) -> None:
    assert len(QUANTITIES[key].source) >= len("project")


@pytest.mark.parametrize(
    "name",
    [
        "quantities_page",
        "protocols_page",
        "alarms_page",
        "course_rules_page",
        "screening_page",
        "articles_page",
        "evidence_page",
        "validation_page",
        "played_blind_page",
        "body_claims_page",
        "disc_page",
        "course_page",
        "guard_page",
        "mutants",
    ],
)
def test_a_page_written_from_data_is_up_to_date(name: str) -> None:
    script = runpy.run_path(str(ROOT / "scripts" / f"{name}.py"))
    assert script["PAGE"].read_text("utf-8") == script["page"](), "run 'make docs'"


@pytest.mark.parametrize("name", ["validation_page", "disc_picture", "reduced_page", "course_page"])
def test_a_picture_drawn_from_data_is_up_to_date(name: str) -> None:
    script = runpy.run_path(str(ROOT / "scripts" / f"{name}.py"))
    assert script["PICTURE"].read_text("utf-8") == script["picture"](), "run 'make docs'"


def test_protocols_are_shipped() -> None:
    assert len(PROTOCOLS) >= 8


@pytest.mark.parametrize("file", PROTOCOLS, ids=lambda file: file.stem)
def test_every_shipped_protocol_has_a_source_and_stands_in_the_docs(file: Path) -> None:
    assert tomllib.loads(file.read_text("utf-8"))["source"]
    assert any(file.stem in page.read_text("utf-8") for page in PAGES)


def test_every_decision_stands_in_their_index() -> None:
    index = (ROOT / "docs/decisions/index.md").read_text("utf-8")
    for page in sorted((ROOT / "docs/decisions").glob("0*.md")):
        text = page.read_text("utf-8")
        assert page.name in index
        assert text.splitlines()[0].removeprefix(f"# {page.name[:4]} ") in index
        assert re.findall(r"^## (\w+)", text, re.MULTILINE) == ["Context", "Alternatives", "Decision", "Consequence"]


def test_no_page_or_source_names_a_place_on_somebodys_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    places = re.compile(r"(?<![\w.}>])/(?:home|root|Users)/\w")
    for name in filter(None, listed.split("\0")):
        file = ROOT / name
        if file.suffix in {".md", ".py", ".toml", ".txt", ".in", ".html", ".js", ""} and file.is_file():
            assert not places.search(file.read_text("utf-8", errors="ignore")), name
