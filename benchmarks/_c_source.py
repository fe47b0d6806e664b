"""The session's kernels written out as C, from the same Python text that runs on the table.

The kernels use a small part of Python: scalars, NamedTuples, `if`, `for`, `while`, `math`. Each construct has one
obvious meaning in C, so the translation is mechanical, and what is compared with C is the same equations in the same
order.
"""

from __future__ import annotations

import ast
import inspect
import math
import textwrap
import typing
from collections.abc import Sequence
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

SCALARS = {float: "double", int: "int64_t", bool: "bool"}
OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.And: "&&",
    ast.Or: "||",
    ast.Not: "!",
    ast.USub: "-",
    ast.Invert: "~",
}
ROWS = {"row", "hand"}
"""What a parameter is called that is one row of a table."""
HEAD = """#include <alloca.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
typedef struct { double *p; int64_t rows, columns; } matrix;
static inline double fmin_py(double a, double b) { return b < a ? b : a; }
static inline double fmax_py(double a, double b) { return b > a ? b : a; }
static inline int64_t imin_py(int64_t a, int64_t b) { return b < a ? b : a; }
static inline int64_t imax_py(int64_t a, int64_t b) { return b > a ? b : a; }
"""


class Untranslatable(Exception):
    """A kernel uses Python that this translation does not know."""


class Program:
    """Collects structs, constants and functions until nothing is missing."""

    def __init__(self) -> None:
        self.structs: dict[str, str] = {}
        self.constants: dict[str, str] = {}
        self.functions: dict[str, str] = {}
        self.prototypes: list[str] = []

    def type_of(self, hint: Any, name: str = "") -> str:
        """C type of an annotation; emits structs on the way."""
        if hint in SCALARS:
            return SCALARS[hint]
        if typing.get_origin(hint) is tuple:
            return self.pair(tuple(self.type_of(h) for h in typing.get_args(hint)))
        if hasattr(hint, "_fields"):
            hints = typing.get_type_hints(hint)
            return self._struct(hint.__name__, [hints[f] for f in hint._fields], hint._fields)
        return "line" if name in ROWS else "matrix"

    def _struct(self, name: str, hints: list[Any], fields: tuple[str, ...]) -> str:
        if name not in self.structs:
            body = " ".join(f"{self.type_of(h)} {f};" for h, f in zip(hints, fields, strict=True))
            self.structs[name] = f"typedef struct {{ {body} }} {name};"
        return name

    def pair(self, kinds: tuple[str, ...]) -> str:
        """The struct of a plain tuple of these C types."""
        name = "T_" + "_".join(kinds)
        body = " ".join(f"{kind} f{n};" for n, kind in enumerate(kinds))
        self.structs.setdefault(name, f"typedef struct {{ {body} }} {name};")
        return name

    def function(self, function: FunctionType) -> str:
        """C name of a function; translates it once."""
        name = f"{function.__module__.split('.')[-1]}_{function.__name__.lstrip('_')}"
        if name not in self.functions:
            self.functions[name] = ""
            self.functions[name] = _Function(self, function, name).text()
        return name

    def table(self, name: str, values: np.ndarray[Any, Any]) -> str:
        """A constant table of integers."""
        numbers = ", ".join(str(int(value)) for value in values.ravel())
        self.constants[name] = f"static const int64_t {name}[] = {{ {numbers} }};"
        return name

    def text(self) -> str:
        """The whole file."""
        parts = [HEAD, "typedef double *line;", *self.structs.values(), *self.constants.values(), *self.prototypes]
        return "\n".join([*parts, *self.functions.values()]) + "\n"


