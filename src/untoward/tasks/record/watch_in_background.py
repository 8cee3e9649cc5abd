"""A look at the record in a process of its own: ``python -m untoward.tasks.record.watch_in_background <name of the look>``."""

from __future__ import annotations

import sys

from untoward.tasks.site import open_site


def main(scope: str) -> None:
    """Set the site up, then look; a look that is already being made by another process is left to it."""
    open_site()
    from untoward.tasks.record.watching_record import refresh_named

    refresh_named(scope)


if __name__ == "__main__":
    main(sys.argv[1])
