"""A formula as a tree, and the reading of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from tests.google_service.formulas.references import Reference, reference
from tests.google_service.formulas.tokens import BadFormula, Kind, Token, tokens
from tests.google_service.shapes import CellError, Scalar


@dataclass(frozen=True, slots=True)
class Constant:
    value: Scalar
    #: The kind of the value: TRUE and 1 are not the same constant.
    kind: str


@dataclass(frozen=True, slots=True)
class Area:
    reference: Reference


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    mark: str
    operands: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """An array: `{a, b; c, d}`."""

    rows: tuple[tuple[Tree, ...], ...]


Tree: TypeAlias = "Constant | Area | Name | Call | Operation | Literal"

_KNOWN: dict[Tree, Tree] = {}


def one(tree: Tree) -> Tree:
    """Return the one tree that stands for all that are equal, so that its identity can stand for it."""
    return _KNOWN.setdefault(tree, tree)


def constant(value: Scalar) -> Tree:
    return one(Constant(value, type(value).__name__))


#: From the loosest to the tightest.
_LEVELS = (("=", "<>", "<", "<=", ">", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))


@cache
def read(formula: str, *, decimal: str = ".") -> Tree:
    """Read a formula with its `=`; raise BadFormula where the service would show #ERROR!."""
    reader = _Reader(
        [token for token in tokens(formula, decimal=decimal) if token.kind is not Kind.SPACE], decimal
    )
    reader.expect("=")
    tree = reader.expression(0)
    reader.end()
    return tree


class _Reader:
    def __init__(self, parts: list[Token], decimal: str) -> None:
        self._parts = parts
        self._at = 0
        self._decimal = decimal
        # With a decimal comma the comma separates nothing: ";" stands between arguments, "\" between columns.
        self._columns = "\\" if decimal == "," else ","

    def expression(self, level: int) -> Tree:
        if level == len(_LEVELS):
            return self._signed()
        left = self.expression(level + 1)
        while self._here() in _LEVELS[level]:
            mark = self._next().text
            left = one(Operation(mark, (left, self.expression(level + 1))))
        return left

    def _signed(self) -> Tree:
        if self._here() in ("-", "+"):
            mark = self._next().text
            return one(Operation(f"{mark}1", (self._signed(),)))
        tree = self._single()
        while self._here() == "%":
            self._next()
            tree = one(Operation("%", (tree,)))
        return tree

    def _single(self) -> Tree:
        token = self._next()
        if token.kind is Kind.NUMBER:
            return constant(_number(token.text.replace(self._decimal, ".")))
        if token.kind is Kind.TEXT:
            return constant(token.text[1:-1].replace('""', '"'))
        if token.kind is Kind.ERROR:
            return constant(CellError(token.text))
        if token.kind is Kind.REFERENCE:
            return one(Area(reference(token.text)))
        if token.kind is Kind.NAME:
            return self._named(token.text)
        return self._bracketed(token)

    def _named(self, name: str) -> Tree:
        if self._here() == "(":
            self._next()
            return one(Call(name.upper(), self._arguments()))
        if name.upper() in ("TRUE", "FALSE"):
            return constant(name.upper() == "TRUE")
        return one(Name(name))

    def _bracketed(self, token: Token) -> Tree:
        if token.text == "(":
            tree = self.expression(0)
            self.expect(")")
            return tree
        if token.text == "{":
            return self._literal()
        raise BadFormula(token.text)

    def _arguments(self) -> tuple[Tree, ...]:
        found: list[Tree] = []
        if self._here() == ")":
            self._next()
            return ()
        while True:
            missing = self._here() in (self._separators() | {")"})
            found.append(constant(None) if missing else self.expression(0))
            mark = self._next().text
            if mark == ")":
                return tuple(found)
            if mark not in self._separators():
                raise BadFormula(mark)

    def _separators(self) -> set[str]:
        return {";"} if self._decimal == "," else {",", ";"}

    def _literal(self) -> Tree:
        rows: list[tuple[Tree, ...]] = []
        row: list[Tree] = []
        while True:
            row.append(self.expression(0))
            mark = self._next().text
            if mark in (";", "}"):
                rows.append(tuple(row))
                row = []
            elif mark not in (self._columns, "\\"):
                raise BadFormula(mark)
            if mark == "}":
                return one(Literal(tuple(rows)))

    def _here(self) -> str:
        if self._at >= len(self._parts):
            return ""
        token = self._parts[self._at]
        return token.text if token.kind is Kind.MARK else f" {token.kind}"

    def _next(self) -> Token:
        if self._at >= len(self._parts):
            raise BadFormula("it ends too early")
        self._at += 1
        return self._parts[self._at - 1]

    def expect(self, mark: str) -> None:
        if self._next().text != mark:
            raise BadFormula(f"{mark} is missing")

    def end(self) -> None:
        if self._at != len(self._parts):
            raise BadFormula(self._parts[self._at].text)


def _number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() and "e" not in text.lower() else number
