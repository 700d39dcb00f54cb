"""The command line's grammar, in argparse, with what argparse can't do put right beforehand.

Formulas and numbers may start with a minus (``-x**2``, ``--box -1e-3 1e-3``), which argparse takes for
options; and every mistake gets one sentence, not a usage dump.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from typing import Never

COMMANDS = ("analyze", "run", "list")
KINDS = ("surfaces", "optimizers", "schedules", "themes")

_COUNTED = {"--box": 4, "--start": 2}
"""Options that take numbers, and how many at most."""


class UsageError(Exception):
    """What was asked can't be understood; the message is one sentence for standard error."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are exceptions."""

    def error(self, message: str) -> Never:
        """Raise :class:`UsageError` instead of printing the usage and leaving."""
        raise UsageError(message)


def parse_arguments(words: Sequence[str]) -> argparse.Namespace:
    """Return what the command line asks for; ``command`` is '' for the explorer.

    Raises:
        UsageError: an option or a value that can't be understood.
        SystemExit: after ``--help`` or ``--version`` has been answered.
    """
    command = words[0] if words and words[0] in COMMANDS else ""
    parser = {"": _explorer, "analyze": _analyze, "run": _run, "list": _list}[command]()
    rest = list(words[1:] if command else words)
    arguments = parser.parse_args(_prepared(rest, parser))
    arguments.command = command
    for name in ("surface", "output"):
        value = getattr(arguments, name, None)
        if isinstance(value, str) and value.startswith(" -"):
            setattr(arguments, name, value[1:])
    _refuse_repetition(arguments)
    return arguments


def _refuse_repetition(arguments: argparse.Namespace) -> None:
    """Of two values for one name the last would win, silently."""
    for option in ("param", "set"):
        names = [name for name, _ in getattr(arguments, option, [])]
        for name in names:
            if names.count(name) > 1:
                raise UsageError(f"--{option} gives '{name[:40]}' more than one value")
        if option == "set" and "lr" in names and arguments.lr is not None:
            raise UsageError("--lr and --set both give the learning rate")


def _prepared(words: list[str], parser: argparse.ArgumentParser) -> list[str]:
    """Join the numbers of ``--box`` and ``--start``, and shield what only looks like an option."""
    options = set(parser._option_string_actions)
    result: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            result += ["--", *words[at:]]
            break
        if word in _COUNTED and word in options:
            numbers: list[str] = []
            while at < len(words) and len(numbers) < _COUNTED[word] and _is_number(words[at]):
                numbers.append(words[at])
                at += 1
            given = f"; '{words[at]}' was given" if at < len(words) and not numbers else ""
            if not numbers:
                raise UsageError(f"{word} takes numbers{given}")
            if at < len(words) and _is_number(words[at]):
                raise UsageError(f"{word} takes at most {_COUNTED[word]} numbers")
            result.append(f"{word}={' '.join(numbers)}")
        elif word.startswith("-") and word.partition("=")[0] not in options and not _is_long_option(word):
            result.append(" " + word)
        elif _is_long_option(word) and word.partition("=")[0] not in options:
            raise UsageError(_unknown_option(word.partition("=")[0], options))
        else:
            result.append(word)
    return result


def _is_long_option(word: str) -> bool:
    return word.startswith("--") and word[2:3].isalpha() and not any(c in word.partition("=")[0] for c in "+*/(^")


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _unknown_option(word: str, options: set[str]) -> str:
    import difflib

    close = difflib.get_close_matches(word, options, n=1)
    return f"unknown option {word[:40]}" + (f"; did you mean {close[0]}?" if close else "; see curvtui --help")


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a number is needed; '{text.strip()[:40]}' was given") from None
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"a finite number is needed; '{text.strip()[:40]}' was given")
    return value


def _numbers(text: str) -> list[float]:
    return [_number(word) for word in text.split()]


def _seconds(text: str) -> float:
    value = _number(text)
    if value <= 0.0:
        raise argparse.ArgumentTypeError(f"a number of seconds above 0 is needed; '{text.strip()[:40]}' was given")
    return value