class _Function:
    """One function: expressions come back as (C text, C type)."""

    def __init__(self, program: Program, function: FunctionType, name: str) -> None:
        self.program = program
        self.scope = function.__globals__
        self.name = name
        self.tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        hints = typing.get_type_hints(function)
        self.returns = program.type_of(hints["return"]) if hints["return"] is not type(None) else "void"
        names = list(inspect.signature(function).parameters)
        self.parameters = {n: program.type_of(hints[n], n) for n in names}
        self.locals: dict[str, str] = {}
        self.temporaries = 0

    def text(self) -> str:
        assert isinstance(self.tree, ast.FunctionDef)
        body = self.block(self.tree.body)
        arguments = ", ".join(f"{t} {n}" for n, t in self.parameters.items())
        head = f"static inline __attribute__((always_inline)) {self.returns} {self.name}({arguments})"
        self.program.prototypes.append(head + ";")
        declared = "".join(f"  {t} {n};\n" for n, t in self.locals.items())
        return f"{head} {{\n{declared}{body}}}\n"

    # --- statements ---

    def block(self, body: list[ast.stmt]) -> str:
        return "".join(self.statement(one) for one in body)

    def statement(self, s: ast.stmt) -> str:  # noqa: PLR0911 - one case a construct
        match s:
            case ast.Expr(value=ast.Constant()) | ast.Assert() | ast.Pass():
                return ""
            case ast.Expr(value=value):
                return f"  {self.expression(value)[0]};\n"
            case ast.Return(value=ast.Tuple(elts=parts)):
                values = ", ".join(self.expression(p)[0] for p in parts)
                return f"  return ({self.returns}){{ {values} }};\n"
            case ast.Return(value=value) if value is not None:
                return f"  return {self.expression(value)[0]};\n"
            case ast.If(test=test, body=body, orelse=other):
                rest = f" else {{\n{self.block(other)}  }}" if other else ""
                return f"  if ({self.truth(test)}) {{\n{self.block(body)}  }}{rest}\n"
            case ast.While(test=test, body=body):
                return f"  while ({self.truth(test)}) {{\n{self.block(body)}  }}\n"
            case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=[upto]), body=body):
                self.declare(name, "int64_t")
                end = self.expression(upto)[0]
                return f"  for ({name} = 0; {name} < {end}; {name}++) {{\n{self.block(body)}  }}\n"
            case ast.AugAssign(target=target, op=op, value=value):
                return f"  {self.target(target)} {OPERATORS[type(op)]}= {self.expression(value)[0]};\n"
            case ast.Assign(targets=[target], value=value):
                return self.assign(target, value)
        raise Untranslatable(ast.unparse(s))

    def assign(self, target: ast.expr, value: ast.expr) -> str:
        if isinstance(target, ast.Tuple) and not all(isinstance(one, ast.Name) for one in target.elts):
            return self.each(target, value)
        if not isinstance(target, ast.Tuple):
            text, kind = self.expression(value)
            if isinstance(target, ast.Name):
                self.declare(target.id, kind)
            return f"  {self.target(target)} = {text};\n"
        names = [one.id for one in target.elts if isinstance(one, ast.Name)]
        if isinstance(value, ast.Tuple):
            parts = [self.expression(one) for one in value.elts]
        else:
            text, kind = self.expression(value)
            whole = self.temporary(kind)
            fields = self.field_types(kind)
            before = f"  {whole} = {text};\n"
            for (field, field_kind), name in zip(fields, names, strict=True):
                self.declare(name, field_kind)
                before += f"  {name} = {whole}.{field};\n"
            return before
        first = second = ""
        for (text, kind), name in zip(parts, names, strict=True):
            self.declare(name, kind)
            held = self.temporary(kind)
            first += f"  {held} = {text};\n"
            second += f"  {name} = {held};\n"
        return first + second

    def each(self, target: ast.Tuple, value: ast.expr) -> str:
        """Several cells of a table: none of them stands on the right, so one after the other is at once."""
        if not isinstance(value, ast.Tuple) or not all(isinstance(one, ast.Subscript) for one in target.elts):
            raise Untranslatable(ast.unparse(target))
        return "".join(self.assign(a, b) for a, b in zip(target.elts, value.elts, strict=True))

    def zeros(self, shape: ast.expr) -> tuple[str, str]:
        """An array of nothing, gone when the function returns."""
        sizes = shape.elts if isinstance(shape, ast.Tuple) else [shape]
        counts = [self.expression(one)[0] for one in sizes]
        size = " * ".join([*counts, "sizeof(double)"])
        room = f"(double *)memset(alloca({size}), 0, {size})"
        return (room, "line") if len(counts) == 1 else (f"((matrix){{ {room}, {', '.join(counts)} }})", "matrix")

    def declare(self, name: str, kind: str) -> None:
        known = self.parameters.get(name) or self.locals.get(name)
        if known is None:
            self.locals[name] = kind
        elif known != kind and kind == "double" and name in self.locals:
            self.locals[name] = "double"

    def temporary(self, kind: str) -> str:
        self.temporaries += 1
        name = f"t{self.temporaries}_"
        self.locals[name] = kind
        return name

    def field_types(self, struct: str) -> list[tuple[str, str]]:
        """Fields and C types of a struct, read back from its declaration."""
        inside = self.program.structs[struct].split("{")[1].split("}")[0]
        return [(f, k) for k, f in (part.split() for part in inside.split(";") if part.strip())]

    def target(self, t: ast.expr) -> str:
        return t.id if isinstance(t, ast.Name) else self.expression(t)[0]

    # --- expressions ---

    def truth(self, e: ast.expr) -> str:
        return self.expression(e)[0]

    def expression(self, e: ast.expr) -> tuple[str, str]:  # noqa: C901, PLR0911, PLR0912 - one case a construct
        match e:
            case ast.Constant(value=value):
                return literal(value)
            case ast.Name(id=name):
                return self.name_of(name)
            case ast.Attribute(value=ast.Name(id="math"), attr=attr):
                return literal(getattr(math, attr))
            case ast.Attribute(value=value, attr=attr):
                inner, kind = self.expression(value)
                return f"{inner}.{attr}", dict(self.field_types(kind))[attr]
            case ast.BinOp(left=left, op=op, right=right):
                (a, ta), (b, tb) = self.expression(left), self.expression(right)
                if isinstance(op, ast.Div):
                    return f"((double){a} / (double){b})", "double"
                return f"({a} {OPERATORS[type(op)]} {b})", "double" if "double" in {ta, tb} else "int64_t"
            case ast.UnaryOp(op=op, operand=operand):
                text, kind = self.expression(operand)
                return f"({OPERATORS[type(op)]}{text})", "bool" if isinstance(op, ast.Not) else kind
            case ast.BoolOp(op=op, values=values):
                return "(" + f" {OPERATORS[type(op)]} ".join(self.truth(v) for v in values) + ")", "bool"
            case ast.Compare(left=left, ops=ops, comparators=others):
                terms = [self.expression(one)[0] for one in (left, *others)]
                pairs = zip(terms, ops, terms[1:], strict=False)
                return "(" + " && ".join(f"({a} {OPERATORS[type(o)]} {b})" for a, o, b in pairs) + ")", "bool"
            case ast.IfExp(test=test, body=body, orelse=other):
                (a, ta), (b, tb) = self.expression(body), self.expression(other)
                return f"({self.truth(test)} ? {a} : {b})", "double" if "double" in {ta, tb} else ta
            case ast.Tuple(elts=parts):
                texts, kinds = zip(*(self.expression(one) for one in parts), strict=True)
                kind = self.program.pair(kinds)
                return f"(({kind}){{ {', '.join(texts)} }})", kind
            case ast.Subscript():
                return self.subscript(e)
            case ast.Call():
                return self.call(e)
        raise Untranslatable(ast.unparse(e))

    def name_of(self, name: str) -> tuple[str, str]:
        known = self.parameters.get(name) or self.locals.get(name)
        if known is not None:
            return name, known
        value = self.scope[name]
        if isinstance(value, np.ndarray):
            return self.program.table(name, value), f"table{value.shape[-1]}"
        return self.constant(value)

    def constant(self, value: Any) -> tuple[str, str]:
        if not hasattr(value, "_fields"):
            return literal(value)
        kind = self.program.type_of(type(value))
        return f"(({kind}){{ {', '.join(self.constant(v)[0] for v in value)} }})", kind

    def subscript(self, e: ast.Subscript) -> tuple[str, str]:
        if isinstance(e.value, ast.Attribute) and e.value.attr == "shape":
            columns = isinstance(e.slice, ast.Constant) and e.slice.value == 1
            return f"{self.expression(e.value.value)[0]}.{'columns' if columns else 'rows'}", "int64_t"
        base, kind = self.expression(e.value)
        if isinstance(e.slice, ast.Tuple):
            i, j = (self.expression(one)[0] for one in e.slice.elts)
            if kind == "matrix":
                return f"{base}.p[{i} * {base}.columns + {j}]", "double"
            return f"{base}[{i} * {kind.removeprefix('table')} + {j}]", "int64_t"
        index = self.expression(e.slice)[0]
        if kind == "matrix":
            return f"({base}.p + {index} * {base}.columns)", "line"
        return f"{base}[{index}]", "double" if kind == "line" else "int64_t"

    def by_name(self, e: ast.Call) -> tuple[str, str]:
        """A tuple made in the order of its fields, the later ones named, as a C initialiser with every member named."""
        target = self.scope.get(e.func.id) if isinstance(e.func, ast.Name) else None
        fields = getattr(target, "_fields", ())
        if fields[len(e.args) :] != tuple(word.arg for word in e.keywords):
            raise Untranslatable(ast.unparse(e))
        kind = self.program.type_of(target)
        values = [*e.args, *(word.value for word in e.keywords)]
        members = [f".{field} = {self.expression(one)[0]}" for field, one in zip(fields, values, strict=True)]
        return f"(({kind}){{ {', '.join(members)} }})", kind

    def call(self, e: ast.Call) -> tuple[str, str]:
        if e.keywords:
            return self.by_name(e)
        if isinstance(e.func, ast.Attribute) and e.func.attr == "zeros":
            return self.zeros(e.args[0])
        parts = [self.expression(one) for one in e.args]
        texts = [text for text, _ in parts]
        if isinstance(e.func, ast.Attribute):
            kind = "bool" if e.func.attr == "isfinite" else "double"
            return f"{e.func.attr}({', '.join(texts)})", kind
        assert isinstance(e.func, ast.Name)
        name = e.func.id
        if name in {"min", "max"}:
            kind = "double" if any(k == "double" for _, k in parts) else "int64_t"
            return least(f"{'f' if kind == 'double' else 'i'}{name}_py", texts), kind
        if name == "abs":
            return f"fabs({texts[0]})", "double"
        if name in {"int", "float"}:
            kind = "int64_t" if name == "int" else "double"
            return f"(({kind}){texts[0]})", kind
        target = self.scope[name]
        if hasattr(target, "_fields"):
            kind = self.program.type_of(target)
            return f"(({kind}){{ {', '.join(texts)} }})", kind
        if not isinstance(target, FunctionType):
            raise Untranslatable(ast.unparse(e))
        callee = self.program.function(target)
        hint = typing.get_type_hints(target)["return"]
        return f"{callee}({', '.join(texts)})", "void" if hint is type(None) else self.program.type_of(hint)


