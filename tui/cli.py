"""The command ``curvtui``: finds out what is asked before it imports anything heavy."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from .arguments import UsageError, parse_arguments

DONE, FAILED, NOT_UNDERSTOOD, INTERRUPTED = 0, 1, 2, 130


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code (see the contract in the README)."""
    try:
        return _answer(sys.argv[1:] if words is None else words)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`| head`): nothing must be said about it, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except (UsageError, ValueError) as error:
        complain(error)
        return NOT_UNDERSTOOD
    except OSError as error:
        complain(error)
        return FAILED


def _answer(words: Sequence[str]) -> int:
    try:
        arguments = parse_arguments(words)
    except SystemExit:
        # `--help` and `--version` have answered; flushed here, a reader that went away is dealt with above.
        sys.stdout.flush()
        return DONE
    if arguments.command == "":
        from .start import open_explorer

        return open_explorer(arguments)
    if arguments.command == "analyze":
        from .analyze import analyze

        return analyze(arguments)
    from . import headless

    return {"run": headless.run, "list": headless.list_names}[arguments.command](arguments)


def complain(error: Exception) -> None:
    """Say on standard error what is wrong, with a caret under the place in a formula."""
    from .sanitize import safe_text

    sys.stderr.write(f"curvtui: {safe_text(str(error))}\n")
    excerpt = getattr(error, "excerpt", None)
    if excerpt is not None and (shown := excerpt()):
        sys.stderr.write(f"{shown}\n")


if __name__ == "__main__":
    sys.exit(main())
