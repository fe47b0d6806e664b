"""Small changes to a module, one at a time and always in the same order: mutants, which tests have to kill.

What stands in annotations, docstrings, imports, asserts and other texts is left alone.
"""

from __future__ import annotations

import ast
import copy
import functools
from collections.abc import Callable, Iterator
from types import CodeType
from typing import NamedTuple

from opentraction.quantities import vocabulary

Types = dict[str, list[str]]
"""Of each NamedTuple and function the types of what it takes, as written."""


class Change(NamedTuple):
    """One way to spoil a node."""

    kind: str
    old: str
    new: str
    node: ast.AST


class Mutant(NamedTuple):
    """One small change of a module."""

    name: str  # function: old -> new, the second of two alike with #2; does not know its line
    kind: str
    line: int
    make: Callable[[], CodeType]


class Site(NamedTuple):
    """Where a node hangs, what stands around it, and how to put another there."""

    node: ast.expr | ast.stmt
    parent: ast.AST
    field: str
    put: Callable[[ast.AST], None]
    function: str


EDGE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
OTHER: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
LEFT_ALONE = (ast.Import, ast.ImportFrom, ast.Assert, ast.JoinedStr, ast.arg, ast.Global)


def sites(node: ast.AST, function: str = "") -> Iterator[Site]:
    """Every expression and statement that may be changed, from top to bottom."""
    function = _named(node, function)
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list", "bases", "ctx", "targets", "target"}:
            continue
        for child, put in _children(node, field, value):
            if isinstance(child, LEFT_ALONE) or _is_text(child):
                continue
            if isinstance(child, ast.expr | ast.stmt):
                yield Site(child, node, field, put, function)
            yield from sites(child, function)


def _named(node: ast.AST, function: str) -> str:
    """What stands in a mutant's name: the function, or the constant that is given a value outside of one."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]) if not function:
            return name
        case ast.AnnAssign(target=ast.Name(id=name)) if function[0].isupper():
            return f"{function}.{name}"
    return function


def _children(node: ast.AST, field: str, value: object) -> Iterator[tuple[ast.AST, Callable[[ast.AST], None]]]:
    if isinstance(value, list):
        for n, child in enumerate(value):
            if isinstance(child, ast.AST):
                yield child, lambda new, n=n: value.__setitem__(n, new)  # type: ignore[misc]
    elif isinstance(value, ast.AST):
        yield value, lambda new: setattr(node, field, new)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def types_of(tree: ast.AST) -> Types:
    """What each function and NamedTuple of a module takes."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            found[node.name] = [ast.unparse(a.annotation) if a.annotation else "" for a in node.args.args]
        elif isinstance(node, ast.ClassDef):
            found[node.name] = [ast.unparse(one.annotation) for one in node.body if isinstance(one, ast.AnnAssign)]
    return found


def whole_numbers(tree: ast.Module) -> set[str]:
    """Names of constants that are whole numbers: the shared words, and the module's own."""
    own = {
        node.target.id
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Constant)
        and type(node.value.value) is int
    }
    return own | {name for name, value in vars(vocabulary).items() if name.isupper() and type(value) is int}


class Spoiler:
    """All changes of one module."""

    def __init__(self, tree: ast.Module, types: Types) -> None:
        self.types = types
        self.numbers = whole_numbers(tree)

    def changes(self, site: Site) -> Iterator[Change]:
        """Every way to spoil what stands at a site."""
        node = site.node
        if isinstance(node, ast.stmt):
            yield from statement(node, site)
            return
        yield from expression(node)
        if isinstance(node, ast.Name) and node.id in self.numbers:
            yield swap("named number", node, ast.BinOp(node, ast.Add(), ast.Constant(1)))
        if isinstance(node, ast.Call):
            yield from self.swapped(node)
        if isinstance(node, ast.List) or (isinstance(node, ast.Tuple) and listed(node, site)):
            yield from shorter(node)

    def swapped(self, call: ast.Call) -> Iterator[Change]:
        """Two arguments of the same type change places; in a long call only neighbours."""
        kinds = self.types.get(call.func.id, []) if isinstance(call.func, ast.Name) else []
        values = [*call.args, *(word.value for word in call.keywords)]
        for i in range(len(values)):
            for j in range(i + 1, len(values) if len(values) <= 4 else min(i + 2, len(values))):
                same = len(kinds) > j and kinds[i] == kinds[j] and ast.dump(values[i]) != ast.dump(values[j])
                if same and not isinstance(values[i], ast.Starred):
                    new = copy.deepcopy(call)
                    places = [*new.args, *new.keywords]
                    _set(new, places, i, copy.deepcopy(values[j]))
                    _set(new, places, j, copy.deepcopy(values[i]))
                    a, b = ast.unparse(values[i]), ast.unparse(values[j])
                    yield Change("arguments", f"{a}, {b}", f"{b}, {a}", new)


def _set(call: ast.Call, places: list[ast.expr | ast.keyword], n: int, value: ast.expr) -> None:
    place = places[n]
    if isinstance(place, ast.keyword):
        place.value = value
    else:
        call.args[n] = value


def swap(kind: str, old: ast.AST, new: ast.AST) -> Change:
    """A change told by its two texts."""
    return Change(kind, ast.unparse(old), ast.unparse(new), new)


