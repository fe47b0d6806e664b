"""What is made of a module: every small change once, in order, told by name, and none of what does not matter."""

from __future__ import annotations

import ast

import pytest

from tests.mutating import mutants, types_of

HEAD = '''
"""A text."""
from typing import NamedTuple
LIMIT = 20.0
"""[N]"""
class Two(NamedTuple):
    """Of a kind."""
    a: float
    b: float
    c: int = 3
'''


def made(text: str) -> list[str]:
    return [one.name for one in mutants(HEAD + text, "text.py", {}) if not one.name.startswith(("LIMIT", "Two"))]


def test_constants_outside_of_functions_are_changed_by_name() -> None:
    names = [one.name for one in mutants(HEAD, "text.py", {})]
    assert names == ["LIMIT: 20.0 -> 22.0", "LIMIT: 20.0 -> 18.0", "Two.c: 3 -> 4", "Two.c: 3 -> 2"]


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("def f(x: float) -> bool:\n  return x < LIMIT", {"x < LIMIT -> x <= LIMIT", "x < LIMIT -> x >= LIMIT"}),
        ("def f(x: float) -> float:\n  return x + LIMIT", {"x + LIMIT -> x - LIMIT"}),
        ("def f(x: float) -> float:\n  return min(x, LIMIT)", {"min(x, LIMIT) -> max(x, LIMIT)"}),
        ("def f(x: bool, y: bool) -> bool:\n  return x and y", {"x and y -> x or y", "x and y -> x", "x and y -> y"}),
        ("def f(x: float) -> float:\n  return -x", {"-x -> x"}),
        ("def f(x: bool) -> int:\n  if x:\n    return x\n  return x", {"if x -> if not x", "if x -> if False"}),
        ("def f(x: float) -> Two:\n  return Two(x, LIMIT)", {"x, LIMIT -> LIMIT, x"}),
        ("def f(x: float) -> int:\n  return HOLD", {"HOLD -> HOLD + 1"}),
        ("def f(x: list) -> list:\n  return [x, LIMIT]", {"LIMIT -> left out"}),
        ("def f(x: float) -> float:\n  x += LIMIT\n  return x", {"x += LIMIT -> pass"}),
    ],
)
def test_what_stands_in_functions_is_changed(text: str, changes: set[str]) -> None:
    found = made(text)
    assert {f"f: {change}" for change in changes} <= set(found)
    assert len(found) == len(set(found))


def test_arguments_of_two_kinds_stay_where_they_are() -> None:
    assert made("def f(x: int) -> Two:\n  return Two(LIMIT, LIMIT, x)") == [
        "f: return Two(LIMIT, LIMIT, x) -> return None"
    ]


def test_what_is_alike_is_numbered() -> None:
    found = made("def f() -> list[int]:\n  return [5, 5]")
    assert [name for name in found if "5 -> 6" in name] == ["f: 5 -> 6", "f: 5 -> 6 #2"]


def test_each_mutant_is_another_program_and_the_text_stays() -> None:
    text = HEAD + "def f(x: float) -> bool:\n  return 0.0 <= x < LIMIT"
    codes = [one.make() for one in mutants(text, "text.py", types_of(ast.parse(text)))]
    tried = []
    for code in codes:
        scope: dict[str, object] = {}
        exec(code, scope)
        tried.append((scope["LIMIT"], [scope["f"](x) for x in (-1.0, 0.0, 20.0, 21.0)]))  # type: ignore[operator]
    assert (20.0, [False, False, False, False]) in tried
    assert (20.0, [False, True, True, False]) in tried
