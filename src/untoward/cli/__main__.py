"""Entry point of `untoward`.

Commands import what they need when they run, so that `untoward --help` answers at once.
"""

from __future__ import annotations

import os
import sys

from untoward.cli.app import app
from untoward.cli.output import print_error
from untoward.errors import UntowardError

INTERRUPTED = 130


def main() -> None:
    """Run the command line; errors made on purpose are printed without a traceback and set the exit code."""
    try:
        app()
    except UntowardError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Nothing was half written.\n")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output (a pager, `head`) has gone; what it wanted, it has.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
