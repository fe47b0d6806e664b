"""Let every mutant of guard, phases and drive's rule loose, and write docs/engineer/mutants.json and mutants.md.

`mutants.py` runs all, `mutants.py guard/step.py` one file anew, `mutants.py --alive` those that lived, after tests were
added. `mutants.py --page` writes the page alone, `mutants.py --list FILE` shows the mutants of one. `mutants.py --again
N` lets N loose that were killed, drawn by --seed, and ends in 1 where one lives.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.mutant_runs import LONGEST, TESTS, Ran, fingerprint, mutants_of, run_all, warm  # noqa: E402

RESULTS = ROOT / "docs" / "engineer" / "mutants.json"
ARGUED = ROOT / "docs" / "engineer" / "mutants.toml"
PAGE = ROOT / "docs" / "engineer" / "mutants.md"
HEAD = """\
# Mutants

A test that passes says nothing of what it would notice. So guard, table of phases and the drive's rule are spoiled, one
small defect at a time, and their own tests have to turn red. Made by `scripts/mutants.py` from `mutants.json`, the last
run, and `mutants.toml`, the reasons; a test fails where the run is older than the code, where a survivor is not argued,
and where some mutants that are drawn are not killed again.

```sh
.venv/bin/python scripts/mutants.py                  # all, on one core
.venv/bin/python scripts/mutants.py guard/step.py    # one file anew
```
"""
FOOT = """\
## How

- Each mutant runs in a process of its own, in plain Python, against the tests below; the module is changed as it is
  imported. A mutant is killed when a test fails, when its module cannot be imported, or after {longest} s.
- Only tests that need no simulated session are asked: a defect that only a whole treatment shows counts as alive here.
  What those notice is told by the [planted defects](campaign.md) and by `tests/safety/test_seeded_defects.py`.
- A figure is held by a test that says it a second time: a slip is noticed, a figure that was wrong from the first is
  not. That the figures are right is for the campaign and the walk to show.
- The first runs showed what no test held: an old word, or one that is no number, at the drive; a plan that prescribes
  minus infinity; a slack cable taken for a release while control would pull; the plan's force before the treatment. In
  each the code was right.
- Annotations, docstrings, imports, asserts and texts are left alone. Two defects at once are not tried.
- mutmut 3.8 and cosmic-ray 8.7 were looked at. mutmut changes nothing outside of functions, and most of the guard's
  figures stand there; cosmic-ray rewrites the files on disk, moves a number by one whatever it is, knows no arguments
  that change places and brings thirteen packages, a database among them. mutatest has stood still since 2022.