def least(function: str, texts: Sequence[str]) -> str:
    """`min` or `max` of two or more, from left to right."""
    first, *rest = texts
    for one in rest:
        first = f"{function}({first}, {one})"
    return first


def literal(value: Any) -> tuple[str, str]:
    """A Python number as C."""
    if isinstance(value, bool):
        return ("true" if value else "false"), "bool"
    if isinstance(value, int):
        return str(value), "int64_t"
    if isinstance(value, float):
        return ("NAN" if math.isnan(value) else repr(value)), "double"
    raise Untranslatable(repr(value))


def session_source(lockstep: ModuleType) -> str:
    """C text of `lockstep.run_ticks` and all it calls, with one door for ctypes."""
    program = Program()
    name = program.function(lockstep.run_ticks)
    return program.text() + DOOR.format(run=name)


def faulted_source(loop: ModuleType) -> str:
    """C text of the campaign's `loop.run_faulted` and all it calls."""
    program = Program()
    name = program.function(loop.run_faulted)
    return program.text() + FAULTED.format(run=name)


DOOR = """
void session(int64_t first, double *world, int64_t ticks, int64_t columns, double *segments, int64_t n_segments,
             int64_t segment_columns, TickSettings *settings, PlantParameters *parameters, TickState *state,
             Plant *plant, double *rows, int64_t row_columns, int64_t steps) {{
  T_TickState_Plant after = {run}(first, (matrix){{ world, ticks, columns }},
    (matrix){{ segments, n_segments, segment_columns }}, *settings, *parameters, *state, *plant,
    (matrix){{ rows, ticks, row_columns }}, steps);
  *state = after.f0;
  *plant = after.f1;
}}
"""

FAULTED = """
void faulted(double *world, int64_t ticks, int64_t columns, double *hands, int64_t n_hands, int64_t hand_columns,
             Onset *begins, Script *script, double *segments, int64_t n_segments, int64_t segment_columns,
             TickSettings *settings, PlantParameters *parameters, Machine *machine, double *rows, int64_t n_rows,
             int64_t row_columns, double *told, int64_t n_told, int64_t told_columns, int64_t steps, Played *out) {{
  *out = {run}((matrix){{ world, ticks, columns }}, (matrix){{ hands, n_hands, hand_columns }}, *begins, *script,
    (matrix){{ segments, n_segments, segment_columns }}, *settings, *parameters, *machine,
    (matrix){{ rows, n_rows, row_columns }}, (matrix){{ told, n_told, told_columns }}, steps);
}}
"""