def listed(node: ast.Tuple, site: Site) -> bool:
    """Whether a tuple is a list of things, not of texts, from which one may be missing."""
    texts = any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.elts)
    return not texts and (site.field == "iter" or isinstance(site.parent, ast.AnnAssign))


def shorter(node: ast.Tuple | ast.List) -> Iterator[Change]:
    """One element is left out."""
    for n, one in enumerate(node.elts):
        new = copy.copy(node)
        new.elts = node.elts[:n] + node.elts[n + 1 :]
        yield Change("left out", ast.unparse(one), "", new)


def expression(node: ast.expr) -> Iterator[Change]:
    """Every way to spoil an expression."""
    match node:
        case ast.Compare():
            yield from compared(node)
        case ast.BoolOp():
            yield from joined(node)
        case ast.BinOp(op=op) if type(op) in OTHER:
            yield swap("arithmetic", node, ast.BinOp(node.left, OTHER[type(op)](), node.right))
        case ast.UnaryOp(operand=operand):
            yield swap("sign", node, operand)
        case ast.IfExp(test=test, body=body, orelse=other):
            yield swap("condition", node, ast.IfExp(ast.UnaryOp(ast.Not(), test), body, other))
            yield swap("condition", node, body)
            yield swap("condition", node, other)
        case ast.Constant(value=value):
            yield from (swap("number", node, ast.Constant(one)) for one in others(value))
        case ast.Call(func=ast.Name(id="min" | "max" as name)):
            new = ast.Call(ast.Name("max" if name == "min" else "min", ast.Load()), node.args, node.keywords)
            yield swap("call", node, new)
        case ast.Call(func=ast.Name(id="abs"), args=[inner]):
            yield swap("call", node, inner)


def compared(node: ast.Compare) -> Iterator[Change]:
    """Each comparison at its edge, and turned round."""
    for n, op in enumerate(node.ops):
        for kind, table in (("edge", EDGE), ("comparison", OPPOSITE)):
            if type(op) in table:
                ops = [*node.ops[:n], table[type(op)](), *node.ops[n + 1 :]]
                yield swap(kind, node, ast.Compare(node.left, ops, node.comparators))


def joined(node: ast.BoolOp) -> Iterator[Change]:
    """`and` for `or`, and each part left out."""
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield swap("and, or", node, ast.BoolOp(other, node.values))
    for n in range(len(node.values)):
        rest = node.values[:n] + node.values[n + 1 :]
        yield swap("and, or", node, rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest))


def others(value: object) -> list[object]:
    """A whole number one up or down, any other a tenth."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float):
        return [round(1.1 * value, 9), round(0.9 * value, 9)] if value else [1.0, -1.0]
    return []


def statement(node: ast.stmt, site: Site) -> Iterator[Change]:
    """Every way to spoil a statement."""
    match node:
        case ast.If(test=test):
            for text in (ast.UnaryOp(ast.Not(), test), ast.Constant(True), ast.Constant(False)):
                new = copy.copy(node)
                new.test = text
                yield Change("condition", f"if {ast.unparse(test)}", f"if {ast.unparse(text)}", new)
        case ast.Expr() | ast.AugAssign() | ast.For():
            yield Change("statement", ast.unparse(node).splitlines()[0], "pass", ast.Pass())
        case ast.Assign(targets=[ast.Name(id=name)]) if _again(name, node, site.parent):
            yield Change("statement", ast.unparse(node), "pass", ast.Pass())
        case ast.Return(value=value) if value is not None and isinstance(site.parent, ast.FunctionDef | ast.If):
            yield from returned(node)


def _again(name: str, node: ast.stmt, parent: ast.AST) -> bool:
    """Whether a name is given another value: in a branch, or where it has one."""
    if isinstance(parent, ast.If):
        return True
    body = parent.body if isinstance(parent, ast.FunctionDef) else []
    before = [one for one in body if one.lineno < node.lineno]
    return any(isinstance(t, ast.Name) and t.id == name for b in before if isinstance(b, ast.Assign) for t in b.targets)


def returned(node: ast.Return) -> Iterator[Change]:
    """Nothing, or the opposite, is returned where something was worked out."""
    match node.value:
        case ast.Compare() | ast.BoolOp():
            yield swap("return", node, ast.Return(ast.UnaryOp(ast.Not(), node.value)))
        case ast.BinOp() | ast.Call() | ast.IfExp():
            yield swap("return", node, ast.Return(ast.Constant(None)))


def mutants(text: str, file: str, types: Types) -> Iterator[Mutant]:
    """Every mutant of a module's text, in order."""
    tree = ast.parse(text)
    spoiler, seen = Spoiler(tree, types | types_of(tree)), dict[str, int]()
    for site in list(sites(tree)):
        for change in list(spoiler.changes(site)):
            told = f"{site.function or 'module'}: {change.old} -> {change.new or 'left out'}"
            seen[told] = seen.get(told, 0) + 1
            name = told if seen[told] == 1 else f"{told} #{seen[told]}"
            yield Mutant(name, change.kind, site.node.lineno, functools.partial(spoiled, tree, site, change, file))


def spoiled(tree: ast.Module, site: Site, change: Change, file: str) -> CodeType:
    """The module with one change in it."""
    site.put(ast.copy_location(change.node, site.node))
    try:
        return compile(ast.fix_missing_locations(copy.deepcopy(tree)), file, "exec")
    finally:
        site.put(site.node)
