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
            left = Operation(mark, (left, self.expression(level + 1)))
        return left

    def _signed(self) -> Tree:
        if self._here() in ("-", "+"):
            mark = self._next().text
            return Operation(f"{mark}1", (self._signed(),))
        tree = self._single()
        while self._here() == "%":
            self._next()
            tree = Operation("%", (tree,))
        return tree

    def _single(self) -> Tree:
        token = self._next()
        if token.kind is Kind.NUMBER:
            return Constant(_number(token.text.replace(self._decimal, ".")))
        if token.kind is Kind.TEXT:
            return Constant(token.text[1:-1].replace('""', '"'))
        if token.kind is Kind.ERROR:
            return Constant(CellError(token.text))
        if token.kind is Kind.REFERENCE:
            return Area(reference(token.text))
        if token.kind is Kind.NAME:
            return self._named(token.text)
        return self._bracketed(token)

    def _named(self, name: str) -> Tree:
        if self._here() == "(":
            self._next()
            return Call(name.upper(), self._arguments())
        if name.upper() in ("TRUE", "FALSE"):
            return Constant(name.upper() == "TRUE")
        return Name(name)

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
            found.append(Constant(None) if missing else self.expression(0))
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
                return Literal(tuple(rows))

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