def _whole(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a whole number is needed; '{text.strip()[:40]}' was given") from None
    if not 0 <= value <= 100_000_000:
        raise argparse.ArgumentTypeError(f"a number from 0 to 100,000,000 is needed; {value} was given")
    return value


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise argparse.ArgumentTypeError(f"NAME=VALUE is needed; '{text.strip()[:40]}' was given")
    return name.strip(), value.strip()


def _parameter(text: str) -> tuple[str, float]:
    name, value = _pair(text)
    return name, _number(value)


def _new(prog: str, description: str, epilog: str = "") -> Parser:
    return Parser(
        prog=prog,
        description=description,
        epilog=epilog,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _surface_options(parser: Parser, required: bool) -> None:
    parser.add_argument(
        "surface",
        metavar="SURFACE",
        nargs=None if required else "?",
        help="a preset's name (curvtui list surfaces) or a formula in x, or in x and y",
    )
    parser.add_argument("--box", type=_numbers, metavar="X0 X1 [Y0 Y1]", help="the part of the plane to look at")
    parser.add_argument(
        "--param",
        type=_parameter,
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a parameter's value",
    )


def _descent_options(parser: Parser, usual_rate: str) -> None:
    parser.add_argument("--start", type=_numbers, metavar="X [Y]", help="where the run starts")
    parser.add_argument("--optimizer", metavar="NAME", help="curvtui list optimizers names them; default gd")
    parser.add_argument("--lr", metavar="NUMBER", type=_number, help=f"the learning rate; default {usual_rate}")
    parser.add_argument(
        "--set",
        type=_pair,
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="another hyperparameter; weight_decay works with every optimizer",
    )
    parser.add_argument("--schedule", metavar="NAME[:key=value,…]", help="a schedule of the learning rate")
    parser.add_argument("--noise", type=_number, metavar="SIGMA", help="Gaussian noise added to every gradient")
    parser.add_argument("--clip", type=_number, metavar="NORM", help="clip every gradient to this norm")
    parser.add_argument(
        "--clip-value", type=_number, metavar="SIZE", help="cut every entry of a gradient to this size, before --clip"
    )
    parser.add_argument("--seed", type=_whole, metavar="N", help="the seed of all randomness; default 0")


def _explorer() -> Parser:
    parser = _new(
        "curvtui",
        "Explore a loss surface in the terminal, and step an optimizer on it.",
        "commands:\n"
        "  curvtui analyze SURFACE …  all critical points in a box, proved, without a screen\n"
        "  curvtui run SURFACE …      an optimizer run, without a screen\n"
        "  curvtui list KIND          surfaces, optimizers, schedules or themes\n\n"
        "examples:\n"
        "  curvtui                    the running example\n"
        "  curvtui rosenbrock --optimizer adam --lr 0.05\n"
        "  curvtui analyze six_hump_camel --json\n"
        "  curvtui '(1-x)**2 + a*(y-x**2)**2' --param a=10 --box -2 2 -1 3",
    )
    _surface_options(parser, required=False)
    _descent_options(parser, "one that suits the surface and the start")
    parser.add_argument("--theme", metavar="NAME", help="curvtui list themes names them")
    parser.add_argument("--color", choices=("auto", "truecolor", "256", "16", "none"), default="auto")
    parser.add_argument("--glyphs", choices=("auto", "braille", "block", "ascii"), default="auto")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument(
        "--resume", nargs="?", const="", metavar="FILE", help="go on with the last session, or a saved one"
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    return parser


class _Version(argparse.Action):
    def __call__(self, *_: object) -> None:
        from .version import __version__

        sys.stdout.write(f"curvtui {__version__}\n")
        raise SystemExit(0)


def _run() -> Parser:
    parser = _new("curvtui run", "Run an optimizer on a surface, without a screen.")
    _surface_options(parser, required=True)
    _descent_options(
        parser,
        "the method's own (0.001 for gd and adam, as in torch), whatever the surface: what would suit it better, "
        "and is the explorer's default, is printed with the result",
    )
    parser.add_argument("--steps", type=_whole, metavar="N", default=100, help="how many steps; default 100")
    parser.add_argument("--tol", type=_number, metavar="T", help="end as soon as the gradient's norm is at most T")
    parser.add_argument("--record", choices=("all", "last"), default="all", help="which iterates to report")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--csv", action="store_true", help="print the path as CSV")
    parser.add_argument("-o", "--output", metavar="FILE", help="write to a file instead of standard output")
    return parser


def _analyze() -> Parser:
    parser = _new(
        "curvtui analyze",
        "List all critical points of a surface in a box, with proofs: their kinds, whether the list is complete,\n"
        "the global minimum over the box, and whether the surface is convex there.",
        "A list is 'complete' only if it is proved that the box holds no other critical point; what could not be\n"
        "decided is listed with its place and the reason. Formulas are in x, or in x and y.\n\n"
        "examples:\n"
        "  curvtui analyze himmelblau\n"
        "  curvtui analyze 'x**3 - 3*x*y**2' --box -1 1 -1 1\n"
        "  curvtui analyze 'x**4 + a*x**2' --param a=-2 --json",
    )
    _surface_options(parser, required=True)
    parser.add_argument(
        "--budget",
        type=_seconds,
        metavar="SECONDS",
        default=30.0,
        help="how long to search at most; default 30. What is found by then is told",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("-o", "--output", metavar="FILE", help="write to a file instead of standard output")
    return parser


def _list() -> Parser:
    parser = _new("curvtui list", "List what can be named on the command line.")
    parser.add_argument("kind", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser
