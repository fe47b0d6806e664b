"""Write docs/engineer/guard.md: what the guard is, counted from its own files."""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
GUARD = ROOT / "src" / "opentraction" / "guard"
MUTANTS = ROOT / "docs" / "engineer" / "mutants.json"
PAGE = ROOT / "docs" / "engineer" / "guard.md"

HEAD = """\
# What the guard is

The guard stands beside control with a load cell of its own and may only reduce, hold or release.
[How it decides](control.md#the-guard-beside-it) says what it does; this page counts what it is, so that whoever has to
trust it, review it or move it to a processor of its own knows how much there is. Made by `scripts/guard_page.py`; a
test fails where it is old.

## Size and imports

"""
OUTSIDE = """\
From outside it takes {names} and nothing else; the vocabulary gives
{words} whole numbers, the codes of phases, causes and switches. It keeps no list and no text, writes no file, asks no
clock and starts no thread: one look is a function of the time, the settings, what it senses, what it heard and what it
remembers, each a tuple of numbers. `opentraction.quantities` loads NumPy beside the vocabulary; the guard does not use
it."""
TESTED = """\
`tests/safety/test_guard_coverage.py` fails where the guard's own tests leave one line of these files unrun, or one way
out of a line untaken. A condition inside a line is not counted so."""
KILLED = """ Therefore
the guard is also spoiled on purpose: of {made:,} small defects they see {seen:,}, and each of the others is argued:
[Mutants](mutants.md)."""
SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


class Counted(NamedTuple):
    """What one file is."""

    name: str
    lines: int
    code: int  # without comments, docstrings and empty lines
    functions: int
    longest: int  # lines of the longest function
    decisions: int  # places where it goes one way or another
    imports: tuple[str, ...]
    words: frozenset[str]  # constants taken from the shared vocabulary


def counted(file: Path) -> Counted:
    """Count one file."""
    text = file.read_text("utf-8")
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return Counted(
        file.name,
        len(text.splitlines()),
        len(code_lines(text, tree)),
        len(functions),
        max((node.end_lineno or 0) - node.lineno + 1 for node in functions) if functions else 0,
        sum(decisions(node) for node in ast.walk(tree)),
        tuple(sorted({name for name, _ in imports(tree)})),
        frozenset(word for name, word in imports(tree) if name.startswith("opentraction.quantities")),
    )


def code_lines(text: str, tree: ast.Module) -> set[int]:
    """Numbers of the lines that say something to the machine."""
    written = {
        n
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in SILENT
        for n in range(token.start[0], token.end[0] + 1)
    }
    texts = [n for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)]
    return written - {n for one in texts for n in range(one.lineno, (one.end_lineno or 0) + 1)}


def decisions(node: ast.AST) -> int:
    """How many ways beside the straight one begin here."""
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    return int(isinstance(node, ast.If | ast.IfExp | ast.For | ast.While))


def imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(module, name) of all that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((one.name, one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
            yield from ((str(node.module), one.name) for one in node.names)


def files() -> list[Counted]:
    """Every file of the guard that holds code."""
    return [one for one in map(counted, sorted(GUARD.glob("*.py"))) if one.code]


def size() -> Iterator[str]:
    """The table of files."""
    found = files()
    yield "| file | lines | of code | functions | longest [lines] | decisions | imports |"
    yield "|---|---|---|---|---|---|---|"
    for one in found:
        names = ", ".join(f"`{name}`" for name in one.imports)
        yield (
            f"| `{one.name}` | {one.lines} | {one.code} | {one.functions} | {one.longest} | {one.decisions} | {names} |"
        )
    total = [sum(getattr(one, key) for one in found) for key in ("lines", "code", "functions", "decisions")]
    yield f"| **all** | {total[0]} | {total[1]} | {total[2]} | | {total[3]} | |"


def outside() -> str:
    """What it needs that is not its own."""
    names = sorted({name for one in files() for name in one.imports if not name.startswith("opentraction.guard")})
    words = len(frozenset[str]().union(*(one.words for one in files())))
    return OUTSIDE.format(names=", ".join(f"`{name}`" for name in names), words=words)


def tested() -> str:
    """What its tests are worth."""
    if not MUTANTS.is_file():
        return TESTED
    told: dict[str, Any] = json.loads(MUTANTS.read_text("utf-8"))["files"]
    guard = [one for name, one in told.items() if name.startswith("guard/")]
    made, alive = sum(one["mutants"] for one in guard), sum(len(one["survived"]) for one in guard)
    return TESTED + KILLED.format(made=made, seen=made - alive)


def page() -> str:
    """The whole page."""
    return HEAD + "\n".join(size()) + f"\n\n{outside()}\n\n## Tests of its own\n\n{tested()}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
