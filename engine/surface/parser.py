"""Tokens to a validated syntax tree, by precedence climbing.

Why not ``ast.parse``: there ``^`` binds looser than ``+``, deep nesting can exhaust the C stack, and a
message can't say ``2x needs a '*'``. This grammar has no construct to refuse: what it can't express
never comes into being.

    sum     = product (("+" | "-") product)*
    product = sign (("*" | "/") sign)*
    sign    = ("+" | "-")* power
    power   = atom ["**" sign]
    atom    = NUMBER | NAME | NAME "(" sum ("," sum)* ")" | "(" sum ")"
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .errors import FormulaError
from .functions import ALIASES, CONSTANTS, FUNCTIONS, MANY, closest
from .syntax import Call, Chain, Constant, Name, Negation, Node, Number, Power
from .tokens import Token, TokenKind, tokenize

MAX_DEPTH = 40
"""Deepest nesting of brackets, calls and stacked powers.

Whoever walks the tree calls itself up to 14 times a level; 40 levels leave nearly half of Python's 1,000
calls to the callers, deep inside an event loop or a test runner.
"""


def parse(text: str) -> Node:
    """Return the syntax tree of a formula.

    Raises:
        FormulaError: with the column, and a hint where there is one.
    """
    if not text.strip(" "):
        raise FormulaError("the formula is empty; try x**2 + y**2")
    parser = _Parser(text, tokenize(text))
    tree = parser.sum(0)
    parser.finish()
    return tree


class _Parser:
    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.at = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def fail(self, message: str, column: int) -> FormulaError:
        return FormulaError(message, self.text, column)

    def sees(self, *operators: str) -> bool:
        return self.token.kind is TokenKind.OPERATOR and self.token.text in operators

    def take(self) -> Token:
        token = self.token
        self.at += 1
        return token

    def finish(self) -> None:
        """Explain what stands where the formula should have ended."""
        token = self.token
        if token.kind is TokenKind.END:
            return
        if self.sees(")"):
            raise self.fail(f"')' at column {token.column} closes nothing", token.column)
        if self.sees(","):
            raise self.fail(f"',' at column {token.column} is outside a function's brackets", token.column)
        raise self.missing_operator()

    def missing_operator(self) -> FormulaError:
        before, token = self.tokens[self.at - 1], self.token
        left, right = before.text, token.text
        if token.kind is TokenKind.NUMBER or (before.kind is TokenKind.NAME and token.kind is TokenKind.NAME):
            joined = f"{left} {right}"
        else:
            joined = f"{left}{right}"
        if before.column + len(left) != token.column:
            joined = f"{left} {right}"
        return self.fail(f"{joined} needs a '*' at column {token.column}", token.column)

    def deeper(self, depth: int, column: int) -> int:
        if depth >= MAX_DEPTH:
            raise self.fail(f"nested too deeply at column {column}; at most {MAX_DEPTH} levels are accepted", column)
        return depth + 1

    def sum(self, depth: int) -> Node:
        return self.chain(self.product, ("+", "-"), depth)

    def product(self, depth: int) -> Node:
        return self.chain(self.sign, ("*", "/"), depth)

    def chain(self, part: Callable[[int], Node], operators: tuple[str, str], depth: int) -> Node:
        column = self.token.column
        first = part(depth)
        rest: list[tuple[str, Node]] = []
        while self.sees(*operators):
            operator = self.take().text
            rest.append((operator, part(depth)))
        return Chain(first, tuple(rest), column) if rest else first

    def sign(self, depth: int) -> Node:
        column = self.token.column
        negative = False
        while self.sees("+", "-"):
            negative ^= self.take().text == "-"
        operand = self.power(depth)
        return Negation(operand, column) if negative else operand

    def power(self, depth: int) -> Node:
        column = self.token.column
        base = self.atom(depth)
        if not self.sees("**"):
            return base
        operator = self.take()
        return Power(base, self.sign(self.deeper(depth, operator.column)), column)

    def atom(self, depth: int) -> Node:
        token = self.token
        if token.kind is TokenKind.NUMBER:
            self.take()
            return self.number(token)
        if token.kind is TokenKind.NAME:
            self.take()
            return self.call(token, depth) if self.sees("(") else self.name(token)
        if self.sees("("):
            self.take()
            inner = self.sum(self.deeper(depth, token.column))
            self.close(token)
            return inner
        raise self.no_operand(token)

    def no_operand(self, token: Token) -> FormulaError:
        if token.kind is TokenKind.END:
            return self.fail(
                f"the formula ends at column {token.column} where a number, a name or '(' should follow",
                token.column,
            )
        return self.fail(
            f"'{token.text}' at column {token.column} stands where a number, a name or '(' should",
            token.column,
        )

    def number(self, token: Token) -> Number:
        # The exponent is looked at before Fraction would raise ten to it.
        mantissa, _, exponent = token.text.lower().partition("e")
        nonzero = mantissa.strip("0.") != ""
        size = float(token.text)
        if size == float("inf"):
            raise self.fail(f"a constant is not finite: the number at column {token.column}", token.column)
        if nonzero and (size == 0.0 or len(exponent) > 5):
            raise self.fail(f"the number at column {token.column} is too close to zero", token.column)
        return Number(Fraction(token.text) if nonzero else Fraction(0), token.text, token.column)

    def name(self, token: Token) -> Node:
        name = token.text
        if name in CONSTANTS:
            return Constant(name, token.column)
        if name in FUNCTIONS or name in ALIASES:
            raise self.fail(
                f"the function '{name}' at column {token.column} needs its argument in brackets: {name}(x)",
                token.column,
            )
        return Name(name, token.column)

    def call(self, name: Token, depth: int) -> Node:
        spec = FUNCTIONS.get(ALIASES.get(name.text, name.text))
        bracket = self.take()
        if spec is None:
            raise self.unknown_function(name, bracket)
        arguments: list[Node] = []
        inside = self.deeper(depth, bracket.column)
        if not self.sees(")"):
            arguments.append(self.sum(inside))
            while self.sees(","):
                self.take()
                arguments.append(self.sum(inside))
        self.close(bracket)
        if not spec.least <= len(arguments) <= spec.most:
            takes = f"{spec.least} argument{'s' * (spec.least > 1)}"
            if spec.most != spec.least:
                takes = f"{spec.least} to {MANY} arguments"
            raise self.fail(
                f"{name.text} at column {name.column} takes {takes}; {len(arguments)} "
                f"{'was' if len(arguments) == 1 else 'were'} given",
                name.column,
            )
        return Call(spec.name, tuple(arguments), name.column)

    def unknown_function(self, name: Token, bracket: Token) -> FormulaError:
        if name.text in CONSTANTS or len(name.text) == 1:
            return self.fail(f"{name.text}( needs a '*' at column {bracket.column}", bracket.column)
        guess = closest(name.text, [*FUNCTIONS, *ALIASES])
        hint = f"; did you mean '{guess}'?" if guess else f"; known functions: {' '.join(FUNCTIONS)}"
        return self.fail(f"unknown name '{name.text}' at column {name.column}{hint}", name.column)

    def close(self, bracket: Token) -> None:
        if self.sees(")"):
            self.take()
        elif self.token.kind is TokenKind.END:
            raise self.fail(f"the '(' at column {bracket.column} is never closed", bracket.column)
        elif self.sees(","):
            raise self.fail(f"',' at column {self.token.column} is outside a function's brackets", self.token.column)
        else:
            raise self.missing_operator()
