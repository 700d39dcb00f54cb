"""Formula text to tokens: the first gate, which lets nothing through but arithmetic."""

from __future__ import annotations

import keyword
import re
from enum import Enum
from typing import NamedTuple

from .errors import FormulaError

MAX_LENGTH = 10_000
"""Longest formula accepted, in characters."""

MAX_NUMBER_LENGTH = 400
MAX_NAME_LENGTH = 32


class TokenKind(Enum):
    """What a token is."""

    NUMBER = "number"
    NAME = "name"
    OPERATOR = "operator"
    END = "end"


class Token(NamedTuple):
    """One word of a formula: its kind, its normalised text, and its column (from 1)."""

    kind: TokenKind
    text: str
    column: int


_NUMBER = re.compile(r"(?:[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_SUPERSCRIPT = re.compile("⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_FROM_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_TYPOGRAPHIC = {"·": "*", "×": "*", "⋅": "*", "∙": "*", "−": "-", "–": "-", "‐": "-", "‑": "-", "÷": "/", "^": "**"}
_KEYWORDS = frozenset(keyword.kwlist)
"""Names that can only come from program text; the message says so instead of ``unknown name``."""

_REFUSED: dict[str, str] = {
    "'": "text in quotes is not accepted",
    '"': "text in quotes is not accepted",
    "[": "square brackets are not accepted; group with ( )",
    "]": "square brackets are not accepted; group with ( )",
    "{": "braces are not accepted; group with ( )",
    "}": "braces are not accepted; group with ( )",
    ":": "':' is not accepted",
    "=": "'=' is not accepted; type only what stands right of it",
    "<": "comparisons are not accepted",
    ">": "comparisons are not accepted",
    "!": "'!' is not accepted",
    "|": "'|' is not accepted; write abs(…) for an absolute value",
    "√": "'√' is not accepted; write sqrt(…)",
    "&": "bit operators are not accepted",
    "~": "bit operators are not accepted",
    "%": "'%' is not accepted",
    "@": "'@' is not accepted",
    ";": "';' is not accepted; a formula is one expression",
    "#": "comments are not accepted",
    ".": "attributes ('.') are not accepted",
    "_": "a name starts with a letter",
    "\\": "'\\' is not accepted",
}


def tokenize(text: str) -> list[Token]:
    """Split a formula into tokens, the last of which is an END token.

    ``^`` and the typographic ``· × − ÷ ² π`` are read as ``** * * - / **2 pi``, so that what the
    screen shows can be typed back.

    Raises:
        FormulaError: too long, a control character, or anything that is not arithmetic.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"too long: {len(text):,} characters; at most {MAX_LENGTH:,} are accepted")
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        character = text[at]
        column = at + 1
        if character == " ":
            at += 1
        elif match := _NUMBER.match(text, at):
            _check_length(match.group(), text, column)
            tokens.append(Token(TokenKind.NUMBER, match.group().replace("_", ""), column))
            at = match.end()
        elif match := _NAME.match(text, at):
            tokens.append(_name(match.group(), text, column))
            at = match.end()
        elif match := _SUPERSCRIPT.match(text, at):
            _check_length(match.group(), text, column)
            tokens += _superscript(match.group().translate(_FROM_SUPERSCRIPT), column)
            at = match.end()
        elif character == "π":
            tokens.append(Token(TokenKind.NAME, "pi", column))
            at += 1
        elif text.startswith("**", at):
            tokens.append(Token(TokenKind.OPERATOR, "**", column))
            at += 2
        elif text.startswith("//", at):
            raise FormulaError(f"'//' at column {column} is not accepted; write floor(a/b)", text, column)
        elif character in "+-*/(),":
            tokens.append(Token(TokenKind.OPERATOR, character, column))
            at += 1
        elif character in _TYPOGRAPHIC:
            tokens.append(Token(TokenKind.OPERATOR, _TYPOGRAPHIC[character], column))
            at += 1
        else:
            raise _refusal(character, text, column)
    tokens.append(Token(TokenKind.END, "", len(text.rstrip()) + 1))
    return tokens


def _check_length(number: str, text: str, column: int) -> None:
    if len(number) > MAX_NUMBER_LENGTH:
        raise FormulaError(
            f"the number at column {column} has too many digits; at most {MAX_NUMBER_LENGTH} characters are accepted",
            text,
            column,
        )


def _name(name: str, text: str, column: int) -> Token:
    if name in _KEYWORDS:
        raise FormulaError(
            f"'{name}' at column {column} is not accepted; a formula has numbers, names, + - * / ** "
            "and known functions",
            text,
            column,
        )
    if len(name) > MAX_NAME_LENGTH:
        raise FormulaError(
            f"the name at column {column} is too long; at most {MAX_NAME_LENGTH} characters are accepted",
            text,
            column,
        )
    return Token(TokenKind.NAME, name, column)


def _superscript(digits: str, column: int) -> list[Token]:
    """``x⁻²`` reads as ``x**-2``; every token points at the superscript."""
    tokens = [Token(TokenKind.OPERATOR, "**", column)]
    if digits.startswith("-"):
        tokens.append(Token(TokenKind.OPERATOR, "-", column))
    tokens.append(Token(TokenKind.NUMBER, digits.removeprefix("-"), column))
    return tokens


def _refusal(character: str, text: str, column: int) -> FormulaError:
    if character in _REFUSED:
        reason = _REFUSED[character]
        return FormulaError(f"{reason} (column {column})", text, column)
    code = f"U+{ord(character):04X}"
    if not character.isprintable() or character.isspace():
        return FormulaError(
            f"the invisible or control character {code} at column {column} is not accepted", text, column
        )
    return FormulaError(f"the character {code} at column {column} is not accepted", text, column)