| file | tests |
|---|---|
"""


def told(ran: Sequence[Ran], file: str, seconds: float) -> dict[str, Any]:
    """The results of one file as JSON."""
    alive = [one for one in ran if not one.killed]
    return {
        "code_sha256": fingerprint(file),
        "tests": list(TESTS[file]),
        "mutants": len(ran),
        "killed": len(ran) - len(alive),
        "too_long": sum(one.too_long for one in ran),
        "kinds": {kind: _share(ran, kind) for kind in sorted({one.mutant.kind for one in ran})},
        "survived": [{"line": m.line, "kind": m.kind, "name": m.name} for m in (one.mutant for one in alive)],
        "minutes": round(seconds / 60.0, 1),
    }


def _share(ran: Sequence[Ran], kind: str) -> list[int]:
    """How many of a kind were killed, and how many there were."""
    of_kind = [one for one in ran if one.mutant.kind == kind]
    return [sum(one.killed for one in of_kind), len(of_kind)]


def run(files: Sequence[str]) -> None:
    """Run the mutants of these files; what was known of the others stays."""
    warm()
    before = json.loads(RESULTS.read_text("utf-8"))["files"] if RESULTS.is_file() else {}
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            chosen, ran, begun = list(mutants_of(file)), [], time.monotonic()
            for one in run_all(file, chosen, Path(folder) / "pytest.ini"):
                ran.append(one)
                if not one.killed:
                    print(f"{len(ran)} of {len(chosen)}  {file}:{one.mutant.line}  {one.mutant.name}", flush=True)
            before[file] = told(ran, file, time.monotonic() - begun)
            made = {"files": {name: before[name] for name in TESTS if name in before}}
            RESULTS.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
            print(f"{file}: {before[file]['killed']} of {len(ran)} killed", flush=True)


# --- the page ---


def reasons() -> dict[tuple[str, str], str]:
    """Why each survivor that is argued changes nothing, by file and name."""
    book = tomllib.loads(ARGUED.read_text("utf-8")) if ARGUED.is_file() else {}
    return {(one["file"], name): one["why"] for one in book.get("same", []) for name in one["mutants"]}


def summary(files: dict[str, Any]) -> Iterator[str]:
    """A line for each file."""
    yield "| file | mutants | killed | survived | killed |"
    yield "|---|---|---|---|---|"
    rows = [(f"`{name}`", one["mutants"], one["killed"]) for name, one in files.items()]
    rows.append(("**all**", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    for name, made, killed in rows:
        yield f"| {name} | {made:,} | {killed:,} | {made - killed} | {100.0 * killed / made:.1f} % |"


def kinds(files: dict[str, Any]) -> Iterator[str]:
    """A line for each kind of defect."""
    all_of: Counter[str] = Counter()
    killed: Counter[str] = Counter()
    for one in files.values():
        for kind, (seen, made) in one["kinds"].items():
            killed[kind] += seen
            all_of[kind] += made
    yield "| kind | what is done | mutants | killed |"
    yield "|---|---|---|---|"
    for kind, what in KINDS.items():
        yield f"| {kind} | {what} | {all_of[kind]} | {killed[kind]} |"


KINDS = {
    "edge": "`<` for `<=`, `>` for `>=`, and back",
    "comparison": "turned round: `>=` for `<`, `!=` for `==`",
    "condition": "an `if` always, never, or the other way; one side of a conditional value alone",
    "and, or": "`and` for `or` and back; each part left out",
    "number": "a tenth more, a tenth less; a whole number one up, one down; 0.0 as 1 and -1; true as false",
    "named number": "one more than a named code of phase, cause, switch or event",
    "arithmetic": "`-` for `+`, `/` for `*`, bitwise or for and, and back",
    "sign": "a minus, a `not` or a `~` left out",
    "call": "`max` for `min` and back; `abs` left out",
    "arguments": "two arguments of one type change places (of more than four: neighbours)",
    "left out": "an element of a list, or a row of the table of phases",
    "statement": "a statement that changes something is not run",
    "return": "nothing, or the opposite, is returned",
}


def survivors(files: dict[str, Any]) -> Iterator[str]:
    """Those that nobody killed, by reason."""
    known, by_reason = reasons(), dict[str, list[str]]()
    for name, one in files.items():
        for alive in one["survived"]:
            why = known.get((name, alive["name"]), "Not argued.")
            by_reason.setdefault(why, []).append(f"`{name}` {_code(alive['name'])}")
    for why, names in by_reason.items():
        yield f"**{why}**"
        yield ""
        yield from (f"- {name}" for name in names)
        yield ""


def _code(name: str) -> str:
    where, _, change = name.partition(": ")
    old, _, new = change.partition(" -> ")
    return f"{where}: `{old}` as `{new}`"


def page() -> str:
    """The whole page."""
    files = json.loads(RESULTS.read_text("utf-8"))["files"]
    parts = [HEAD, *summary(files), "", "## What is done to them", "", *kinds(files), "", "## Those that live", ""]
    tests = [f"| `{name}` | {', '.join(f'`{one}`' for one in files[name]['tests'])} |" for name in files]
    return "\n".join([*parts, *survivors(files), FOOT.format(longest=LONGEST).rstrip("\n"), *tests]) + "\n"


def resurvive(files: Sequence[str]) -> None:
    """Let loose once more those that lived: tests that are added kill, and raise none from the dead."""
    warm()
    made = json.loads(RESULTS.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            one = made["files"][file]
            chosen = [m for m in mutants_of(file) if m.name in _names(one)]
            dead = [ran.mutant for ran in run_all(file, chosen, Path(folder) / "pytest.ini") if ran.killed]
            one["survived"] = [a for a in one["survived"] if a["name"] not in {m.name for m in dead}]
            one["killed"] = one["mutants"] - len(one["survived"])
            for mutant in dead:
                one["kinds"][mutant.kind][0] += 1
                print(f"killed now  {file}:{mutant.line}  {mutant.name}", flush=True)
    RESULTS.write_text(json.dumps(made, indent=1) + "\n", "utf-8")


def again(count: int, seed: int) -> int:
    """Let some loose that were killed; how many live now."""
    warm()
    files, alive = json.loads(RESULTS.read_text("utf-8"))["files"], 0
    known = [(file, m) for file, one in files.items() for m in mutants_of(file) if m.name not in _names(one)]
    drawn = random.Random(seed).sample(known, count)  # noqa: S311 - which are tried, nothing else
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            for one in run_all(file, [m for where, m in drawn if where == file], Path(folder) / "pytest.ini"):
                alive += not one.killed
                print(f"{'killed' if one.killed else 'LIVES'}  {file}:{one.mutant.line}  {one.mutant.name}", flush=True)
    return alive


def _names(one: dict[str, Any]) -> set[str]:
    return {alive["name"] for alive in one["survived"]}


def main() -> int:
    """See the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", choices=[*TESTS, []])
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--alive", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--again", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    if chosen.again:
        return int(again(chosen.again, chosen.seed) > 0)
    if chosen.list:
        for one in (m for file in chosen.files for m in mutants_of(file)):
            print(f"{one.line:4} {one.kind:12} {one.name}")
        return 0
    if chosen.alive:
        resurvive(chosen.files or list(TESTS))
    elif not chosen.page:
        run(chosen.files or list(TESTS))
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
