"""Entry point of `untoward`.

Commands import what they need when they run, so that `untoward --help` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
import traceback

from untoward.cli.app import app
from untoward.cli.output import print_error, speaks_unicode
from untoward.errors import UntowardError

INTERRUPTED = 130
FAILED = UntowardError.exit_code


def main() -> None:
    """Run the command line and end the process with its exit code.

    Errors made on purpose are printed without a traceback. A fault of our own keeps its traceback and ends with
    3: with Python's own code of 1 it would look like an answer ("someone needs a person").
    """
    _never_choke_on_a_letter()
    try:
        app()
    except SystemExit as stop:
        sys.exit(_code_of(stop))
    except UntowardError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except Exception:  # whatever else: the last line of defence
        traceback.print_exc()
        sys.stderr.write(
            "This is a defect in untoward, not in your input. Please report it with the lines above.\n"
            "Nothing was judged: if somebody is unwell, a person must look at them now, without this program.\n"
        )
        sys.exit(FAILED)


def _never_choke_on_a_letter() -> None:
    """A terminal without Unicode shows "?" for what it cannot show, rather than end the program."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not speaks_unicode(sys.stdout):
        sys.stdout.reconfigure(errors="replace")


def _code_of(stop: SystemExit) -> int | str | None:
    """The exit code typer chose, but for a stop by the user (with a word) and a reader that went away."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    if isinstance(stop.__context__, BrokenPipeError):
        return _reader_gone()
    if stop.code == INTERRUPTED:
        sys.stderr.write("\nStopped. Nothing was half written.\n")
    return stop.code


def _reader_gone() -> int:
    """The reader of our output (a pager, `head`) has gone: neither an answer of "nobody" (0) nor of "someone" (1)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


if __name__ == "__main__":
    main()
