"""Let every mutant of guard, phases and drive's rule loose, and write docs/engineer/mutants.json and mutants.md.

`mutants.py` runs all, `mutants.py guard/step.py` one file anew, `mutants.py --page` writes the page alone, and
`mutants.py --list FILE` shows the mutants of one.
"""

from __future__ import annotations

import json
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

from tests.mutant_runs import TESTS, Ran, fingerprint, mutants_of, run_all, warm  # noqa: E402

RESULTS = ROOT / "docs" / "engineer" / "mutants.json"
ARGUED = ROOT / "docs" / "engineer" / "mutants.toml"
PAGE = ROOT / "docs" / "engineer" / "mutants.md"
HEAD = """\
# Mutants

A test that passes says nothing of what it would notice. So guard, table of phases and the drive's rule are spoiled, one
small defect at a time, and their own tests have to turn red. Made by `scripts/mutants.py` from a run on one core,
`docs/engineer/mutants.json` and `mutants.toml`; tests fail where page or run are older than the code, where a survivor is not argued, and where
a few drawn mutants are not killed again.

```sh
.venv/bin/python scripts/mutants.py                  # all; half an hour on one core
.venv/bin/python scripts/mutants.py guard/step.py    # one file anew
```

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
    "arithmetic": "`-` for `+`, `/` for `*`, `|` for `&`, and back",
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
    return "\n".join([*parts, *survivors(files), FOOT]) + "\n"


FOOT = """\
"""


def main(arguments: Sequence[str]) -> None:
    """See the top of this file."""
    if arguments[:1] == ["--list"]:
        for one in mutants_of(arguments[1]):
            print(f"{one.line:4} {one.kind:12} {one.name}")
        return
    if arguments != ["--page"]:
        run(arguments or list(TESTS))
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
